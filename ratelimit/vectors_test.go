package ratelimit_test

import (
	"cmp"
	"context"
	"encoding/json"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

type vector struct {
	ID      string `json:"id"`
	Version string `json:"sdk_version"`
	Config  struct {
		Algorithm  string `json:"algorithm"`
		Limit      int64  `json:"limit"`
		WindowMS   int64  `json:"window_ms"`
		RefillRate int64  `json:"refill_rate"`
		Prefix     string `json:"prefix"`
		Cache      bool   `json:"ephemeral_cache"`
		Dynamic    bool   `json:"dynamic_limits"`
		Analytics  bool   `json:"analytics"`
		Protection bool   `json:"enable_protection"`
		Regions    int    `json:"regions"`
	} `json:"config"`
	Setup     [][]any    `json:"setup"`
	Steps     []step     `json:"steps"`
	FinalKeys []finalKey `json:"final_keys"`
}

type step struct {
	NowMS      int64  `json:"now_ms"`
	Op         string `json:"op"`
	Identifier string `json:"identifier"`
	Rate       *int64 `json:"rate"`
	Req        struct {
		IP, UserAgent, Country string
		Geo                    ratelimit.Geo
	} `json:"req"`
	DynamicLimit any             `json:"dynamic_limit"`
	Result       json.RawMessage `json:"result"`
}

// result is what the package returned, in its own words.
type result struct {
	Success      bool   `json:"success"`
	Limit        int64  `json:"limit"`
	Remaining    int64  `json:"remaining"`
	Reset        int64  `json:"reset"`
	Reason       string `json:"reason"`
	DeniedValue  string `json:"denied_value"`
	DynamicLimit int64  `json:"dynamic_limit"`
}

// skipped has the sequences that are no part of Compat, with the reason.
func skipped(v vector) string {
	switch {
	case v.Config.Regions > 1:
		return "multi-region"
	case v.Config.Algorithm == "cachedFixedWindow":
		return "the cached fixed window over-admits and leaks keys; a lease does neither"
	case v.ID == "s-old-tb-1714":
		return "2.0.8 let a bucket become negative, 2.2.0 does not"
	default:
		return ""
	}
}

func TestVectors(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/vectors.json")
	noErr(t, err)
	var corpus struct{ Sequences []vector }
	noErr(t, json.Unmarshal(text, &corpus))
	steps, left := 0, 0
	for _, v := range corpus.Sequences {
		if why := skipped(v); why != "" {
			t.Logf("left out %s, %d steps: %s", v.ID, len(v.Steps), why)
			left += len(v.Steps)
			continue
		}
		steps += len(v.Steps)
		t.Run(v.ID, func(t *testing.T) {
			t.Parallel()
			v.replay(t)
		})
	}
	t.Logf("%d steps equal, %d left out", steps, left)
	check(t, "steps: replayed, left out", []int{436, 58}, []int{steps, left})
}

func (v vector) replay(t *testing.T) {
	t.Helper()
	srv, now := newServer(t)
	rdb := srv.Client()
	for _, words := range v.Setup {
		name, _ := words[0].(string)
		_, err := upstash.Exec(t.Context(), rdb, command.New(command.Reply.Reply, name, words[1:]...))
		noErr(t, err)
	}
	l := v.limiter(t, rdb, now)
	for i, s := range v.Steps {
		now.ms.Store(s.NowMS)
		want := result{}
		if len(s.Result) > 0 {
			noErr(t, json.Unmarshal(s.Result, &want))
		}
		got := s.run(t, l)
		check(t, "step "+s.Op+" at "+time.UnixMilli(s.NowMS).UTC().String(), want, got)
		if t.Failed() {
			t.Fatalf("step %d of %s", i+1, v.ID)
		}
	}
	noErr(t, l.Flush(t.Context()))
	if v.ID == "s-deny-expired-1663" { // the package fetches a list by itself
		updated, err := l.UpdateIPList(t.Context(), func(context.Context) ([]netip.Addr, error) {
			return ratelimit.ReadIPs(strings.NewReader("192.0.2.1\n192.0.2.2\n198.51.100.7\n"))
		})
		noErr(t, err)
		check(t, "updated", true, updated)
	}
	for _, k := range v.FinalKeys { // sets and sorted sets have no order of their own
		if list, is := k.Value.([]any); is && k.Type == "set" {
			slices.SortFunc(list, func(a, b any) int { return strings.Compare(a.(string), b.(string)) }) //nolint:errcheck // the corpus has strings
		}
	}
	// A key is there for all of its last millisecond in Redis, and gone at the beginning of it on the local server.
	v.FinalKeys = slices.DeleteFunc(v.FinalKeys, func(k finalKey) bool { return k.ExpiresAt != nil && *k.ExpiresAt == now.ms.Load() })
	slices.SortFunc(v.FinalKeys, func(a, b finalKey) int { return cmp.Compare(a.Key, b.Key) })
	check(t, "keys at the end", v.FinalKeys, dump(t, srv, now))
}

func (v vector) limiter(t *testing.T, d upstash.Doer, now *clock) *ratelimit.Limiter {
	t.Helper()
	window := time.Duration(v.Config.WindowMS) * time.Millisecond
	o := ratelimit.Options{
		Mode: ratelimit.Compat, Prefix: v.Config.Prefix, BlockCache: -1,
		DynamicLimit: v.Config.Dynamic, Analytics: v.Config.Analytics, DenyList: v.Config.Protection,
	}
	switch v.Config.Algorithm {
	case "fixedWindow":
		o.Limit = ratelimit.FixedWindow(v.Config.Limit, window)
	case "slidingWindow":
		o.Limit = ratelimit.SlidingWindow(v.Config.Limit, window)
	case "tokenBucket":
		o.Limit = ratelimit.TokenBucket(v.Config.Limit, v.Config.RefillRate, window)
	}
	if v.Config.Cache {
		o.BlockCache = 0
	}
	return newLimiter(t, d, now, o)
}

// run does one step and says what came in the words of the package.
func (s step) run(t *testing.T, l *ratelimit.Limiter) result {
	t.Helper()
	ctx := t.Context()
	switch s.Op {
	case "limit":
		n := int64(1)
		if s.Rate != nil {
			n = *s.Rate
		}
		visitor := ratelimit.Visitor{IP: s.Req.IP, UserAgent: s.Req.UserAgent, Country: s.Req.Country, Geo: s.Req.Geo}
		r := ok(l.Decide(ctx, ratelimit.Request{Key: s.Identifier, N: n, Visitor: visitor}))(t)
		reason := map[ratelimit.Reason]string{ratelimit.Blocked: "cacheBlock", ratelimit.Denied: "denyList"}[r.Reason]
		return result{
			Success: r.Allowed, Limit: r.Limit, Remaining: r.Remaining, Reset: millis(r.ResetAt),
			Reason: reason, DeniedValue: r.Denied,
		}
	case "getRemaining":
		r := ok(l.Peek(ctx, s.Identifier))(t)
		return result{Limit: r.Limit, Remaining: r.Remaining, Reset: millis(r.ResetAt)}
	case "resetUsedTokens":
		noErr(t, l.Reset(ctx, s.Identifier))
	case "setDynamicLimit":
		limit, _ := s.DynamicLimit.(float64) // false is none
		noErr(t, l.SetDynamicLimit(ctx, int64(limit)))
	case "getDynamicLimit":
		return result{DynamicLimit: ok(l.DynamicLimit(ctx))(t)}
	default:
		t.Fatalf("no such op: %s", s.Op)
	}
	return result{}
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
