package ratelimit_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// A service that reads the same settings as a TypeScript one, and decides under
// the same keys as new Ratelimit({ limiter: Ratelimit.slidingWindow(10, "10 s") }).
func ExampleParseWindow() {
	srv := exampleServer()
	defer srv.Close()
	window, err := ratelimit.ParseWindow("10 s")
	if err != nil {
		panic(err)
	}
	l := exampleLimiter(srv, ratelimit.Options{Limit: ratelimit.SlidingWindow(10, window), Mode: ratelimit.Compat})
	fmt.Println(tell(l.Allow(context.Background(), "user:1")))
	keys, err := srv.Client().Keys(context.Background(), "*")
	fmt.Println(keys, err)
	// Output:
	// allowed, 9 left
	// [@upstash/ratelimit:user:1:176726880] <nil>
}

// A plan with a limit of its own.
func ExampleLimiter_Decide() {
	srv := exampleServer()
	defer srv.Close()
	l := exampleLimiter(srv, ratelimit.Options{Limit: ratelimit.GCRA(10, time.Minute)})
	gold := ratelimit.GCRA(1000, time.Minute)
	fmt.Println(tell(l.Decide(context.Background(), ratelimit.Request{Key: "user:1", N: 1})))
	fmt.Println(tell(l.Decide(context.Background(), ratelimit.Request{Key: "user:2", N: 1, Limit: gold})))
	// Output:
	// allowed, 9 left
	// allowed, 999 left
}

func ExampleLimiter_Peek() {
	srv := exampleServer()
	defer srv.Close()
	l := exampleLimiter(srv, ratelimit.Options{Limit: ratelimit.GCRA(2, time.Minute)})
	fmt.Println(tell(l.AllowN(context.Background(), "user:1", 2)))
	fmt.Println(tell(l.Peek(context.Background(), "user:1")))
	fmt.Println(l.Reset(context.Background(), "user:1"))
	fmt.Println(tell(l.Peek(context.Background(), "user:1")))
	// Output:
	// allowed, 0 left
	// not before 12:00:30.000
	// <nil>
	// allowed, 2 left
}

// What failed is not counted.
func ExampleLimiter_Refund() {
	srv := exampleServer()
	defer srv.Close()
	l := exampleLimiter(srv, ratelimit.Options{Limit: ratelimit.GCRA(5, time.Minute)})
	fmt.Println(tell(l.AllowN(context.Background(), "user:1", 3)))
	fmt.Println(tell(l.Refund(context.Background(), "user:1", 3)))
	// Output:
	// allowed, 2 left
	// allowed, 5 left
}

// A worker does one thing after the other, as fast as the limit lets it, and not
// at all where the time that it has is too short.
func ExampleLimiter_Wait() {
	srv := exampleServer()
	defer srv.Close()
	l := exampleLimiter(srv, ratelimit.Options{Limit: ratelimit.GCRA(1, time.Hour)})
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	fmt.Println(l.Wait(ctx, "mailer"))
	fmt.Println(errors.Is(l.Wait(ctx, "mailer"), ratelimit.ErrTooLong)) // at once
	// Output:
	// <nil>
	// true
}

func ExampleLimiter_SetDynamicLimit() {
	srv := exampleServer()
	defer srv.Close()
	l := exampleLimiter(srv, ratelimit.Options{Limit: ratelimit.GCRA(100, time.Minute), DynamicLimit: true})
	fmt.Println(l.SetDynamicLimit(context.Background(), 10)) // for all processes
	fmt.Println(tell(l.Allow(context.Background(), "user:1")))
	// Output:
	// <nil>
	// allowed, 9 left
}

func ExampleLimiter_Deny() {
	srv := exampleServer()
	defer srv.Close()
	l := exampleLimiter(srv, ratelimit.Options{Limit: ratelimit.GCRA(100, time.Minute), DenyList: true})
	fmt.Println(l.Deny(context.Background(), "198.51.100.7"))
	r, err := l.Decide(context.Background(), ratelimit.Request{
		Key: "user:1", N: 1, Visitor: ratelimit.Visitor{IP: "198.51.100.7"},
	})
	fmt.Println(r.Allowed, r.Reason, r.Denied, err)
	// Output:
	// <nil>
	// false denied 198.51.100.7 <nil>
}

