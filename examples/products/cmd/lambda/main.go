// Lambda is the shop as a function on AWS Lambda, behind a function URL, an API
// Gateway or a load balancer:
//
//	GOOS=linux GOARCH=arm64 CGO_ENABLED=0 go -C examples/products build -tags lambda.norpc -trimpath \
//		-ldflags='-s -w' -o bootstrap ./cmd/lambda
package main

import (
	"context"
	"log"

	awslambda "github.com/aws/aws-lambda-go/lambda"

	"github.com/seed-9937a0e6/upstash-go/examples/products/app"
	"github.com/seed-9937a0e6/upstash-go/lambda"
	"github.com/seed-9937a0e6/upstash-go/ratelimit/clientip"
)

func main() {
	// Once for the process, and not for each invocation: the connections last.
	// Lambda says itself who the client is, so no header is believed.
	shop, err := app.FromEnv(context.Background(), clientip.Peer())
	if err != nil {
		log.Fatalln("lambda:", err)
	}
	awslambda.Start(lambda.HTTPHandler(shop))
}
