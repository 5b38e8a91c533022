//go:build wasip1

package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// What the host imports into this program: one exchange of bytes. A program for
// wasip1 has no sockets of its own.
//
// An exchange returns how many bytes the response has, which are taken with the
// other call, or one of the failures below.
//
//go:wasmimport host exchange
func hostExchange(request *byte, length int32, milliseconds int64) int32

//go:wasmimport host take
func hostTake(response *byte)

// Failures of an exchange.
const (
	failed       = -1 // after the request may have been received
	notConnected = -2 // before that
	timedOut     = -3
)

// hostTransport is an [http.RoundTripper] that writes each request to the host
// and reads the response from it.
//
// While the host works this program stands still, with all its goroutines and
// timers: no context ends meanwhile. So the time that is left goes along with the
// request, and it is the host that stops waiting. For the same reason a response
// is there as a whole or not at all, and streams, such as a subscription, do not
// work.
type hostTransport struct{}

// RoundTrip implements [http.RoundTripper].
func (hostTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	request, err := encode(r)
	if err != nil {
		return nil, err
	}
	left := int64(0) // without a bound; every call of a client has one
	if deadline, ok := r.Context().Deadline(); ok {
		left = max(1, time.Until(deadline).Milliseconds())
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	n := hostExchange(&request[0], int32(len(request)), left) //nolint:gosec // the memory of wasm is smaller
	switch {
	case n == timedOut:
		return nil, fmt.Errorf("the host stopped waiting: %w", context.DeadlineExceeded)
	case n == notConnected: // so the client knows that nothing was sent
		return nil, &net.OpError{Op: "dial", Net: "host", Err: errors.New("the host has no connection")}
	case n <= 0:
		return nil, fmt.Errorf("the host's connection broke off: %w", io.ErrUnexpectedEOF)
	}
	response := make([]byte, n)
	hostTake(&response[0])
	return http.ReadResponse(bufio.NewReader(bytes.NewReader(response)), r)
}

// encode writes a request as HTTP/1.1 does, with the length of its body.
func encode(r *http.Request) ([]byte, error) {
	whole := r.Clone(r.Context())
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		_ = r.Body.Close() // it was read
		if err != nil {
			return nil, err
		}
		whole.Body, whole.ContentLength, whole.TransferEncoding = io.NopCloser(bytes.NewReader(body)), int64(len(body)), nil
	}
	var b bytes.Buffer
	err := whole.Write(&b)
	return b.Bytes(), err
}
