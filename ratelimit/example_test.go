package ratelimit_test

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// exampleServer is a local server whose time stands still, for outputs that are
// always the same.
func exampleServer() *upstashtest.Server {
	noon := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	srv, err := upstashtest.NewServer(upstashtest.Options{InProcess: true, Clock: func() time.Time { return noon }})
	if err != nil {
		panic(err)
	}
	return srv
}

func exampleLimiter(srv *upstashtest.Server, o ratelimit.Options) *ratelimit.Limiter {
	o.Clock = srv.Now // in production time.Now, which is the default
	l, err := ratelimit.New(srv.Client(), o)
	if err != nil {
		panic(err)
	}
	return l
}

func tell(r ratelimit.Result, err error) string {
	switch {
	case err != nil:
		return err.Error()
	case r.Allowed:
		return fmt.Sprint("allowed, ", r.Remaining, " left")
	default:
		return r.RetryAt.Format("not before 15:04:05.000")
	}
}

func Example() {
	srv := exampleServer() // in production: rdb, err := upstash.FromEnv()
	defer srv.Close()
	ctx := context.Background()

	l, err := ratelimit.New(srv.Client(), ratelimit.Options{
		Limit: ratelimit.GCRA(2, time.Minute),
		Clock: srv.Now,
	})
	if err != nil {
		panic(err)
	}
	for range 3 {
		r, err := l.Allow(ctx, "user:1")
		fmt.Println(r.Allowed, r.Remaining, r.RetryAt.Sub(srv.Now()) > 0, err)
	}
	// Output:
	// true 1 false <nil>
	// true 0 false <nil>
	// false 0 true <nil>
}

func ExampleGCRA() {
	srv := exampleServer()
	defer srv.Close()
	l := exampleLimiter(srv, ratelimit.Options{Limit: ratelimit.GCRA(60, time.Minute).Burst(2)})
	for range 3 {
		fmt.Println(tell(l.Allow(context.Background(), "user:1")))
	}
	srv.Advance(time.Second)
	fmt.Println(tell(l.Allow(context.Background(), "user:1")))
	// Output:
	// allowed, 1 left
	// allowed, 0 left
	// not before 12:00:01.000
	// allowed, 0 left
}

func ExampleFixedWindow() {
	srv := exampleServer()
	defer srv.Close()
	l := exampleLimiter(srv, ratelimit.Options{Limit: ratelimit.FixedWindow(10, time.Minute)})
	srv.Advance(45 * time.Second)
	fmt.Println(tell(l.AllowN(context.Background(), "user:1", 8)))
	fmt.Println(tell(l.AllowN(context.Background(), "user:1", 3)))
	fmt.Println(tell(l.AllowN(context.Background(), "user:1", 2)))
	fmt.Println(tell(l.AllowN(context.Background(), "user:1", 11)))
	// Output:
	// allowed, 2 left
	// not before 12:01:00.000
	// allowed, 0 left
	// ratelimit: a cost of 11 was asked of limit "default": it must be from 1 to 10
}

func ExampleSlidingWindow() {
	srv := exampleServer()
	defer srv.Close()
	l := exampleLimiter(srv, ratelimit.Options{Limit: ratelimit.SlidingWindow(10, time.Minute)})
	fmt.Println(tell(l.AllowN(context.Background(), "user:1", 10)))
	srv.Advance(90 * time.Second) // half of the ten still count
	fmt.Println(tell(l.AllowN(context.Background(), "user:1", 6)))
	fmt.Println(tell(l.AllowN(context.Background(), "user:1", 5)))
	// Output:
	// allowed, 0 left
	// not before 12:01:30.001
	// allowed, 0 left
}

func ExampleTokenBucket() {
	srv := exampleServer()
	defer srv.Close()
	l := exampleLimiter(srv, ratelimit.Options{Limit: ratelimit.TokenBucket(5, 2, time.Second)})
	fmt.Println(tell(l.AllowN(context.Background(), "user:1", 5)))
	fmt.Println(tell(l.AllowN(context.Background(), "user:1", 3))) // two refills
	// Output:
	// allowed, 0 left
	// not before 12:00:02.000
}

func ExampleSlidingLog() {
	srv := exampleServer()
	defer srv.Close()
	l := exampleLimiter(srv, ratelimit.Options{Limit: ratelimit.SlidingLog(2, time.Minute)})
	fmt.Println(tell(l.Allow(context.Background(), "user:1")))
	srv.Advance(10 * time.Second)
	fmt.Println(tell(l.Allow(context.Background(), "user:1")))
	fmt.Println(tell(l.Allow(context.Background(), "user:1"))) // when the first one is a minute old
	// Output:
	// allowed, 1 left
	// allowed, 0 left
	// not before 12:01:00.000
}

func ExampleJoin() {
	srv := exampleServer()
	defer srv.Close()
	second := exampleLimiter(srv, ratelimit.Options{Name: "second", Prefix: "api:s", Limit: ratelimit.GCRA(2, time.Second)})
	day := exampleLimiter(srv, ratelimit.Options{Name: "day", Prefix: "api:d", Limit: ratelimit.FixedWindow(1000, 24*time.Hour)})
	both, err := ratelimit.Join(second, day)
	if err != nil {
		panic(err)
	}
	for range 3 {
		r, err := both.Allow(context.Background(), "user:1")
		fmt.Println(r.Allowed, r.Policy.Name, r.Remaining, err)
	}
	// Output:
	// true second 1 <nil>
	// true second 0 <nil>
	// false second 0 <nil>
}

func ExampleLimiter_AllowUpTo() {
	srv := exampleServer()
	defer srv.Close()
	l := exampleLimiter(srv, ratelimit.Options{Limit: ratelimit.GCRA(100, time.Minute)})
	for range 2 {
		granted, _, err := l.AllowUpTo(context.Background(), "mailer", 70)
		fmt.Println("send", granted, err)
	}
	// Output:
	// send 70 <nil>
	// send 30 <nil>
}

func ExampleLimiter_Lease() {
	srv := exampleServer()
	defer srv.Close()
	l := exampleLimiter(srv, ratelimit.Options{Limit: ratelimit.FixedWindow(1000, time.Minute)})
	lease, err := l.Lease("worker", 50)
	if err != nil {
		panic(err)
	}
	granted := 0
	for range 500 {
		if r, err := lease.Allow(context.Background()); err == nil && r.Allowed {
			granted++
		}
	}
	fmt.Println(granted, "granted with", srv.Meter().RoundTrips-1, "round trips and one for the script")
	fmt.Println(lease.Close(context.Background()))
	// Output:
	// 500 granted with 10 round trips and one for the script
	// <nil>
}
