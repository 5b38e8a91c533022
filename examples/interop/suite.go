package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// A result is the outcome of one check.
type result struct {
	Stage, Check string
	OK           bool
	Pending      bool // the server does not offer it yet
	Error        string
}

// pubsub are the checks of event streams. They are pending until the server
// answers a subscription with one.
var pubsub = []string{"subscribe", "psubscribe", "two subscribers and several channels", "messages that Go publishes"}

// now is the server's time, which stands still so that every TTL is exact.
var now = time.UnixMilli(1700000003123)

// A suite collects the results of checks on one server.
type suite struct {
	node    node
	srv     *upstashtest.Server
	rdb     *upstash.Client
	results []result
}

// prove runs all checks on a server of their own. The error says why it could
// not; checks that failed are in the results.
func prove(ctx context.Context, n node) ([]result, error) {
	srv, err := upstashtest.NewServer(upstashtest.Options{Clock: func() time.Time { return now }})
	if err != nil {
		return nil, err
	}
	defer srv.Close()
	s := &suite{node: n, srv: srv, rdb: srv.Client()}
	for _, part := range []func(context.Context) error{
		s.sdk, s.fromGo, s.fromTypeScript, s.caching, s.ordering, s.bare, s.limiting, s.alternating, s.streaming,
	} {
		if err := part(ctx); err != nil {
			return s.results, err
		}
	}
	return s.results, nil
}

// typescript runs a stage of client.mjs and takes over its results.
func (s *suite) typescript(ctx context.Context, stage string) error {
	return s.node.stage(ctx, stage, s.srv.URL, s.srv.Token, func(l line) error {
		if l.Signal != "" {
			return s.publish(ctx, l.Signal)
		}
		s.results = append(s.results, result{Stage: "ts " + stage, Check: l.Check, OK: l.OK, Error: l.Error})
		return nil
	})
}

// check is one check on the Go side. It held when none of the errors is one.
func (s *suite) check(name string, errs ...error) {
	r := result{Stage: "go", Check: name, OK: true}
	for _, err := range errs {
		if err != nil {
			r.OK = false
			r.Error += err.Error() + "; "
		}
	}
	r.Error = strings.TrimSuffix(r.Error, "; ")
	s.results = append(s.results, r)
}

// is compares what a call returns, by its JSON text, which shows every
// difference of the values that cross a wire.
func is(what string, want any) func(got any, err error) error {
	return func(got any, err error) error {
		if err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		g, err := json.Marshal(got)
		if err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		w, err := json.Marshal(want)
		if err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		if string(g) != string(w) {
			return fmt.Errorf("%s: got %s, want %s", what, g, w)
		}
		return nil
	}
}

// sdk lets @upstash/redis work alone.
func (s *suite) sdk(ctx context.Context) error { return s.typescript(ctx, "sdk") }

// streaming checks subscriptions, once the server has them.
func (s *suite) streaming(ctx context.Context) error {
	has, err := s.streams(ctx)
	if err != nil {
		return err
	}
	if has {
		return s.typescript(ctx, "pubsub")
	}
	for _, name := range pubsub {
		s.results = append(s.results, result{Stage: "ts pubsub", Check: name, Pending: true})
	}
	return nil
}

// streams reports whether the server answers a subscription with an event
// stream.
func (s *suite) streams(ctx context.Context) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, stageTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.srv.URL+"/subscribe/probe", strings.NewReader("[]"))
	if err != nil {
		return false, err
	}
	req.Header.Set("Authorization", "Bearer "+s.srv.Token)
	req.Header.Set("Accept", "text/event-stream")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false, err
	}
	defer func() { _ = resp.Body.Close() }()
	return strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream"), nil
}

// publish sends the messages that the check "messages that Go publishes" waits for.
func (s *suite) publish(ctx context.Context, channel string) error {
	line := strings.NewReplacer("\r", "", "\n", "").Replace(unicode) // an event has one line
	for _, message := range []string{"hello from Go: " + line, `{"id":42}`} {
		reply, err := s.rdb.Raw(ctx, "PUBLISH", channel, message)
		if err != nil {
			return err
		}
		if err := is("PUBLISH "+channel, 1)(reply.Int()); err != nil {
			return err
		}
	}
	return nil
}
