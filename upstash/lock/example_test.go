package lock_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/lock"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func Example() {
	srv, err := upstashtest.NewServer(upstashtest.Options{}) // in production: rdb, err := upstash.FromEnv()
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	ctx, rdb := context.Background(), srv.Client()

	locks, err := lock.New(rdb, lock.Options{TTL: 30 * time.Second})
	if err != nil {
		log.Fatal(err)
	}
	err = locks.With(ctx, "invoice:7", func(ctx context.Context, _ *lock.Lease) error {
		_, err := locks.TryLock(ctx, "invoice:7")
		fmt.Println("somebody else:", err)
		return rdb.Set(ctx, "invoice:7", "sent")
	})
	fmt.Println("done:", err)
	// Output:
	// somebody else: lock: not acquired
	// done: <nil>
}

// A job that may overlap with its next run skips the run instead of waiting.
func ExampleLocker_TryLock() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	ctx := context.Background()
	locks, err := lock.New(srv.Client(), lock.Options{TTL: time.Minute})
	if err != nil {
		log.Fatal(err)
	}

	run := func(name string) (*lock.Lease, error) {
		lease, err := locks.TryLock(ctx, "nightly")
		if errors.Is(err, lock.ErrNotAcquired) {
			fmt.Println(name, "skips")
			return nil, nil //nolint:nilnil // as the caller of this example expects
		}
		fmt.Println(name, "runs")
		return lease, err
	}
	lease, err := run("the first")
	if err != nil {
		log.Fatal(err)
	}
	if _, err := run("the second"); err != nil {
		log.Fatal(err)
	}
	if err := lease.Release(ctx); err != nil {
		log.Fatal(err)
	}
	if _, err := run("the third"); err != nil {
		log.Fatal(err)
	}
	// Output:
	// the first runs
	// the second skips
	// the third runs
}

// A holder that was frozen for too long cannot overwrite what came after it.
func ExampleLease_GuardedSet() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	ctx, rdb := context.Background(), srv.Client()
	locks, err := lock.New(rdb, lock.Options{TTL: time.Minute, Fenced: true})
	if err != nil {
		log.Fatal(err)
	}

	first, err := locks.Lock(ctx, "report")
	if err != nil {
		log.Fatal(err)
	}
	srv.Advance(time.Hour) // for the server; the first holder does not notice
	second, err := locks.Lock(ctx, "report")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("the second has a higher token:", second.Fence() > first.Fence())
	fmt.Println("the second writes:", second.GuardedSet(ctx, "report:latest", "new"))
	fmt.Println("the first writes:", first.GuardedSet(ctx, "report:latest", "old"))
	latest, err := rdb.Get(ctx, "report:latest")
	fmt.Println(latest, err)
	// Output:
	// the second has a higher token: true
	// the second writes: <nil>
	// the first writes: lock: the lease is lost
	// new <nil>
}

// Work that takes longer than a TTL extends its lease at points of its choice.
func ExampleLease_Extend() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	ctx := context.Background()
	locks, err := lock.New(srv.Client(), lock.Options{TTL: time.Minute})
	if err != nil {
		log.Fatal(err)
	}

	lease, err := locks.Lock(ctx, "import")
	if err != nil {
		log.Fatal(err)
	}
	for _, page := range []string{"page 1", "page 2"} {
		fmt.Println(page)
		if err := lease.Extend(ctx); err != nil { // one round trip; lock.ErrLost: stop
			log.Fatal(err)
		}
	}
	fmt.Println(lease.Release(ctx))
	// Output:
	// page 1
	// page 2
	// <nil>
}
