package lambda_test

import (
	"context"
	"errors"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/lambda"
)

// never is the input of handlers that have none.
type never struct{}

// run calls a wrapped handler with a deadline in 10 seconds, 0 for none.
func run(t *testing.T, timeout time.Duration, h func(context.Context) error, options ...lambda.Option) error {
	t.Helper()
	ctx := t.Context()
	if timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, timeout)
		defer cancel()
	}
	_, err := lambda.Wrap(func(ctx context.Context, _ never) (never, error) { return never{}, h(ctx) }, options...)(ctx, never{})
	return err
}

// reports collects what WithOnError gets.
type reports struct {
	mu   sync.Mutex
	errs []error
}

func (r *reports) option() lambda.Option {
	return lambda.WithOnError(func(_ context.Context, err error) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.errs = append(r.errs, err)
	})
}

func (r *reports) texts() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var texts []string
	for _, err := range r.errs {
		text, _, _ := strings.Cut(err.Error(), "\n")
		texts = append(texts, text)
	}
	return texts
}

// TestDeadlines: the handler, what drains it, and the deadline come one after the
// other, by the reserve.
func TestDeadlines(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name           string
		timeout        time.Duration
		options        []lambda.Option
		handler, drain time.Duration // that they have, from the beginning
	}{
		{"default", 10 * time.Second, nil, 9900 * time.Millisecond, 9950 * time.Millisecond},
		{"given", 10 * time.Second, []lambda.Option{lambda.WithReserve(2 * time.Second)}, 8 * time.Second, 9 * time.Second},
		{"none", 10 * time.Second, []lambda.Option{lambda.WithReserve(0)}, 10 * time.Second, 10 * time.Second},
		{"negative", 10 * time.Second, []lambda.Option{lambda.WithReserve(-time.Second)}, 10 * time.Second, 10 * time.Second},
		{"half at most", 100 * time.Millisecond, nil, 50 * time.Millisecond, 75 * time.Millisecond},
		{"no deadline", 0, nil, 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				left := func(ctx context.Context) time.Duration {
					deadline, ok := ctx.Deadline()
					if !ok {
						return 0
					}
					return deadline.Sub(begin)
				}
				var handler, work, drain time.Duration
				err := run(t, tt.timeout, func(ctx context.Context) error {
					handler = left(ctx)
					lambda.Go(ctx, func(ctx context.Context) { work = left(ctx) })
					return nil
				}, append(tt.options, lambda.WithDrain(func(ctx context.Context) error {
					drain = left(ctx)
					return nil
				}))...)
				if err != nil {
					t.Fatal(err)
				}
				want := []time.Duration{tt.handler, tt.drain, tt.drain}
				if diff := cmp.Diff(want, []time.Duration{handler, work, drain}); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
			})
		})
	}
}

type markKey struct{}

// TestOrder: work is waited for, then drains run, then the work that those began
// is waited for; contexts have the values of the handler's and do not end with it.
func TestOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var got []string
		note := func(ctx context.Context, what string) {
			mu.Lock()
			defer mu.Unlock()
			if mark, ok := ctx.Value(markKey{}).(string); ok {
				what += " " + mark
			}
			if ctx.Err() != nil {
				what += " " + ctx.Err().Error()
			}
			got = append(got, what)
		}
		var handler context.Context
		err := run(t, time.Minute, func(ctx context.Context) error {
			handler = ctx
			short, cancel := context.WithCancel(context.WithValue(ctx, markKey{}, "marked"))
			lambda.Go(short, func(ctx context.Context) {
				time.Sleep(2 * time.Second) // bubble
				note(ctx, "work")
				lambda.Go(ctx, func(ctx context.Context) {
					time.Sleep(time.Second) // bubble
					note(ctx, "work of work")
				})
			})
			cancel()
			note(ctx, "handler")
			return nil
		}, lambda.WithDrain(func(ctx context.Context) error {
			note(ctx, "drain")
			lambda.Go(handler, func(ctx context.Context) {
				time.Sleep(time.Second) // bubble
				note(ctx, "work of drain")
			})
			return nil
		}))
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"handler", "work marked", "work of work marked", "drain", "work of drain"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		if handler.Err() == nil {
			t.Error("the context of the handler outlives the invocation")
		}
	})
}

