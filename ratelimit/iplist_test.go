package ratelimit_test

import (
	"context"
	"errors"
	"io"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// ips is a list that says how often it was fetched.
type ips struct {
	texts   []string
	fetched int
	err     error
}

func (l *ips) fetch(context.Context) ([]netip.Addr, error) {
	l.fetched++
	if l.err != nil {
		return nil, l.err
	}
	return ratelimit.ReadIPs(strings.NewReader(strings.Join(l.texts, "\n")))
}

func (l *ips) update(t *testing.T, by *ratelimit.Limiter) bool {
	t.Helper()
	return ok(by.UpdateIPList(t.Context(), l.fetch))(t)
}

func denied(t *testing.T, rdb *upstash.Client) []string {
	t.Helper()
	return slices.Sorted(slices.Values(ok(rdb.SMembers(t.Context(), "p:denyList:all"))(t)))
}

// TestIPList: one of several processes fetches, once before each 02:00 UTC.
func TestIPList(t *testing.T) {
	t.Parallel()
	srv, now := newServer(t)
	now.ms.Store(time.Date(2026, 5, 1, 22, 0, 0, 0, time.UTC).UnixMilli())
	o := ratelimit.Options{Limit: ratelimit.GCRA(10, time.Minute), Prefix: "p", DenyList: true}
	l, other := newLimiter(t, srv.Client(), now, o), newLimiter(t, srv.Client(), now, o)
	noErr(t, l.Deny(t.Context(), "BadBot", "192.0.2.9"))

	list := &ips{texts: []string{"192.0.2.1", "::ffff:192.0.2.2", "2001:DB8::1", "192.0.2.9"}}
	upstashtest.AssertCost(t, srv, upstashtest.Cost{RoundTrips: 2, Commands: 7}, func() { check(t, "updated", true, list.update(t, l)) })
	upstashtest.AssertCost(t, srv, upstashtest.Cost{RoundTrips: 1, Commands: 1}, func() { check(t, "updated", false, list.update(t, other)) })
	check(t, "all", []string{"192.0.2.1", "192.0.2.2", "192.0.2.9", "2001:db8::1", "BadBot"}, denied(t, srv.Client()))
	r := ok(other.Decide(t.Context(), ratelimit.Request{Key: "u", N: 1, Visitor: ratelimit.Visitor{IP: "2001:db8::1"}}))(t)
	check(t, "denied", ratelimit.Denied, r.Reason)

	now.Advance(4*time.Hour - time.Millisecond)
	check(t, "updated before 02:00", false, list.update(t, l))
	now.Advance(2 * time.Millisecond)
	list.texts = []string{"192.0.2.3"}
	check(t, "updated at 02:00", true, list.update(t, other))
	check(t, "all", []string{"192.0.2.3", "192.0.2.9", "BadBot"}, denied(t, srv.Client()))
	check(t, "valid for", 24*time.Hour-time.Millisecond, ok(srv.Client().PTTL(t.Context(), "p:ipDenyListStatus"))(t).V)

	upstashtest.AssertCost(t, srv, upstashtest.Cost{RoundTrips: 1, Commands: 3}, func() { noErr(t, l.DisableIPList(t.Context())) })
	check(t, "all", []string{"192.0.2.9", "BadBot"}, denied(t, srv.Client()))
	now.Advance(100 * time.Hour)
	check(t, "disabled for ever", false, list.update(t, l))
	upstashtest.AssertCost(t, srv, upstashtest.Cost{RoundTrips: 1, Commands: 1}, func() { noErr(t, l.EnableIPList(t.Context())) })
	list.texts = nil
	check(t, "enabled", true, list.update(t, l))
	check(t, "nothing of an empty list", []string{"192.0.2.9", "BadBot"}, denied(t, srv.Client()))
	check(t, "fetched", 3, list.fetched)
}

// TestIPListFails: what was there stays, and somebody tries again later.
func TestIPListFails(t *testing.T) {
	t.Parallel()
	srv, now := newServer(t)
	l := newLimiter(t, srv.Client(), now, ratelimit.Options{Limit: ratelimit.GCRA(10, time.Minute), Prefix: "p"})
	list := &ips{texts: []string{"192.0.2.1"}}
	list.update(t, l)
	noErr(t, l.EnableIPList(t.Context()))

	_, err := l.UpdateIPList(t.Context(), nil)
	check(t, "nothing to fetch with is an error", true, err != nil)
	down := errors.New("down")
	for name, fetch := range map[string]func(context.Context) ([]netip.Addr, error){
		"error":         func(context.Context) ([]netip.Addr, error) { return nil, down },
		"no addresses":  func(context.Context) ([]netip.Addr, error) { return []netip.Addr{{}}, nil },
		"no connection": func(context.Context) ([]netip.Addr, error) { srv.Intercept(upstashtest.DropBefore); return nil, nil },
	} {
		updated, err := l.UpdateIPList(t.Context(), fetch)
		check(t, name+": updated, failed", []bool{false, true}, []bool{updated, err != nil})
		check(t, name+": is the cause", name == "error", errors.Is(err, down))
		check(t, name+": at once", false, list.update(t, l))
		check(t, name+": all", []string{"192.0.2.1"}, denied(t, srv.Client()))
		now.Advance(31 * time.Second)
	}
	list.texts = []string{"192.0.2.2"}
	check(t, "later", true, list.update(t, l))
	check(t, "all", []string{"192.0.2.2"}, denied(t, srv.Client()))
}

func TestReadIPs(t *testing.T) {
	t.Parallel()
	got := ok(ratelimit.ReadIPs(strings.NewReader("# list\n\n192.0.2.1\t7\r\n 2001:db8::1 # seen\n")))(t)
	check(t, "addresses", []string{"192.0.2.1", "2001:db8::1"}, []string{got[0].String(), got[1].String()})
	for text, says := range map[string]string{
		"192.0.2.1\n192.0.2.0/24": "line 2", "<html>": "line 1", strings.Repeat("x", 1<<17): "cannot be read",
	} {
		_, err := ratelimit.ReadIPs(strings.NewReader(text))
		if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), text) {
			t.Errorf("%.20s: %v", text, err)
		}
	}
	_, err := ratelimit.ReadIPs(iotest.ErrReader(io.ErrUnexpectedEOF))
	check(t, "is the cause", true, errors.Is(err, io.ErrUnexpectedEOF))
}