// A scheduled function keeps the addresses of a public list on the deny list.
func ExampleLimiter_UpdateIPList() {
	srv := exampleServer()
	defer srv.Close()
	l := exampleLimiter(srv, ratelimit.Options{Limit: ratelimit.GCRA(100, time.Minute), DenyList: true})
	fetch := func(context.Context) ([]netip.Addr, error) { // of an HTTP response, usually
		return ratelimit.ReadIPs(strings.NewReader("198.51.100.7\n203.0.113.9\n"))
	}
	fmt.Println(l.UpdateIPList(context.Background(), fetch))
	fmt.Println(l.UpdateIPList(context.Background(), fetch)) // tomorrow again
	r, err := l.Decide(context.Background(), ratelimit.Request{Key: "user:1", N: 1, Visitor: ratelimit.Visitor{IP: "203.0.113.9"}})
	fmt.Println(r.Allowed, r.Reason, err)
	// Output:
	// true <nil>
	// false <nil>
	// false denied <nil>
}

// Counts travel with the next decision; the last ones are sent before the
// process ends.
func ExampleLimiter_Flush() {
	srv := exampleServer()
	defer srv.Close()
	l := exampleLimiter(srv, ratelimit.Options{Limit: ratelimit.GCRA(100, time.Minute), Analytics: true})
	for range 3 {
		fmt.Println(tell(l.Allow(context.Background(), "user:1")))
	}
	fmt.Println(l.Flush(context.Background()))
	counts, err := srv.Client().ZRangeWithScores(context.Background(), "@upstash/ratelimit:events:1767268800000", 0, -1)
	fmt.Println(counts, err)
	// Output:
	// allowed, 99 left
	// allowed, 98 left
	// allowed, 97 left
	// <nil>
	// [{{"identifier":"user:1","success":true} 3}] <nil>
}

// A limit is tried on real traffic before it refuses anybody.
func ExampleResult_shadow() {
	srv := exampleServer()
	defer srv.Close()
	l := exampleLimiter(srv, ratelimit.Options{Limit: ratelimit.GCRA(1, time.Minute), Shadow: true})
	for range 2 {
		r, err := l.Allow(context.Background(), "user:1")
		fmt.Println(r.Allowed, "would be refused:", r.Shadow, err)
	}
	// Output:
	// true would be refused: false <nil>
	// true would be refused: true <nil>
}

// While the store is away each of four processes grants a quarter of the limit.
func ExampleFailure() {
	srv := exampleServer()
	defer srv.Close()
	away := upstash.DoerFunc(func(context.Context, upstash.Batch) ([]command.Reply, error) {
		return nil, errors.New("the store is away")
	})
	l, err := ratelimit.New(away, ratelimit.Options{
		Limit: ratelimit.GCRA(8, time.Minute), OnFailure: ratelimit.FailLocal, Instances: 4, Clock: srv.Now,
		ObserveFailure: func(_ context.Context, err error) { fmt.Println("log:", err) },
	})
	if err != nil {
		panic(err)
	}
	for range 3 {
		r, err := l.Allow(context.Background(), "user:1")
		fmt.Println(r.Allowed, r.Reason, err)
	}
	// Output:
	// log: the store is away
	// true failed <nil>
	// log: the store is away
	// true failed <nil>
	// log: the store is away
	// false failed <nil>
}

// A request is within the limit of its user and that of the tenant, or counts
// for neither.
func ExampleAllowAll() {
	srv := exampleServer()
	defer srv.Close()
	user := exampleLimiter(srv, ratelimit.Options{Name: "user", Prefix: "api:u", Limit: ratelimit.GCRA(10, time.Minute)})
	tenant := exampleLimiter(srv, ratelimit.Options{Name: "tenant", Prefix: "api:t", Limit: ratelimit.GCRA(15, time.Minute)})
	for _, id := range []string{"1", "2"} {
		r, err := ratelimit.AllowAll(context.Background(),
			ratelimit.Claim{Limiter: user, Key: id, N: 8},
			ratelimit.Claim{Limiter: tenant, Key: "acme", N: 8},
		)
		fmt.Println(r.Allowed, r.Policy.Name, err)
	}
	fmt.Println(tell(user.Peek(context.Background(), "2")))
	// Output:
	// true user <nil>
	// false tenant <nil>
	// allowed, 10 left
}
