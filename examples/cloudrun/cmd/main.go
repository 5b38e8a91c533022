// The program that a container of Cloud Run starts:
//
//	UPSTASH_REDIS_REST_URL=... UPSTASH_REDIS_REST_TOKEN=... FUNCTION_TARGET=Primes go -C examples/cloudrun run ./cmd
package main

import (
	"cmp"
	"log"
	"os"

	"github.com/GoogleCloudPlatform/functions-framework-go/funcframework"

	_ "github.com/seed-9937a0e6/upstash-go/examples/cloudrun/function" // registers itself
)

func main() {
	// On Cloud Run there is no HOST, and everybody may call.
	if err := funcframework.StartHostPort(os.Getenv("HOST"), cmp.Or(os.Getenv("PORT"), "8080")); err != nil {
		log.Fatalln("cloudrun:", err)
	}
}
