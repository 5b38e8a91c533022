package main

import (
	"context"
	"errors"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
)

// planted are Go services that do not do as TypeScript ones, each in one way.
var planted = map[string]struct {
	on   string // the name of a limiting
	make func(limiting, *stage) (service, error)
}{
	"Strict, fixed":   {"fixed", with(strictly)},
	"Strict, sliding": {"sliding", with(strictly)},
	"Strict, bucket":  {"bucket", with(strictly)},
	"a clock that is behind": {"sliding", with(func(o *ratelimit.Options, st *stage) {
		o.Clock = func() time.Time { return st.srv.Now().Add(-time.Millisecond) }
	})},
	"another prefix": {"fixed", with(func(o *ratelimit.Options, _ *stage) { o.Prefix = "elsewhere" })},
	"a limit of one more": {"bucket", with(func(o *ratelimit.Options, _ *stage) {
		o.Limit = ratelimit.TokenBucket(11, 3, 700*time.Millisecond)
	})},
	"no block cache":       {"fixed, everything", with(func(o *ratelimit.Options, _ *stage) { o.BlockCache = -1 })},
	"no dynamic limit":     {"sliding, everything", with(func(o *ratelimit.Options, _ *stage) { o.DynamicLimit = false })},
	"no analytics":         {"bucket, everything", with(func(o *ratelimit.Options, _ *stage) { o.Analytics = false })},
	"analytics that end":   {"bucket, everything", with(func(o *ratelimit.Options, _ *stage) { o.Retention = time.Hour })},
	"a reset that is lost": {"fixed", forgetful("resetUsedTokens")},
	"a refund that is lost": {"bucket", func(l limiting, st *stage) (service, error) {
		s, err := goLimiter(l, st)
		return lossy{s, func(c limitCall) bool { return c.N != nil && *c.N < 0 }}, err
	}},
}

func strictly(o *ratelimit.Options, _ *stage) { o.Mode = ratelimit.Strict }

func with(change func(*ratelimit.Options, *stage)) func(limiting, *stage) (service, error) {
	return func(l limiting, st *stage) (service, error) {
		o, err := l.options(st)
		if err != nil {
			return nil, err
		}
		change(&o, st)
		limiter, err := ratelimit.New(st.srv.Client(), o)
		return compatible{limiter}, err
	}
}

func forgetful(op string) func(limiting, *stage) (service, error) {
	return func(l limiting, st *stage) (service, error) {
		s, err := goLimiter(l, st)
		return lossy{s, func(c limitCall) bool { return c.Op == op }}, err
	}
}

// lossy passes over some calls.
type lossy struct {
	service
	lost func(limitCall) bool
}

func (s lossy) turn(ctx context.Context, now int64, calls []limitCall) ([]verdict, error) {
	var all []verdict
	for _, c := range calls {
		if s.lost(c) {
			all = append(all, verdict{})
			continue
		}
		one, err := s.service.turn(ctx, now, []limitCall{c})
		if err != nil {
			return nil, err
		}
		all = append(all, one...)
	}
	return all, nil
}

// TestAlternatingCatches shows that two services that do not do the same are
// told apart.
func TestAlternatingCatches(t *testing.T) {
	t.Parallel()
	if os.Getenv("UPSTASH_INTEROP") != "1" {
		t.Skip("set UPSTASH_INTEROP=1, with Node and after `npm ci` in examples/interop")
	}
	n, err := findNode([]string{"."})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(planted)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := planted[name]
			i := slices.IndexFunc(limitings, func(l limiting) bool { return l.name == p.on })
			err := limitings[i].alternate(t.Context(), n, 2000, p.make)
			if err == nil || !strings.Contains(err.Error(), ": got ") && !errors.As(err, new(*ratelimit.CostError)) {
				t.Errorf("not noticed: %v", err)
			}
		})
	}
}
