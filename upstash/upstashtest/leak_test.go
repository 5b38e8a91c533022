package upstashtest_test

import (
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// Servers leave nothing behind, however many a test process starts.
//
// It runs before the parallel tests, whose goroutines would be counted with its own.
func TestServersLeaveNothingBehind(t *testing.T) { //nolint:paralleltest // it counts the goroutines of the process
	serve := func(n int, o upstashtest.Options) {
		for range n {
			srv, err := upstashtest.NewServer(o)
			if err != nil {
				t.Fatal(err)
			}
			srv.Lag(1)
			srv.Intercept(upstashtest.On("DEL", upstashtest.Delay(time.Hour))) // never comes
			srv.InterceptAll(upstashtest.On("GET", upstashtest.ExecuteThenDrop))
			rdb := srv.Client()
			if err := rdb.Set(t.Context(), "k", "v"); err == nil {
				_, err = rdb.Get(t.Context(), "k")
				if err == nil {
					t.Fatal("the reply was not lost")
				}
			}
			srv.Close()
		}
	}
	before := runtime.NumGoroutine()
	serve(2000, upstashtest.Options{InProcess: true})
	serve(200, upstashtest.Options{})
	// What ends may take a moment longer than the call that ended it.
	deadline := time.After(10 * time.Second)
	for runtime.NumGoroutine() > before {
		select {
		case <-time.After(time.Millisecond):
		case <-deadline:
			stacks := make([]byte, 1<<20)
			t.Fatalf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
		}
	}
}

// All of it works where time is a bubble's: a bubble ends only when all of its
// goroutines have.
func TestEverythingInsideABubble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
		rdb := srv.Client()
		srv.InterceptAll(upstashtest.Delay(time.Second))
		srv.Lag(1)
		begin := time.Now()
		upstashtest.AssertCost(t, srv, upstashtest.Cost{RoundTrips: 2, Commands: 2}, func() {
			if err := rdb.Set(t.Context(), "k", "v"); err != nil {
				t.Error(err)
			}
			if v, err := rdb.Get(t.Context(), "k"); v != "v" || err != nil {
				t.Errorf("%q, %v", v, err)
			}
		})
		if took := time.Since(begin); took != 2*time.Second {
			t.Errorf("two requests took %v", took)
		}
		if srv.Evict("k") != 1 {
			t.Error("the key was not there")
		}
	})
}
