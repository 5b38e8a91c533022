// Server is the shop as a plain HTTP server, behind one load balancer:
//
//	UPSTASH_REDIS_REST_URL=... UPSTASH_REDIS_REST_TOKEN=... DATABASE_URL=postgres://... SESSION_SECRET=... \
//		go -C examples/products run ./cmd/server
//
// To look around without any of that: go -C examples/products run . -addr 127.0.0.1:8080
package main

import (
	"cmp"
	"context"
	"errors"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/seed-9937a0e6/upstash-go/examples/products/app"
	"github.com/seed-9937a0e6/upstash-go/ratelimit/clientip"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx)
	stop()
	if err != nil {
		log.Fatalln("server:", err)
	}
}

// Times of a server: how long a client may take for its header, and how long
// requests have to end when the server does.
const (
	headerTimeout = 5 * time.Second
	grace         = 10 * time.Second
)

func run(ctx context.Context) error {
	source, err := clientip.TrustedHops(1)
	if err != nil {
		return err
	}
	shop, err := app.FromEnv(ctx, source)
	if err != nil {
		return err
	}
	defer func() { _ = shop.Close() }()

	server := &http.Server{Addr: net.JoinHostPort("", cmp.Or(os.Getenv("PORT"), "8080")), Handler: shop, ReadHeaderTimeout: headerTimeout}
	ended := make(chan error, 1)
	go func() { ended <- server.ListenAndServe() }()
	log.Println("the shop is at", server.Addr)
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	return errors.Join(server.Shutdown(ctx), shop.Catalog.Settle(ctx))
}
