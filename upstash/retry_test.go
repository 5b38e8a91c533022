package upstash_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// attempts is a server that fails as told, one failure for each attempt, and then
// answers. It notes when each attempt came.
type attempts struct {
	failures []http.RoundTripper
	answer   string

	mu sync.Mutex // an attempt that was given up may still run
	at []time.Time
}

func (a *attempts) RoundTrip(r *http.Request) (*http.Response, error) {
	a.mu.Lock()
	n := len(a.at)
	a.at = append(a.at, time.Now())
	a.mu.Unlock()
	if n < len(a.failures) {
		return a.failures[n].RoundTrip(r)
	}
	_, _ = io.Copy(io.Discard, r.Body)
	return answer(200, inJSON, a.answer)(r)
}

func (a *attempts) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.at)
}

// always is the same failure for ever.
func always(rt http.RoundTripper) *attempts {
	a := &attempts{}
	for range 2000 {
		a.failures = append(a.failures, rt)
	}
	return a
}

func status(code int, header ...string) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		_, _ = io.Copy(io.Discard, r.Body)
		resp, err := answer(code, inJSON, "")(r)
		for i := 0; i+1 < len(header); i += 2 {
			resp.Header.Set(header[i], header[i+1])
		}
		return resp, err
	})
}

func command400(text string) http.RoundTripper {
	return roundTripper(answer(400, inJSON, `{"error":"`+text+`"}`))
}

// broken fails after the request was taken, refused before.
var (
	broken  = roundTripper(func(r *http.Request) (*http.Response, error) { _, _ = io.Copy(io.Discard, r.Body); return nil, io.EOF })
	refused = roundTripper(func(*http.Request) (*http.Response, error) {
		return nil, &net.OpError{Op: "dial", Err: errors.New("connection refused")}
	})
	closedIdle = roundTripper(func(r *http.Request) (*http.Response, error) {
		_, _ = io.Copy(io.Discard, r.Body)
		return nil, errors.New("http: server closed idle connection")
	})
	refusedStream = roundTripper(func(r *http.Request) (*http.Response, error) {
		_, _ = io.Copy(io.Discard, r.Body)
		return nil, errors.New("stream error: stream ID 7; REFUSED_STREAM; received from peer")
	})
	garbage = roundTripper(answer(200, inJSON, `{"result":`))
)

