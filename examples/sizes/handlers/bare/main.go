// Bare is a Lambda handler with aws-lambda-go and nothing else.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"
)

func main() {
	lambda.Start(func(_ context.Context, key string) (string, error) { return key, nil })
}
