package upstash_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// TestClockSkew: whatever the clocks and the way of the request, the true skew is
// within what is told, and that is as narrow as whole seconds let it be.
func TestClockSkew(t *testing.T) {
	t.Parallel()
	for _, skew := range []time.Duration{0, 5 * time.Second, -5 * time.Second, 300 * time.Millisecond, -1234567 * time.Microsecond, 40 * time.Hour} {
		for _, way := range []time.Duration{0, 700 * time.Millisecond} {
			synctest.Test(t, func(t *testing.T) {
				srv := upstashtest.New(t, upstashtest.Options{InProcess: true, Clock: func() time.Time { return time.Now().Add(skew) }})
				rdb := srv.Client()
				if ahead, within := rdb.ClockSkew(); ahead != 0 || within != 0 {
					t.Errorf("%v, give or take %v, before the first response", ahead, within)
				}
				time.Sleep(37 * time.Millisecond) // bubble: somewhere in a second
				if way > 0 {
					srv.Intercept(upstashtest.Delay(way))
				}
				if _, err := rdb.Del(t.Context(), "k"); err != nil {
					t.Fatal(err)
				}
				ahead, within := rdb.ClockSkew()
				if off := skew - ahead; off < -within || off > within {
					t.Errorf("%v, %v on the way: %v, give or take %v", skew, way, ahead, within)
				}
				if want := (time.Second + way) / 2; within != want {
					t.Errorf("%v, %v on the way: give or take %v, want %v", skew, way, within, want)
				}
			})
		}
	}
}

// A response without a Date, or with one that is none, teaches nothing.
func TestClockSkewWithoutDate(t *testing.T) {
	t.Parallel()
	for _, header := range [][]string{nil, {"Date", "yesterday"}} {
		rdb := newClient(t, &scripted{steps: []step{failing(500, `{"error":"ERR"}`, header...)}})
		_, _ = rdb.Get(t.Context(), "k") // it fails
		if ahead, within := rdb.ClockSkew(); ahead != 0 || within != 0 {
			t.Errorf("%v, give or take %v", ahead, within)
		}
	}
	if ahead, within := new(upstash.Client).ClockSkew(); ahead != 0 || within != 0 {
		t.Errorf("%v, give or take %v", ahead, within)
	}
}
