//go:build js && wasm

package main

import (
	"bytes"
	"cmp"
	"context"
	"net/http"
	"syscall/js"
)

// serve answers a Request of the host, whose body worker.mjs has read, and calls
// respond with a Response. The context of the request ends with the request's signal.
func serve(h http.Handler, request, respond js.Value) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	aborted := js.FuncOf(func(js.Value, []js.Value) any { cancel(); return nil })
	defer aborted.Release()
	signal := request.Get("signal")
	signal.Call("addEventListener", "abort", aborted)
	defer signal.Call("removeEventListener", "abort", aborted)

	body := make([]byte, request.Get("bytes").Length())
	js.CopyBytesToGo(body, request.Get("bytes"))
	r, err := http.NewRequestWithContext(ctx, request.Get("method").String(), request.Get("url").String(), bytes.NewReader(body)) //nolint:gosec // it is a request that came in, and is not sent
	if err != nil {
		respond.Invoke(http.StatusBadRequest, []any{}, js.Null())
		return
	}
	headers := request.Get("headers")
	for i := range headers.Length() {
		r.Header.Add(headers.Index(i).Index(0).String(), headers.Index(i).Index(1).String())
	}

	w := recorder{header: http.Header{}}
	h.ServeHTTP(&w, r)
	pairs := []any{}
	for name, values := range w.header {
		for _, value := range values {
			pairs = append(pairs, []any{name, value})
		}
	}
	array := js.Global().Get("Uint8Array").New(w.body.Len())
	js.CopyBytesToJS(array, w.body.Bytes())
	respond.Invoke(cmp.Or(w.status, http.StatusOK), pairs, array)
}

// recorder keeps a response until it is whole.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *recorder) Header() http.Header { return w.header }

func (w *recorder) WriteHeader(status int) { w.status = cmp.Or(w.status, status) }

func (w *recorder) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(p)
}