// TestOverdue: what ignores its context does not keep the reply; it is left behind
// and reported, and drains do not begin when there is no time for them.
func TestOverdue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begin, r := time.Now(), &reports{}
		stuck := func() { time.Sleep(time.Hour) } // bubble
		for _, drains := range []int{0, 2} {
			err := run(t, 10*time.Second, func(ctx context.Context) error {
				if drains == 0 {
					lambda.Go(ctx, func(context.Context) { stuck() })
				}
				return nil
			}, r.option(), lambda.WithReserve(time.Second), lambda.WithDrain(func(context.Context) error {
				if drains > 0 {
					stuck()
				}
				return errors.New("drained")
			}))
			if err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(begin); took != 2*9500*time.Millisecond {
			t.Errorf("it took %v", took)
		}
		unfinished := lambda.ErrUnfinished.Error() + " (1 left)"
		if diff := cmp.Diff([]string{unfinished, unfinished}, r.texts()); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		stuck()
	})
}

// TestFailures: what goes wrong behind the reply is reported or raised, and never
// changes the reply.
func TestFailures(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	panics := func(ctx context.Context) { lambda.Go(ctx, func(context.Context) { panic(boom) }) }
	failing := lambda.WithDrain(func(context.Context) error { return boom })
	for _, tt := range []struct {
		name    string
		handler func(context.Context) error
		options []lambda.Option
		want    string // "error" or "panic", and the text
		reports []string
	}{
		{"drain fails", func(context.Context) error { return nil }, []lambda.Option{failing}, "", []string{"boom"}},
		{"handler and drain fail", func(context.Context) error { return errors.New("own") }, []lambda.Option{failing}, "error own", []string{"boom"}},
		{"work panics", func(ctx context.Context) error { panics(ctx); return nil }, []lambda.Option{failing}, "panic panic: boom", []string{"boom"}},
		{"handler panics", func(context.Context) error { panic("own") }, []lambda.Option{failing}, "panic own", []string{"boom"}},
		{"both panic", func(ctx context.Context) error { panics(ctx); panic("own") }, nil, "panic own", []string{"panic: boom"}},
		{"drain panics", func(context.Context) error { return nil }, []lambda.Option{lambda.WithDrain(func(context.Context) error { panic("drain") })}, "panic panic: drain", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r, got := &reports{}, ""
			func() {
				defer func() {
					if v := recover(); v != nil {
						got = "panic " + firstLine(v)
					}
				}()
				if err := run(t, 0, tt.handler, append(tt.options, r.option())...); err != nil {
					got = "error " + err.Error()
				}
			}()
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(tt.reports, r.texts()); diff != "" {
				t.Errorf("reports (-want +got)\n%s", diff)
			}
		})
	}
}

func firstLine(v any) string {
	text, ok := v.(string)
	if err, isError := v.(error); !ok && isError {
		text = err.Error()
	}
	text, _, _ = strings.Cut(text, "\n")
	return text
}

// TestPanicStack: a panic reaches the runtime with the stack that it began with,
// and one of background work carries its own.
func TestPanicStack(t *testing.T) {
	t.Parallel()
	defer func() {
		v := recover()
		if stack := string(debug.Stack()); v != "own" || !strings.Contains(stack, "whereItBegan") {
			t.Errorf("%v at\n%s", v, stack)
		}
	}()
	func() {
		defer func() {
			p, ok := recover().(*lambda.PanicError)
			if !ok || !strings.Contains(p.Error(), "whereItBegan") || p.Value != "own" || p.Unwrap() != nil {
				t.Errorf("raised: %v", p)
			}
		}()
		_ = run(t, 0, func(ctx context.Context) error {
			lambda.Go(ctx, func(context.Context) { whereItBegan() })
			return nil
		})
	}()
	_ = run(t, 0, func(context.Context) error { whereItBegan(); return nil })
}