// TestRetriesByClass: how many attempts each failure is worth, for a command of
// each class, by the default policy and by others.
func TestRetriesByClass(t *testing.T) {
	t.Parallel()
	classes := []command.Class{command.ReadOnly, command.Idempotent, command.Once}
	policies := []struct {
		name   string
		policy upstash.RetryPolicy
	}{
		{"default", nil},
		{"idempotent", upstash.RetryAny(upstash.RetryNotExecuted, upstash.RetryIdempotent)},
		{"not executed", upstash.RetryNotExecuted},
		{"always", upstash.RetryAlways},
		{"never", upstash.RetryNot(upstash.RetryAlways)},
		{"reads after the first", upstash.RetryAll(upstash.RetryReads, func(a upstash.Attempt) bool { return a.Number < 2 })},
	}
	for name, tt := range map[string]struct {
		failure http.RoundTripper
		want    string // attempts: a line for each policy, a digit for each class
	}{
		"refused connection":   {refused, "333 333 333 333 111 211"},
		"closed while idle":    {closedIdle, "333 333 333 333 111 211"},
		"refused stream":       {refusedStream, "333 333 333 333 111 211"},
		"too many requests":    {status(429), "333 333 333 333 111 211"},
		"broken connection":    {broken, "311 331 111 333 111 211"},
		"server error":         {status(500), "311 331 111 333 111 211"},
		"bad gateway":          {status(502), "311 331 111 333 111 211"},
		"damaged answer":       {garbage, "311 331 111 333 111 211"},
		"unauthorized":         {status(401), "111 111 111 111 111 111"},
		"not found":            {status(404), "111 111 111 111 111 111"},
		"redirect":             {status(307), "111 111 111 111 111 111"},
		"a command's error":    {command400("WRONGTYPE no"), "111 111 111 111 111 111"},
		"a replica's answer":   {command400("READONLY You can't write against a read only replica."), "333 333 333 333 111 111"},
		"a loading server's":   {command400("LOADING Redis is loading the dataset in memory"), "333 333 333 333 111 111"},
		"quota of the month":   {command400("ERR max requests limit exceeded"), "111 111 111 111 111 111"},
		"asks for too long":    {status(429, "Retry-After", "3600"), "111 111 111 111 111 111"},
		"asks for a short one": {status(429, "Retry-After", "1"), "333 333 333 333 111 211"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var got []string
				for _, p := range policies {
					var digits strings.Builder
					for _, class := range classes {
						server := always(tt.failure)
						rdb := newClient(t, server, func(o *upstash.Options) { o.Retry = upstash.RetryOptions{Policy: p.policy} })
						_, err := upstash.Exec(t.Context(), rdb, command.New(command.Reply.Reply, "NAME").WithClass(class))
						var e *upstash.Error
						if !errors.As(err, &e) {
							t.Fatalf("%s, %v: %v", p.name, class, err)
						}
						if e.Code == "" && e.Attempts != server.count() {
							t.Errorf("%s, %v: the error says %d attempts of %d", p.name, class, e.Attempts, server.count())
						}
						fmt.Fprint(&digits, server.count())
					}
					got = append(got, digits.String())
				}
				if diff := cmp.Diff(strings.Fields(tt.want), got); diff != "" {
					t.Errorf("attempts (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestRetrySucceeds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &attempts{failures: []http.RoundTripper{refused, status(429)}, answer: `{"result":7}`}
		var seen []int
		var passed int
		rdb := newClient(t, server, func(o *upstash.Options) {
			o.Retry = upstash.RetryOptions{}
			o.Observe = func(_ context.Context, rt upstash.RoundTrip) { seen = append(seen, rt.Attempt) }
			o.Middleware = []upstash.Middleware{func(next upstash.Doer) upstash.Doer {
				return upstash.DoerFunc(func(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
					passed++
					return next.Do(ctx, b)
				})
			}}
		})
		n, err := rdb.Incr(t.Context(), "k")
		if n != 7 || err != nil {
			t.Errorf("Incr = %d, %v", n, err)
		}
		if diff := cmp.Diff([]int{1, 2, 3}, seen); diff != "" || passed != 3 {
			t.Errorf("attempts observed (-want +got):\n%s%d passed the middleware, want 3", diff, passed)
		}
	})
}

// TestPauses: they are random below a bound that doubles, and what a server asks
// for comes on top.
func TestPauses(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		failure     http.RoundTripper
		atLeast     time.Duration
		bounds      []int // of the pauses above atLeast, in milliseconds
		base, limit time.Duration
	}{
		"defaults": {failure: refused, bounds: []int{50, 100, 200, 400, 800, 1600, 2000, 2000, 2000}},
		"own":      {failure: refused, base: 10 * time.Millisecond, limit: 15 * time.Millisecond, bounds: []int{10, 15, 15}},
		"asked for": {failure: status(429, "Retry-After", "2"), atLeast: 2 * time.Second,
			bounds: []int{50, 100, 200}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				longest := make([]time.Duration, len(tt.bounds))
				for range 300 {
					server := always(tt.failure)
					rdb := newClient(t, server, func(o *upstash.Options) {
						o.Retry = upstash.RetryOptions{Attempts: len(tt.bounds) + 1, BaseDelay: tt.base, MaxDelay: tt.limit}
					})
					_, _ = rdb.Get(t.Context(), "k")
					for i := range tt.bounds {
						longest[i] = max(longest[i], server.at[i+1].Sub(server.at[i])-tt.atLeast)
						if least := server.at[i+1].Sub(server.at[i]); least < tt.atLeast {
							t.Fatalf("pause %d is %v, below %v", i, least, tt.atLeast)
						}
					}
				}
				for i, ms := range tt.bounds {
					bound := time.Duration(ms) * time.Millisecond
					if longest[i] > bound || longest[i] < bound*9/10 {
						t.Errorf("the longest pause %d of 300 is %v, want close below %v", i, longest[i], bound)
					}
				}
			})
		})
	}
}

// TestNoAttemptBeginsInTheReserve: before a deadline there is time left to say
// what failed.
func TestNoAttemptBeginsInTheReserve(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const budget, reserve = time.Second, 200 * time.Millisecond
		for range 100 {
			server := always(refused)
			rdb := newClient(t, server, func(o *upstash.Options) {
				o.Retry = upstash.RetryOptions{Attempts: 1000, Reserve: reserve, MaxDelay: 100 * time.Millisecond}
			})
			ctx, cancel := context.WithTimeout(t.Context(), budget)
			start := time.Now()
			_, err := rdb.Get(ctx, "k")
			cancel()
			if e := mustBeTyped(t, err); e.Attempts != server.count() || upstash.IsTimeout(err) {
				t.Errorf("%v after %d attempts of %d: want the failure itself", err, e.Attempts, server.count())
			}
			if last := server.at[len(server.at)-1].Sub(start); last > budget-reserve {
				t.Errorf("an attempt began %v before the deadline", budget-last)
			}
			if server.count() < 4 {
				t.Errorf("only %d attempts", server.count())
			}
		}
	})
}

