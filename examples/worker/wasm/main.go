//go:build js && wasm

// Wasm is the program that runs in the Worker: it answers one request, which
// worker.mjs hands to it, and ends.
package main

import (
	"net/http"
	"os"
	"syscall/js"

	"github.com/seed-9937a0e6/upstash-go/examples/worker/app"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/fetch"
)

func main() {
	handler, err := newHandler()
	if err != nil {
		_, _ = os.Stderr.WriteString(err.Error() + "\n") // it shows neither the URL nor the token
		handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "the worker is not configured", http.StatusInternalServerError)
		})
	}
	call := js.Global().Get("workerCalls").Call("get", os.Getenv("WORKER_CALL"))
	serve(handler, call.Get("request"), call.Get("respond"))
}

func newHandler() (http.Handler, error) {
	o, err := upstash.OptionsFromEnv()
	if err != nil {
		return nil, err
	}
	o.HTTPClient = fetch.Client()
	rdb, err := upstash.New(o)
	if err != nil {
		return nil, err
	}
	return app.New(rdb)
}
