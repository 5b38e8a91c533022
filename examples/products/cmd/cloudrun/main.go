// Cloudrun is the shop as a function of Cloud Run, on the Functions Framework:
//
//	UPSTASH_REDIS_REST_URL=... UPSTASH_REDIS_REST_TOKEN=... DATABASE_URL=... SESSION_SECRET=... \
//		FUNCTION_TARGET=Shop go -C examples/products run ./cmd/cloudrun
package main

import (
	"cmp"
	"context"
	"log"
	"os"

	"github.com/GoogleCloudPlatform/functions-framework-go/funcframework"
	"github.com/GoogleCloudPlatform/functions-framework-go/functions"

	"github.com/seed-9937a0e6/upstash-go/examples/products/app"
	"github.com/seed-9937a0e6/upstash-go/ratelimit/clientip"
)

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatalln("cloudrun:", err)
	}
}

func run(ctx context.Context) error {
	source, err := clientip.TrustedHops(1) // Cloud Run's front end appends to X-Forwarded-For
	if err != nil {
		return err
	}
	shop, err := app.FromEnv(ctx, source) // once for the instance, which serves many requests at once
	if err != nil {
		return err
	}
	functions.HTTP("Shop", shop.ServeHTTP)
	return funcframework.StartHostPort(os.Getenv("HOST"), cmp.Or(os.Getenv("PORT"), "8080"))
}
