package upstash_test

import (
	"errors"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func TestSyncTokenIsHandedOn(t *testing.T) {
	t.Parallel()
	srv := &replicas{}
	rdb := newClient(t, srv)
	if token := rdb.SyncToken(); token != "" {
		t.Errorf("before the first call: %q", token)
	}
	if token := new(upstash.Client).SyncToken(); token != "" {
		t.Errorf("of no client: %q", token)
	}
	for i := range 3 {
		if _, err := rdb.Incr(t.Context(), "k"); err != nil {
			t.Fatal(err)
		}
		if token := rdb.SyncToken(); token != strconv.Itoa(i+1) {
			t.Errorf("after call %d: %q", i+1, token)
		}
	}
}

// TestSessions: the calls of a context follow each other, whoever else calls.
func TestSessions(t *testing.T) {
	t.Parallel()
	srv := &replicas{}
	rdb := newClient(t, srv)
	a := upstash.WithSyncToken(t.Context(), "from-elsewhere")
	b := upstash.WithSyncToken(t.Context(), "")
	inner := upstash.WithSyncToken(a, "inner")
	var tokens []string
	for _, ctx := range []struct {
		name string
		run  func() error
	}{
		{"1: a shows what it was given", func() error { _, err := rdb.Incr(a, "k"); return err }},
		{"2: b, which was given nothing, shows nothing", func() error { _, err := rdb.Incr(b, "k"); return err }},
		{"3: the client has learned from both", func() error { _, err := rdb.Incr(t.Context(), "k"); return err }},
		{"4: a follows itself", func() error { _, err := rdb.Incr(a, "k"); return err }},
		{"5: b too", func() error { _, err := rdb.Incr(b, "k"); return err }},
		{"6: and so do contexts made of them", func() error { _, err := rdb.Incr(upstash.WithRetry(b, noRetry), "k"); return err }},
		{"7: the inner session is one of its own", func() error { _, err := rdb.Incr(inner, "k"); return err }},
		{"8: which the outer one does not follow", func() error { _, err := rdb.Incr(a, "k"); return err }},
		{"9: the client", func() error { _, err := rdb.Incr(t.Context(), "k"); return err }},
	} {
		if err := ctx.run(); err != nil {
			t.Fatal(err)
		}
		tokens = append(tokens, rdb.SyncToken())
	}
	want := [][]string{{"from-elsewhere"}, nil, {"2"}, {"1"}, {"2"}, {"5"}, {"inner"}, {"4"}, {"8"}}
	if diff := cmp.Diff(want, srv.shown); diff != "" {
		t.Errorf("shown (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"1", "2", "3", "4", "5", "6", "7", "8", "9"}, tokens); diff != "" {
		t.Errorf("the client's token after each call (-want +got)\n%s", diff)
	}
}

// A session learns from every response that has a token, as a client does.
func TestSessionIsLearnedFromFailures(t *testing.T) {
	t.Parallel()
	srv := &replicas{status: func(n int) (int, string, bool) { return []int{500, 400, 200}[n-1], `{"error":"ERR no"}`, n < 3 }}
	rdb := newClient(t, srv)
	ctx := upstash.WithSyncToken(t.Context(), "0")
	for range 3 {
		if _, err := rdb.Incr(ctx, "k"); err == nil {
			t.Error("no failure")
		}
	}
	if diff := cmp.Diff([][]string{{"0"}, {"1"}, {"2"}}, srv.shown); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestReadYourWritesElsewhere: over a replica that is behind, a reader with the
// writer's token sees the write, and one without does not.
func TestReadYourWritesElsewhere(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	client := func() *upstash.Client { return upstash.Must(upstash.New(srv.ClientOptions())) }
	writer, reader, stranger := client(), client(), client()
	srv.Lag(upstashtest.Frozen)
	if err := writer.Set(t.Context(), "k", "new"); err != nil {
		t.Fatal(err)
	}
	sees := func(who string, want bool, get func() (string, error)) {
		t.Helper()
		value, err := get()
		if saw := value == "new"; saw != want || err != nil && !errors.Is(err, upstash.ErrNil) {
			t.Errorf("%s: %q, %v; want it to see the write: %v", who, value, err, want)
		}
	}
	sees("the writer", true, func() (string, error) { return writer.Get(t.Context(), "k") })
	sees("a stranger", false, func() (string, error) { return stranger.Get(t.Context(), "k") })
	ctx := upstash.WithSyncToken(t.Context(), writer.SyncToken())
	sees("a reader without the token", false, func() (string, error) { return reader.Get(t.Context(), "k") })
	sees("a reader with it", true, func() (string, error) { return reader.Get(ctx, "k") })
	sees("the same again", true, func() (string, error) { return reader.Get(ctx, "k") })
	sees("the stranger still", false, func() (string, error) { return stranger.Get(t.Context(), "k") })
	srv.Replicate()
	sees("the stranger when the replica is up to date", true, func() (string, error) { return stranger.Get(t.Context(), "k") })
}
