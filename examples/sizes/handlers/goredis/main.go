// Goredis is a Lambda handler that sends a GET to a Redis over TCP with go-redis.
package main

import (
	"context"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/redis/go-redis/v9" //nolint:depguard // what is compared with
)

func main() {
	options, err := redis.ParseURL(os.Getenv("REDIS_URL"))
	if err != nil {
		panic(err)
	}
	client := redis.NewClient(options)
	lambda.Start(func(ctx context.Context, key string) (string, error) {
		return client.Get(ctx, key).Result()
	})
}
