package pipeline_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// plusOne adds one to a number that may be absent.
func plusOne(old string, exists bool) (string, error) {
	if !exists {
		return "1", nil
	}
	n, err := strconv.Atoi(old)
	return strconv.Itoa(n + 1), err
}

func toUpper(old string, _ bool) (string, error) { return strings.ToUpper(old), nil }

func inProcess(t *testing.T) (*upstashtest.Server, *upstash.Client) {
	t.Helper()
	now := time.Unix(1_700_000_000, 0)
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true, Clock: func() time.Time { return now }})
	return srv, srv.Client()
}

type counter struct {
	N  int
	By map[string]int
}

func TestUpdateLosesNothing(t *testing.T) {
	t.Parallel()
	const goroutines, rounds = 16, 10
	synctest.Test(t, func(t *testing.T) {
		_, rdb := inProcess(t)
		o := pipeline.UpdateOptions{Attempts: 10_000}
		var wg sync.WaitGroup
		for i := range goroutines {
			wg.Go(func() {
				for range rounds {
					if _, err := pipeline.Update(t.Context(), rdb, "n", plusOne, o); err != nil {
						t.Error(err)
					}
					_, err := pipeline.UpdateJSON(t.Context(), rdb, "json", func(old counter, exists bool) (counter, error) {
						if exists != (old.N > 0) {
							t.Errorf("exists is %v for %+v", exists, old)
						}
						if old.By == nil {
							old.By = map[string]int{}
						}
						old.N++
						old.By[strconv.Itoa(i)]++
						return old, nil
					}, o)
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		n, err := rdb.Get(t.Context(), "n")
		if want := strconv.Itoa(goroutines * rounds); n != want || err != nil {
			t.Errorf("%s, not %s: %v", n, want, err)
		}
		want := counter{goroutines * rounds, map[string]int{}}
		for i := range goroutines {
			want.By[strconv.Itoa(i)] = rounds
		}
		got, err := upstash.Exec(t.Context(), rdb, command.JSON[counter](command.Get("json")))
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got)\n%s", err, diff)
		}
	})
}

// What it costs, and what becomes of value and TTL.
func TestUpdate(t *testing.T) {
	t.Parallel()
	const minute, hour = int64(60_000), int64(3_600_000)
	ctx := t.Context()
	for name, tt := range map[string]struct {
		old      string // empty for none
		lives    time.Duration
		f        func(string, bool) (string, error)
		o        pipeline.UpdateOptions
		want     string
		ttl      int64 // -1 for none
		commands int
	}{
		"absent":               {"", 0, plusOne, pipeline.UpdateOptions{}, "1", -1, 2},
		"absent, with TTL":     {"", 0, plusOne, pipeline.UpdateOptions{TTL: time.Minute}, "1", minute, 2},
		"there":                {"41", 0, plusOne, pipeline.UpdateOptions{}, "42", -1, 2},
		"TTL kept":             {"41", time.Hour, plusOne, pipeline.UpdateOptions{}, "42", hour, 2},
		"TTL set":              {"41", time.Hour, plusOne, pipeline.UpdateOptions{TTL: time.Minute}, "42", minute, 2},
		"unchanged":            {"ABC", time.Hour, toUpper, pipeline.UpdateOptions{}, "ABC", hour, 1},
		"unchanged, with TTL":  {"ABC", 0, toUpper, pipeline.UpdateOptions{TTL: time.Minute}, "ABC", minute, 2},
		"absent, to the empty": {"", 0, toUpper, pipeline.UpdateOptions{}, "", -1, 2},
		"one attempt":          {"41", 0, plusOne, pipeline.UpdateOptions{Attempts: -5}, "42", -1, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, rdb := inProcess(t)
			if tt.old != "" {
				if _, err := rdb.SetWith(ctx, "k", tt.old, command.SetOptions{TTL: tt.lives}); err != nil {
					t.Fatal(err)
				}
			}
			srv.Reset()
			got, err := pipeline.Update(ctx, rdb, "k", tt.f, tt.o)
			if m := srv.Meter(); got != tt.want || err != nil || m.RoundTrips != tt.commands || m.Commands != tt.commands {
				t.Errorf("%q, %v, %+v", got, err, m)
			}
			p := pipeline.New(rdb)
			value := p.Get("k")
			ttl := pipeline.Queue(p, command.New(command.Reply.Int, "PTTL", "k"))
			if err := p.Exec(ctx); err != nil || value.Val() != tt.want || value.Err() != nil || ttl.Val() != tt.ttl {
				t.Errorf("it holds %q for %d ms: %v, %v", value.Val(), ttl.Val(), err, value.Err())
			}
		})
	}
}

func TestUpdateConflict(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, rdb := inProcess(t)
		for _, attempts := range []int{0, 1, 3} {
			srv.Flush()
			srv.Reset()
			tries, seen := 0, ""
			got, err := pipeline.Update(t.Context(), rdb, "k", func(old string, exists bool) (string, error) {
				if old != seen || exists != (tries > 0) {
					t.Errorf("attempt %d is given %q, %v, not %q", tries, old, exists, seen)
				}
				tries++
				seen = "other " + strconv.Itoa(tries)
				return "mine", rdb.Set(t.Context(), "k", seen)
			}, pipeline.UpdateOptions{Attempts: attempts})
			want := map[int]int{0: 32, 1: 1, 3: 3}[attempts]
			if !errors.Is(err, pipeline.ErrConflict) || got != "" || tries != want || srv.Meter().Commands != 1+2*want {
				t.Errorf("%q, %v after %d attempts, %+v", got, err, tries, srv.Meter())
			}
			if v, err := rdb.Get(t.Context(), "k"); v != seen || err != nil {
				t.Errorf("it holds %q, %v", v, err)
			}
		}
	})
}