func whereItBegan() { panic("own") }

// TestApart: an invocation waits for its own work only.
func TestApart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var ends []string
		handler := lambda.Wrap(func(ctx context.Context, in string) (string, error) {
			if in == "slow" {
				lambda.Go(ctx, func(context.Context) { time.Sleep(time.Hour) }) // bubble
			}
			time.Sleep(time.Second) // bubble
			return in, nil
		})
		var mu sync.Mutex
		var wg sync.WaitGroup
		for _, in := range []string{"slow", "quick"} {
			wg.Go(func() {
				out, err := handler(t.Context(), in)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					ends = append(ends, out)
				}
			})
		}
		time.Sleep(time.Minute) // bubble
		mu.Lock()
		if diff := cmp.Diff([]string{"quick"}, ends); diff != "" {
			t.Errorf("after a minute (-want +got)\n%s", diff)
		}
		mu.Unlock()
		wg.Wait()
	})
}

// TestGoElsewhere: without an invocation, and after its end, f runs before Go
// returns; ContextWithAfter decides otherwise.
func TestGoElsewhere(t *testing.T) {
	t.Parallel()
	done := 0
	lambda.Go(t.Context(), func(context.Context) { done++ })
	if done != 1 {
		t.Error("outside of any invocation f did not run at once")
	}

	r := &reports{}
	var late context.Context
	if err := run(t, 0, func(ctx context.Context) error { late = ctx; return nil }, r.option()); err != nil {
		t.Fatal(err)
	}
	lambda.Go(late, func(context.Context) { done++ })
	if diff := cmp.Diff([]string{lambda.ErrEnded.Error()}, r.texts()); diff != "" || done != 2 {
		t.Errorf("after the end: %d (-want +got)\n%s", done, diff)
	}

	var tasks []func()
	ctx, cancel := context.WithCancel(late)
	ctx = lambda.ContextWithAfter(ctx, func(task func()) { tasks = append(tasks, task) })
	lambda.Go(ctx, func(ctx context.Context) {
		if ctx.Err() == nil {
			done++
		}
	})
	cancel()
	if len(tasks) != 1 || done != 2 {
		t.Fatalf("%d tasks were handed over, %d done", len(tasks), done)
	}
	if tasks[0](); done != 3 {
		t.Error("the work ended with the context it was begun in")
	}
}

// TestThaw: hooks run before the first invocation after a pause, by the wall
// clock, and not while another runs.
func TestThaw(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var ran []string
		handler := lambda.Wrap(func(_ context.Context, d time.Duration) (never, error) {
			time.Sleep(d) // bubble
			return never{}, nil
		}, lambda.WithThaw(10*time.Second, func() { ran = append(ran, "10s") }), lambda.WithThaw(time.Minute, func() { ran = append(ran, "1m") }))
		step := func(what string, d time.Duration, want ...string) {
			t.Helper()
			ran = nil
			if _, err := handler(t.Context(), d); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, ran); diff != "" {
				t.Errorf("%s (-want +got)\n%s", what, diff)
			}
		}
		time.Sleep(time.Hour) // bubble
		step("first", 0)
		time.Sleep(10*time.Second - 1) // bubble
		step("a shorter pause", time.Hour)
		step("right after a long one", 0)
		time.Sleep(10 * time.Second) // bubble
		step("10 seconds", 0, "10s")
		time.Sleep(time.Minute) // bubble
		step("a minute", 0, "10s", "1m")
		var wg sync.WaitGroup
		wg.Go(func() { _, _ = handler(t.Context(), time.Hour) })
		time.Sleep(30 * time.Minute) // bubble
		step("beside another", 0)
		wg.Wait()
	})
}
