// Package lambda is what a function on AWS Lambda needs around its handler, for
// use with github.com/aws/aws-lambda-go, which it does not import itself.
package lambda
