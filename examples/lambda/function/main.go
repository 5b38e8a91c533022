// Function is what is deployed. Build it with the line in the README.
package main

import "github.com/seed-9937a0e6/upstash-go/examples/lambda/shop"

func main() { shop.Start() }
