// Package database opens the database that an example runs on: the one of the
// environment, or a local server that lives as long as the program.
//
// A program of yours has no need of it. It calls [upstash.FromEnv].
package database

import (
	"os"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// Database is where an example runs.
type Database struct {
	// Options reach it. An example may add to them before it makes a client.
	Options upstash.Options
	// Where says in words what it is. It shows neither the URL nor the token.
	Where string
	// Close ends the local server, and does nothing to a real database.
	Close func()
}

// patience bounds a call: nobody waits longer for a demonstration.
const patience = 10 * time.Second

// Open returns the database of UPSTASH_REDIS_REST_URL and
// UPSTASH_REDIS_REST_TOKEN, or starts a local server where neither is set. It
// sends nothing. With only one of them it fails, and says which one is missing.
func Open() (Database, error) {
	if os.Getenv(upstash.EnvURL) != "" || os.Getenv(upstash.EnvToken) != "" {
		o, err := upstash.OptionsFromEnv()
		o.Timeout = patience
		return Database{Options: o, Where: "the database of " + upstash.EnvURL, Close: func() {}}, err
	}
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		return Database{}, err
	}
	o := upstash.Options{URL: srv.URL, Token: srv.Token, Timeout: patience}
	return Database{Options: o, Where: "the embedded local server", Close: srv.Close}, nil
}
