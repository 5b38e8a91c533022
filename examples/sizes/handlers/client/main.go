// Client is a Lambda handler that sends a GET with package upstash.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

func main() {
	rdb := upstash.Must(upstash.FromEnv())
	lambda.Start(func(ctx context.Context, key string) (string, error) {
		return rdb.Get(ctx, key)
	})
}
