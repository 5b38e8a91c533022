// Package app puts the shop together: its database, the cache in front of it,
// and the API. What runs it, a server or a function, is the business of the
// programs in cmd.
package app

import (
	"context"
	"encoding/base64"
	"errors"
	"log/slog"
	"net/http"
	"os"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/examples/products/api"
	"github.com/seed-9937a0e6/upstash-go/examples/products/catalog"
	"github.com/seed-9937a0e6/upstash-go/examples/products/shop"
	"github.com/seed-9937a0e6/upstash-go/ratelimit/clientip"
	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// App is the shop, ready to serve.
type App struct {
	http.Handler
	Store   *shop.Store
	Catalog *catalog.Catalog
}

// Options say what the shop runs on. Redis is required.
type Options struct {
	Database  string          // see [shop.Open]
	Redis     upstash.Options // URL and Token, and what else there is to say
	Namespace string          // of all keys; default "shop"
	Source    clientip.Source // what stands in front of the server
	Secret    session.Key
	Insecure  bool // plain http on a loopback address
}

// Variables of the environment, besides those of Upstash.
const (
	EnvDatabase = "DATABASE_URL"
	EnvSecret   = "SESSION_SECRET"
)

// FromEnv makes the shop of UPSTASH_REDIS_REST_URL, UPSTASH_REDIS_REST_TOKEN,
// DATABASE_URL (PostgreSQL, or the path of a SQLite file) and SESSION_SECRET (32
// random bytes in base64), behind proxies that source describes.
func FromEnv(ctx context.Context, source clientip.Source) (*App, error) {
	redis, err := upstash.OptionsFromEnv()
	if err != nil {
		return nil, err
	}
	secret, err := base64.StdEncoding.DecodeString(os.Getenv(EnvSecret))
	if err != nil || len(secret) < 32 {
		return nil, errors.New(EnvSecret + " is not a secret: set it to 32 random bytes in base64, for example of `openssl rand -base64 32`")
	}
	return New(ctx, Options{Database: os.Getenv(EnvDatabase), Redis: redis, Source: source, Secret: secret})
}

// Retry sends a request that may run twice again when its answer was lost. What
// counts, as limits and views do, is not sent again.
var Retry = upstash.RetryAny(upstash.RetryNotExecuted, upstash.RetryReads, upstash.RetryIdempotent)

// New makes the shop. It opens the database, and tells the cache of changes
// that a process before this one could not tell it of.
func New(ctx context.Context, o Options) (*App, error) {
	if o.Namespace == "" {
		o.Namespace = "shop"
	}
	o.Redis.Retry.Policy = Retry
	rdb, err := upstash.New(o.Redis) // one for the whole process
	if err != nil {
		return nil, err
	}
	store, err := shop.Open(ctx, o.Database)
	if err != nil {
		return nil, err
	}
	a := &App{Store: store}
	a.Catalog, err = catalog.New(store, rdb, cache.Options{
		Namespace: o.Namespace,
		OnError: func(_ context.Context, err error) {
			slog.Warn("the cache failed, and the database was asked", slog.Any("error", err))
		},
	})
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	a.Handler, err = api.New(api.Options{
		Data: a.Catalog, Users: store, Redis: rdb, Namespace: o.Namespace,
		Source: o.Source, Secret: o.Secret, Insecure: o.Insecure,
	})
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	if err := a.Catalog.Settle(ctx); err != nil {
		slog.Warn("changes are left to be settled by the next one", slog.Any("error", err))
	}
	return a, nil
}

// Close closes the database.
func (a *App) Close() error { return a.Store.Close() }
