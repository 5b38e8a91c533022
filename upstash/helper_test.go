package upstash_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// What no error, log line or printed struct may show. The token has no word in
// it that could appear by chance.
const (
	testHost  = "eager-marmot-31337.upstash.io"
	testURL   = "https://" + testHost
	testToken = "AXqkZjU4&NmE0YzctN2Q5+xPz/bGVhc2U_tok3n=="
	marker    = "m4rk3r-v4lue"
)

// noRetry shows each failure as it is.
var noRetry = upstash.RetryOptions{Attempts: 1}

// newClient makes a client over a RoundTripper of the test's, without retries.
func newClient(t *testing.T, rt http.RoundTripper, change ...func(*upstash.Options)) *upstash.Client {
	t.Helper()
	o := upstash.Options{URL: testURL, Token: testToken, HTTPClient: &http.Client{Transport: rt}, Retry: noRetry}
	for _, f := range change {
		f(&o)
	}
	rdb, err := upstash.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return rdb
}

// mock answers every request with the responder and counts them.
func mock(respond httpmock.Responder) *httpmock.MockTransport {
	m := httpmock.NewMockTransport()
	m.RegisterNoResponder(respond)
	return m
}

// answer is a canned response. An empty content type sends no header.
func answer(status int, contentType, body string) httpmock.Responder {
	return func(req *http.Request) (*http.Response, error) {
		resp := httpmock.NewStringResponse(status, body)
		resp.Request = req
		if contentType != "" {
			resp.Header.Set("Content-Type", contentType)
		}
		return resp, nil
	}
}

// mustBeTyped returns the [upstash.Error] that every failure is.
func mustBeTyped(t *testing.T, err error) *upstash.Error {
	t.Helper()
	var e *upstash.Error
	if !errors.As(err, &e) {
		t.Fatalf("the error is a %T, not an *upstash.Error: %v", err, err)
	}
	return e
}

// verdict is everything a program can ask an error.
type verdict struct {
	Op       string
	Code     string
	Status   int
	Index    int
	Sent     bool
	Attempts int
	Safe     bool // SafeToRetry
	Unknown  bool // OutcomeUnknown
	Timeout  bool // IsTimeout
}

func verdictOf(t *testing.T, err error) verdict {
	t.Helper()
	e := mustBeTyped(t, err)
	return verdict{
		Op: e.Op, Code: e.Code, Status: e.Status, Index: e.Index, Sent: e.Sent, Attempts: e.Attempts,
		Safe: upstash.SafeToRetry(err), Unknown: upstash.OutcomeUnknown(err), Timeout: upstash.IsTimeout(err),
	}
}

// operation is one kind of round trip.
type operation struct {
	name       string // as in Error.Op
	repeatable bool
	batch      bool
	run        func(*testing.T, upstash.Doer) error
}

// operations are a read, a write that may be repeated, one that must not, and
// batches with one of the latter.
func operations() []operation {
	one := func(c command.Args) func(*testing.T, upstash.Doer) error {
		return func(t *testing.T, d upstash.Doer) error {
			t.Helper()
			_, err := upstash.Exec(t.Context(), d, command.New(command.Reply.Reply, c.At(0), words(c)...).WithClass(c.Class()))
			return err
		}
	}
	many := func(atomic bool) func(*testing.T, upstash.Doer) error {
		return func(t *testing.T, d upstash.Doer) error {
			t.Helper()
			_, err := d.Do(t.Context(), upstash.Batch{Atomic: atomic, Commands: []command.Args{
				command.Get(marker + "-key").Args(), command.Incr(marker + "-key").Args(),
			}})
			return err
		}
	}
	return []operation{
		{"GET", true, false, one(command.Get(marker + "-key").Args())},
		{"SET", true, false, one(command.Set(marker+"-key", marker).Args())},
		{"SET", true, false, one(command.Set(marker+"-key", marker+"\xff").Args())},
		{"INCR", false, false, one(command.Incr(marker + "-key").Args())},
		{"pipeline of 2", false, true, many(false)},
		{"transaction of 2", false, true, many(true)},
	}
}

func words(c command.Args) []any {
	var list []any
	for _, w := range c.Words()[1:] {
		list = append(list, w)
	}
	return list
}
