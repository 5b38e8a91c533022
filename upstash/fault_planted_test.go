package upstash_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// TestFaultMatrixCatches: clients that are wrong on purpose do not pass.
func TestFaultMatrixCatches(t *testing.T) {
	t.Parallel()
	over := func(wrong func(next upstash.Doer, ctx context.Context, b upstash.Batch) ([]command.Reply, error)) func(*upstash.Options) {
		return func(o *upstash.Options) {
			o.Middleware = []upstash.Middleware{func(next upstash.Doer) upstash.Doer {
				return upstash.DoerFunc(func(ctx context.Context, b upstash.Batch) ([]command.Reply, error) { return wrong(next, ctx, b) })
			}}
		}
	}
	for name, tt := range map[string]struct {
		fault  string
		op     string
		change func(*upstash.Options)
		caught string
	}{
		"repeats everything": {"reply lost", "INCR", func(o *upstash.Options) { o.Retry.Policy = upstash.RetryAlways }, "what may run once was sent 2 times"},
		"repeats writes":     {"reply lost", "SET", func(o *upstash.Options) { o.Retry.Policy = upstash.RetryIdempotent }, "what may run once was sent 2 times"},
		"repeats nothing":    {"reply lost", "GET", func(o *upstash.Options) { o.Retry.Attempts = 1 }, "a retry can make it"},
		"repeats no refusal": {"429", "INCR", func(o *upstash.Options) { o.Retry.Policy = upstash.RetryReads }, "a retry can make it"},
		"net/http repeats by itself": {"reset after it was read", "INCR", func(o *upstash.Options) {
			o.HTTPClient = &http.Client{Transport: eager(trustingTransport())}
		}, "what may run once was sent"},
		"says that nothing was sent": {"reply lost", "LPUSH", over(func(next upstash.Doer, ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
			replies, err := next.Do(ctx, b)
			if err != nil {
				err = &upstash.Error{Op: "LPUSH", Index: -1, Message: "not sent", Attempts: 1}
			}
			return replies, err
		}), "the error says that it did not run"},
		"says that it was sent": {"429", "INCR", over(func(next upstash.Doer, ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
			replies, err := next.Do(ctx, b)
			if err != nil { // one of which nobody knows anything
				_, err = newClient(t, broken).Do(ctx, b)
			}
			return replies, err
		}), "1 attempts, want 3"},
		"an error of no type": {"500", "multi-exec", over(func(next upstash.Doer, ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
			replies, err := next.Do(ctx, b)
			if err != nil {
				err = errors.New("it failed")
			}
			return replies, err
		}), "is no *upstash.Error"},
		"success without an answer": {"refused connection", "INCR", over(func(next upstash.Doer, ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
			replies, err := next.Do(ctx, b)
			if err != nil {
				replies, err = []command.Reply{command.IntReply(1)}, nil
			}
			return replies, err
		}), "nothing was executed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := runMatrix(t, matrix{
				calls: 6, change: tt.change,
				faults: slices.DeleteFunc(netFaults(), func(f netFault) bool { return f.name != tt.fault }),
				ops:    func(op faultOp) bool { return op.name == tt.op },
			})
			if !slices.ContainsFunc(m.wrong, func(wrong string) bool { return strings.Contains(wrong, tt.caught) }) {
				t.Errorf("%q is not among what was found wrong in %d calls: %q", tt.caught, m.total, m.wrong)
			}
		})
	}
}

// TestRepeatedWritesSayWhatIsTrue: who asks for writes to be repeated gets an
// error that knows of all attempts, not only of the last.
func TestRepeatedWritesSayWhatIsTrue(t *testing.T) {
	t.Parallel()
	all := netFaults()
	m := runMatrix(t, matrix{
		calls: 60, faults: all[len(all)-1:],
		ops: func(op faultOp) bool { return op.name == "SET" },
		change: func(o *upstash.Options) {
			o.Retry.Policy = upstash.RetryAny(upstash.RetryNotExecuted, upstash.RetryIdempotent)
		},
	})
	if !strings.Contains(m.table, "u") {
		t.Errorf("no call ended without being known:\n%s", m.table)
	}
	for _, wrong := range m.wrong {
		if !strings.Contains(wrong, "what may run once was sent") { // as it was asked for
			t.Error(wrong)
		}
	}
}

func trustingTransport() *http.Transport {
	return &http.Transport{TLSClientConfig: &tls.Config{RootCAs: newIdentity().trusted, MinVersion: tls.VersionTLS12}}
}

// eager has net/http take a POST for one that it may repeat.
func eager(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		r.Header["Idempotency-Key"] = []string{}
		r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
		r.Body, _ = r.GetBody()
		return next.RoundTrip(r)
	})
}
