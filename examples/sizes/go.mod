module github.com/seed-9937a0e6/upstash-go/examples/sizes

go 1.26.0

// For this repository; it is never released.
replace github.com/seed-9937a0e6/upstash-go => ../..

require (
	github.com/aws/aws-lambda-go v1.55.1
	github.com/go-resty/resty/v2 v2.17.2
	github.com/redis/go-redis/v9 v9.23.0
	github.com/seed-9937a0e6/upstash-go v0.0.0-00010101000000-000000000000
)

require (
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	github.com/klauspost/cpuid/v2 v2.4.0 // indirect
	github.com/zeebo/xxh3 v1.1.0 // indirect
	go.uber.org/atomic v1.12.0 // indirect
	golang.org/x/net v0.43.0 // indirect
	golang.org/x/sys v0.48.0 // indirect
)