func TestTimeoutBoundsRetriesToo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rdb := newClient(t, always(refused), func(o *upstash.Options) {
			o.Timeout, o.Retry = 3*time.Second, upstash.RetryOptions{Attempts: 1000}
		})
		start := time.Now()
		if _, err := rdb.Get(t.Context(), "k"); err == nil {
			t.Error("no failure")
		}
		if took := time.Since(start); took > 3*time.Second {
			t.Errorf("the call took %v", took)
		}
	})
}

func TestAContextThatEndsEndsThePause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := always(status(429, "Retry-After", "9"))
		rdb := newClient(t, server, func(o *upstash.Options) { o.Retry = upstash.RetryOptions{} })
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		start := time.Now()
		_, err := rdb.Get(ctx, "k")
		if took := time.Since(start); took != time.Second || server.count() != 1 {
			t.Errorf("%d attempts in %v: %v", server.count(), took, err)
		}
	})
}

// TestAttemptTimeout: an attempt that hangs leaves time for another.
func TestAttemptTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hangs := roundTripper(func(r *http.Request) (*http.Response, error) {
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		for _, tt := range []struct {
			name     string
			run      func(context.Context, *upstash.Client) error
			attempts int
			succeeds bool
		}{
			{"GET", func(ctx context.Context, c *upstash.Client) error { _, err := c.Get(ctx, "k"); return err }, 2, true},
			{"INCR", func(ctx context.Context, c *upstash.Client) error { _, err := c.Incr(ctx, "k"); return err }, 1, false},
		} {
			server := &attempts{failures: []http.RoundTripper{hangs}, answer: `{"result":"MQ=="}`}
			rdb := newClient(t, server, func(o *upstash.Options) {
				o.Retry = upstash.RetryOptions{AttemptTimeout: time.Second}
			})
			err := tt.run(t.Context(), rdb)
			if (err == nil) != tt.succeeds || server.count() != tt.attempts {
				t.Errorf("%s: %d attempts, %v", tt.name, server.count(), err)
			}
			if err != nil && (!upstash.OutcomeUnknown(err) || !upstash.IsTimeout(err)) {
				t.Errorf("%s: %v: want a timeout after which the command may have run", tt.name, err)
			}
		}
	})
}

// TestAttemptThatWasNotMade: a process that was paused between the start of an
// attempt and its request has sent nothing, and so even an INCR is tried again,
// as long as the caller waits.
func TestAttemptThatWasNotMade(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for name, tt := range map[string]struct {
			pauses, waits time.Duration
			calls, asked  int
		}{
			"no pause":                        {waits: time.Hour, calls: 1, asked: 1},
			"a pause":                         {pauses: 2 * time.Second, waits: time.Hour, calls: 2, asked: 1},
			"a pause that the caller ends in": {pauses: 2 * time.Second, waits: time.Second / 2, calls: 1},
		} {
			server := &attempts{answer: `{"result":1}`}
			rdb, calls := newClient(t, server), 0
			d := upstash.Retry(upstash.RetryOptions{AttemptTimeout: time.Second})(upstash.DoerFunc(
				func(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
					if calls++; calls == 1 {
						time.Sleep(tt.pauses) // bubble
					}
					return rdb.Do(ctx, b)
				}))
			ctx, cancel := context.WithTimeout(t.Context(), tt.waits)
			_, err := upstash.Exec(ctx, d, command.Incr("k"))
			cancel()
			if (err == nil) != (tt.asked == 1) || calls != tt.calls || server.count() != tt.asked {
				t.Errorf("%s: %d attempts, %d requests: %v", name, calls, server.count(), err)
			}
			if err != nil && (upstash.OutcomeUnknown(err) || !upstash.IsTimeout(err)) {
				t.Errorf("%s: %v: want a timeout after which nothing ran", name, err)
			}
		}
	})
}

func TestWithRetry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, tt := range []struct{ client, call, want int }{{3, 1, 1}, {1, 4, 4}, {2, 0, 3}} {
			server := always(refused)
			rdb := newClient(t, server, func(o *upstash.Options) { o.Retry.Attempts = tt.client })
			_, _ = rdb.Incr(upstash.WithRetry(t.Context(), upstash.RetryOptions{Attempts: tt.call}), "k")
			if server.count() != tt.want {
				t.Errorf("client %d, call %d: %d attempts, want %d", tt.client, tt.call, server.count(), tt.want)
			}
		}
	})
}

