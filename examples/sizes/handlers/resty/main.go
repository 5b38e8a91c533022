// Resty is a Lambda handler that sends a GET to a Redis over HTTP with resty.
package main

import (
	"context"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/go-resty/resty/v2" //nolint:depguard // what is compared with
)

func main() {
	client := resty.New().SetAuthToken(os.Getenv("UPSTASH_REDIS_REST_TOKEN"))
	lambda.Start(func(ctx context.Context, key string) (string, error) {
		var reply struct {
			Result string `json:"result"`
		}
		_, err := client.R().SetContext(ctx).SetBody([]string{"GET", key}).SetResult(&reply).Post(os.Getenv("UPSTASH_REDIS_REST_URL"))
		return reply.Result, err
	})
}
