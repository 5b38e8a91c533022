module example.com/stranger

go 1.26

// A stranger has no replace lines: these stand for the versions of a release.
replace (
	github.com/seed-9937a0e6/upstash-go => ../../..
	github.com/seed-9937a0e6/upstash-go/session/gorillastore => ../../../session/gorillastore
	github.com/seed-9937a0e6/upstash-go/session/scsstore => ../../../session/scsstore
	github.com/seed-9937a0e6/upstash-go/upstash/otelupstash => ../../otelupstash
)

require (
	github.com/google/go-cmp v0.7.0
	github.com/seed-9937a0e6/upstash-go v0.0.0-00010101000000-000000000000
	github.com/seed-9937a0e6/upstash-go/session/gorillastore v0.0.0-00010101000000-000000000000
	github.com/seed-9937a0e6/upstash-go/session/scsstore v0.0.0-00010101000000-000000000000
	github.com/seed-9937a0e6/upstash-go/upstash/otelupstash v0.0.0-00010101000000-000000000000
)

require (
	github.com/alexedwards/scs/v2 v2.9.0 // indirect
	github.com/alicebob/miniredis/v2 v2.40.0 // indirect
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	github.com/go-logr/logr v1.4.4 // indirect
	github.com/go-logr/stdr v1.2.2 // indirect
	github.com/go-resty/resty/v2 v2.17.2 // indirect
	github.com/gorilla/securecookie v1.1.2 // indirect
	github.com/gorilla/sessions v1.4.0 // indirect
	github.com/klauspost/cpuid/v2 v2.2.10 // indirect
	github.com/maypok86/otter/v2 v2.4.0 // indirect
	github.com/yuin/gopher-lua v1.1.1 // indirect
	github.com/zeebo/xxh3 v1.1.0 // indirect
	go.opentelemetry.io/auto/sdk v1.2.1 // indirect
	go.opentelemetry.io/otel v1.46.0 // indirect
	go.opentelemetry.io/otel/metric v1.46.0 // indirect
	go.opentelemetry.io/otel/trace v1.46.0 // indirect
	golang.org/x/net v0.43.0 // indirect
	golang.org/x/sys v0.47.0 // indirect
)
