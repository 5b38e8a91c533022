module github.com/seed-9937a0e6/upstash-go/session/scsstore

go 1.26

// For this repository; who imports a release gets the version that the release requires.
replace github.com/seed-9937a0e6/upstash-go => ../..

require (
	github.com/alexedwards/scs/v2 v2.9.0
	github.com/google/go-cmp v0.7.0
	github.com/seed-9937a0e6/upstash-go v0.0.0-00010101000000-000000000000
)

require (
	github.com/alicebob/miniredis/v2 v2.40.0 // indirect
	github.com/go-resty/resty/v2 v2.17.2 // indirect
	github.com/klauspost/cpuid/v2 v2.2.10 // indirect
	github.com/yuin/gopher-lua v1.1.1 // indirect
	github.com/zeebo/xxh3 v1.1.0 // indirect
	golang.org/x/net v0.43.0 // indirect
	golang.org/x/sys v0.35.0 // indirect
)
