module github.com/seed-9937a0e6/upstash-go/examples/cloudrun

go 1.26

// For this repository; in a program of yours the release that you want is required.
replace github.com/seed-9937a0e6/upstash-go => ../..

require (
	github.com/GoogleCloudPlatform/functions-framework-go v1.9.2
	github.com/google/go-cmp v0.7.0
	github.com/seed-9937a0e6/upstash-go v0.0.0-00010101000000-000000000000
)

require (
	cloud.google.com/go/functions v1.19.3 // indirect
	github.com/alicebob/miniredis/v2 v2.40.0 // indirect
	github.com/cloudevents/sdk-go/v2 v2.15.2 // indirect
	github.com/go-resty/resty/v2 v2.17.2 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/json-iterator/go v1.1.10 // indirect
	github.com/klauspost/cpuid/v2 v2.2.10 // indirect
	github.com/modern-go/concurrent v0.0.0-20180228061459-e0a39a4cb421 // indirect
	github.com/modern-go/reflect2 v0.0.0-20180701023420-4b7aa43c6742 // indirect
	github.com/yuin/gopher-lua v1.1.1 // indirect
	github.com/zeebo/xxh3 v1.1.0 // indirect
	go.uber.org/atomic v1.4.0 // indirect
	go.uber.org/multierr v1.1.0 // indirect
	go.uber.org/zap v1.10.0 // indirect
	golang.org/x/net v0.43.0 // indirect
	golang.org/x/sys v0.35.0 // indirect
)