// TestQuota: when everything fails, retries end; when most succeeds, they go on.
func TestQuota(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := always(refused)
		rdb := newClient(t, server, func(o *upstash.Options) { o.Retry = upstash.RetryOptions{Attempts: 2} })
		for range 500 {
			_, _ = rdb.Get(t.Context(), "k")
		}
		const retries = 500 / 5 // what the bucket holds by what a retry costs
		if got := server.count() - 500; got != retries {
			t.Errorf("%d retries of 500 calls that all failed, want %d", got, retries)
		}
		server.failures, server.answer, server.at = nil, `{"result":1}`, nil
		for range 10 {
			if _, err := rdb.Exists(t.Context(), "k"); err != nil {
				t.Fatal(err)
			}
		}
		server.failures, server.at = always(refused).failures, nil
		for range 10 {
			_, _ = rdb.Get(t.Context(), "k")
		}
		if got := server.count() - 10; got != 2 {
			t.Errorf("%d retries after 10 successes, want 2", got)
		}
	})
}

// TestRetryOfBatches: a batch is sent again when nothing of it ran that must not
// run twice.
func TestRetryOfBatches(t *testing.T) {
	t.Parallel()
	const no = `{"error":"READONLY You can't write against a read only replica."}`
	get, incr, set := command.Get("k").Args(), command.Incr("k").Args(), command.Set("k", "v").Args()
	eval, evalRO := command.Eval("x", nil).Args(), command.EvalRO("x", nil).Args()
	for name, tt := range map[string]struct {
		commands []command.Args
		first    string
		attempts int
	}{
		"reads ran, the write did not":    {[]command.Args{get, incr}, `[{"result":null},` + no + `]`, 2},
		"a write ran, another did not":    {[]command.Args{set, incr}, `[{"result":"OK"},` + no + `]`, 1},
		"nothing ran":                     {[]command.Args{set, incr}, `[` + no + `,` + no + `]`, 2},
		"a read failed on its own":        {[]command.Args{get, incr}, `[{"error":"WRONGTYPE no"},` + no + `]`, 2},
		"a script may have run in part":   {[]command.Args{get, eval}, `[{"result":null},` + no + `]`, 1},
		"a script that reads":             {[]command.Args{get, evalRO}, `[{"result":null},` + no + `]`, 2},
		"a write failed on its own first": {[]command.Args{incr, incr}, `[{"error":"WRONGTYPE no"},` + no + `]`, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server := &attempts{
					failures: []http.RoundTripper{roundTripper(answer(200, inJSON, tt.first))},
					answer:   `[{"result":1},{"result":1}]`,
				}
				rdb := newClient(t, server, func(o *upstash.Options) { o.Retry = upstash.RetryOptions{} })
				replies, err := rdb.Do(t.Context(), upstash.Batch{Commands: tt.commands})
				if err != nil || len(replies) != 2 || server.count() != tt.attempts {
					t.Errorf("%d attempts, want %d: %v, %v", server.count(), tt.attempts, replies, err)
				}
			})
		})
	}
}

// A command that was turned away did not run, and its error says so.
func TestTurnedAwayIsSafeToRetry(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		cmd  command.Cmd[int64]
		safe bool
	}{
		{command.Incr("k"), true},
		{command.New(command.Reply.Int, "EVALSHA", "00", 0), false},
	} {
		rdb := newClient(t, command400("READONLY You can't write against a read only replica."))
		_, err := upstash.Exec(t.Context(), rdb, tt.cmd)
		if upstash.SafeToRetry(err) != tt.safe || upstash.OutcomeUnknown(err) {
			t.Errorf("%v: SafeToRetry is %v, want %v (%v)", tt.cmd, !tt.safe, tt.safe, err)
		}
	}
}

func TestRetryOptionsAreChecked(t *testing.T) {
	t.Parallel()
	for _, o := range []upstash.RetryOptions{{Attempts: -1}, {BaseDelay: -1}, {MaxDelay: -1}, {Reserve: -1}, {AttemptTimeout: -1}} {
		if _, err := upstash.New(upstash.Options{URL: testURL, Token: testToken, Retry: o}); err == nil || !strings.Contains(err.Error(), "Options.Retry is negative") {
			t.Errorf("%+v: %v", o, err)
		}
	}
}