// A context that ends while it waits for another attempt ends it at once.
func TestUpdateContextEndsInThePause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, rdb := inProcess(t)
		ctx, cancel := context.WithCancel(t.Context())
		d := upstash.DoerFunc(func(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
			if b.Commands[0].Name() == "SET" {
				defer cancel()
			}
			return rdb.Do(ctx, b)
		})
		tries := 0
		start := time.Now()
		_, err := pipeline.Update(ctx, d, "k", func(string, bool) (string, error) {
			tries++
			return "mine", rdb.Set(t.Context(), "k", "theirs")
		}, pipeline.UpdateOptions{})
		if !errors.Is(err, context.Canceled) || tries != 1 || time.Since(start) != 0 {
			t.Errorf("%v after %d attempts and %v", err, tries, time.Since(start))
		}
	})
}

func TestUpdateErrors(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, rdb := inProcess(t)
	cause := errors.New("not now")
	if err := rdb.Set(ctx, "k", "secret"); err != nil {
		t.Fatal(err)
	}
	fails := func(old string, _ bool) (string, error) { return "half", cause }
	srv.Reset()
	if v, err := pipeline.Update(ctx, rdb, "k", fails, pipeline.UpdateOptions{}); v != "" || err != cause || srv.Meter().Commands != 1 { //nolint:errorlint // as it is
		t.Errorf("an error of f: %q, %v, %+v", v, err, srv.Meter())
	}

	_, err := pipeline.UpdateJSON(ctx, rdb, "k", func(old counter, _ bool) (counter, error) { return old, cause }, pipeline.UpdateOptions{})
	if err == nil || errors.Is(err, cause) || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "pipeline_test.counter") {
		t.Errorf("a value that is no JSON: %v", err)
	}
	_, err = pipeline.UpdateJSON(ctx, rdb, "j", func(any, bool) (any, error) { return func() {}, nil }, pipeline.UpdateOptions{})
	if err == nil || !strings.Contains(err.Error(), "func()") {
		t.Errorf("a value without a JSON form: %v", err)
	}

	if _, err := rdb.HSetField(ctx, "h", "f", "v"); err != nil {
		t.Fatal(err)
	}
	if _, err := pipeline.Update(ctx, rdb, "h", plusOne, pipeline.UpdateOptions{}); err == nil || !strings.Contains(err.Error(), "WRONGTYPE") {
		t.Errorf("another type: %v", err)
	}
}

// A lost reply is not smoothed over: the write may count already.
func TestUpdateUnknownOutcome(t *testing.T) {
	t.Parallel()
	srv, _ := inProcess(t)
	rdb, err := upstash.New(srv.ClientOptions()) // with the default retries
	if err != nil {
		t.Fatal(err)
	}
	srv.Intercept(upstashtest.On("SET", upstashtest.ExecuteThenDrop))
	v, err := pipeline.Update(t.Context(), rdb, "n", plusOne, pipeline.UpdateOptions{})
	if v != "" || !upstash.OutcomeUnknown(err) || upstash.SafeToRetry(err) {
		t.Errorf("%q, %v", v, err)
	}
	if v, err := rdb.Get(t.Context(), "n"); v != "1" || err != nil {
		t.Errorf("it holds %q, %v", v, err)
	}
}
