package stranger

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/seed-9937a0e6/upstash-go/lambda"
	"github.com/seed-9937a0e6/upstash-go/session/gorillastore"
	"github.com/seed-9937a0e6/upstash-go/session/scsstore"
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// Stores are the sessions of programs that have another package for them.
func Stores(rdb *upstash.Client) (*scsstore.Store, func() (*gorillastore.Store, error), error) {
	scs, err := scsstore.New(rdb, scsstore.Options{Namespace: "scs"})
	return scs, func() (*gorillastore.Store, error) {
		return gorillastore.New(rdb, gorillastore.Options{Namespace: "gorilla"})
	}, err
}

// Function is the shop on Lambda.
func Function(h http.Handler) func(context.Context, json.RawMessage) (*lambda.Response, error) {
	return lambda.HTTPHandler(h)
}
