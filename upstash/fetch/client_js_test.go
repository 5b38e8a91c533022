package fetch

import (
	"context"
	"errors"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// newClient is a client of the local server in the process that runs Node.
func newClient(t *testing.T) *upstash.Client {
	t.Helper()
	url, token := os.Getenv("FETCH_TEST_URL"), os.Getenv("FETCH_TEST_TOKEN")
	if url == "" {
		t.Skip("run by TestUnderNode, which starts the servers")
	}
	rdb, err := upstash.New(upstash.Options{URL: url, Token: token, HTTPClient: Client()})
	if err != nil {
		t.Fatal(err)
	}
	return rdb
}

func TestClient(t *testing.T) {
	t.Parallel()
	rdb, ctx := newClient(t), t.Context()
	const value = "any bytes: \x00\xff\xfe, \u2028, \"quoted\""
	if err := rdb.Set(ctx, "client", value); err != nil {
		t.Fatal(err)
	}
	got, err := rdb.Get(ctx, "client")
	if diff := cmp.Diff(value, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
	if _, err := rdb.Get(ctx, "nothing"); !errors.Is(err, upstash.ErrNil) {
		t.Errorf("a key that is not there: %v", err)
	}
	if _, err := rdb.Incr(ctx, "client"); err == nil || upstash.OutcomeUnknown(err) {
		t.Errorf("a command that the server refuses: %v", err)
	}
	batch := upstash.Batch{Commands: []command.Args{command.Incr("client:n").Args(), command.Incr("client:n").Args()}}
	replies, err := rdb.Do(ctx, batch)
	if err != nil || len(replies) != 2 {
		t.Fatalf("%d replies, %v", len(replies), err)
	}
	if n, err := replies[1].Int(); n != 2 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

func TestClientSubscribes(t *testing.T) {
	t.Parallel()
	rdb := newClient(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var got []string
	for m, err := range rdb.Subscribe(ctx, "news") {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, m.Kind.String()+" "+m.Payload)
		if len(got) == 4 {
			break
		}
		if n, err := rdb.Publish(ctx, "news", "number "+string(rune('0'+len(got)))); n != 1 || err != nil {
			t.Fatalf("%d subscribers, %v", n, err)
		}
	}
	want := []string{"subscribed ", "received number 1", "received number 2", "received number 3"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Nobody has received a command when no connection was made, so that even one
// which must not run twice is safe to send again.
func TestClientKnowsWhatWasNotSent(t *testing.T) {
	t.Parallel()
	base := host(t)
	rdb, err := upstash.New(upstash.Options{URL: os.Getenv("FETCH_TEST_NOBODY"), Token: "sesame", HTTPClient: Client(), Retry: upstash.RetryOptions{Attempts: 1}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rdb.Incr(t.Context(), "k"); !upstash.SafeToRetry(err) || upstash.OutcomeUnknown(err) {
		t.Errorf("refused: %v", err)
	}
	rdb, err = upstash.New(upstash.Options{URL: base + "/drop", Token: "sesame", HTTPClient: Client(), Retry: upstash.RetryOptions{Attempts: 1}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rdb.Incr(t.Context(), "k"); !upstash.OutcomeUnknown(err) || upstash.SafeToRetry(err) {
		t.Errorf("dropped: %v", err)
	}
}

type deaf struct{}

func (deaf) RoundTrip(*http.Request) (*http.Response, error) { select {} }

// The RoundTrippers of some hosts ignore the context: a call ends all the same.
func TestClientOverTransportThatIgnoresContexts(t *testing.T) {
	t.Parallel()
	rdb, err := upstash.New(upstash.Options{URL: anywhere, Token: "sesame", HTTPClient: &http.Client{Transport: deaf{}}, Timeout: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rdb.Get(t.Context(), "k"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Get: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	for _, err := range rdb.Subscribe(ctx, "news") {
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Subscribe: %v", err)
		}
	}
	if ctx.Err() == nil {
		t.Error("the subscription ended before its context")
	}
}
