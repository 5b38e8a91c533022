package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"syscall/js"
)

func roundTrip(r *http.Request) (*http.Response, error) { return send(js.Global(), r) }

// send makes a call in the host whose global object is given.
func send(host js.Value, r *http.Request) (*http.Response, error) {
	ctx := r.Context()
	body, err := readBody(r)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	hidden := func(v js.Value) error { return failure(v, r, body) }

	var controller, promise js.Value
	if err := try(func() { controller, promise = start(host, r, body) }); err != nil {
		return nil, hidden(err.Value)
	}
	if promise.Type() != js.TypeObject {
		return nil, errors.New("fetch: the host has no fetch that can be called: run it where globalThis.fetch is a function")
	}
	stop := context.AfterFunc(ctx, func() { abort(controller) })
	select {
	case <-ctx.Done(): // a response that still comes is closed by the signal, or is the host's to drop
		return nil, ctx.Err()
	case s := <-await(promise):
		if s.failed {
			stop()
			if err := ctx.Err(); err != nil { // it failed because of the signal
				return nil, err
			}
			return nil, hidden(s.value)
		}
		var resp *http.Response
		if err := try(func() { resp, err = newResponse(r, s.value, stop) }); err != nil { //nolint:bodyclose // it is returned
			return nil, hidden(err.Value)
		}
		if err != nil {
			stop()
			abort(controller)
		}
		return resp, err
	}
}

// readBody reads the body of a request to its end and closes it.
func readBody(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	defer r.Body.Close()
	var b bytes.Buffer
	if r.ContentLength > 0 {
		b.Grow(int(min(r.ContentLength, 1<<20))) // a promise is not yet a body
	}
	if _, err := io.Copy(&b, r.Body); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// start calls fetch. It may panic with a [js.Error], as everything that calls
// into the host; a promise that is no object says that there is no fetch.
func start(host js.Value, r *http.Request, body []byte) (controller, promise js.Value) {
	if host.Get("fetch").Type() != js.TypeFunction {
		return js.Undefined(), js.Undefined()
	}
	headers := host.Get("Headers").New()
	for name, values := range r.Header {
		for _, value := range values {
			headers.Call("append", name, value)
		}
	}
	init := host.Get("Object").New()
	init.Set("method", r.Method)
	init.Set("headers", headers)
	init.Set("redirect", "manual")
	if knowsCredentials(host) {
		init.Set("credentials", "omit")
	}
	if len(body) > 0 {
		array := host.Get("Uint8Array").New(len(body))
		js.CopyBytesToJS(array, body)
		init.Set("body", array)
	}
	controller = host.Get("AbortController").New()
	init.Set("signal", controller.Get("signal"))
	return controller, host.Call("fetch", r.URL.String(), init)
}

// knowsCredentials reports whether the host has cookies to send along. Workers
// have none, and refuse a call that mentions them.
func knowsCredentials(host js.Value) bool {
	request := host.Get("Request")
	return request.Type() == js.TypeFunction &&
		host.Get("Reflect").Call("has", request.Get("prototype"), "credentials").Bool()
}

func abort(controller js.Value) {
	_ = try(func() { controller.Call("abort") }) // nobody waits for it any more
}

// newResponse may panic with a [js.Error]. Its body calls stop when it has ended.
func newResponse(r *http.Request, v js.Value, stop func() bool) (*http.Response, error) {
	status := v.Get("status").Int()
	if status == 0 {
		return nil, errors.New("fetch: the answer is a redirect, which is not followed: use the URL of the database itself")
	}
	resp := &http.Response{
		Status: strconv.Itoa(status) + " " + http.StatusText(status), StatusCode: status,
		Header: http.Header{}, ContentLength: -1, Request: r,
	}
	for entries := v.Get("headers").Call("entries"); ; {
		next := entries.Call("next")
		if next.Get("done").Bool() {
			break
		}
		resp.Header.Add(next.Get("value").Index(0).String(), next.Get("value").Index(1).String())
	}
	length, declared := resp.Header["Content-Length"]
	switch {
	case resp.Header.Get("Content-Encoding") != "": // the host has decoded it, and shows the header all the same
		resp.Header.Del("Content-Encoding")
		resp.Header.Del("Content-Length")
		resp.Uncompressed = true
	case declared:
		n, err := strconv.ParseInt(length[0], 10, 64)
		if err != nil || n < 0 {
			return nil, errors.New("fetch: the answer's Content-Length is no length: it comes from a proxy that is broken")
		}
		resp.ContentLength = n
	}
	switch body := v.Get("body"); {
	case body.IsNull():
		stop()
		resp.Body = http.NoBody
		if r.Method != http.MethodHead {
			resp.ContentLength = 0
		}
	case body.Type() != js.TypeObject:
		return nil, fmt.Errorf("fetch: this host does not stream the body of a response: %w", errors.ErrUnsupported)
	default:
		resp.Body = newReader(r.Context(), body.Call("getReader"), stop)
	}
	return resp, nil
}
