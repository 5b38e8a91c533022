package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/lock"
)

// jobs is a program whose instances must not get in each other's way.
type jobs struct {
	rdb    *upstash.Client
	prefix string // of all keys
	out    io.Writer
}

const ttl = 500 * time.Millisecond // short, so that the demo is: the default is 10s

func (d jobs) locker(fenced bool) (*lock.Locker, error) {
	return lock.New(d.rdb, lock.Options{Prefix: d.prefix, TTL: ttl, Fenced: fenced})
}

// once: a job that another instance is busy with is skipped.
func (d jobs) once(ctx context.Context) error {
	locks, err := d.locker(false)
	if err != nil {
		return err
	}
	lease, err := locks.TryLock(ctx, "nightly")
	if err != nil {
		return err
	}
	_, err = locks.TryLock(ctx, "nightly")
	_, _ = fmt.Fprintln(d.out, "one instance works, and another one skips the job:", errors.Is(err, lock.ErrNotAcquired))
	return lease.Release(ctx)
}

// inTurn: read, add, write, by five instances at once. Without the lock they
// would overwrite each other.
func (d jobs) inTurn(ctx context.Context) error {
	locks, err := d.locker(false)
	if err != nil {
		return err
	}
	balance := d.prefix + ":balance"
	add := func(ctx context.Context, _ *lock.Lease) error {
		text, err := d.rdb.Get(ctx, balance)
		if err != nil && !errors.Is(err, upstash.ErrNil) {
			return err
		}
		n, _ := strconv.Atoi(text)
		return d.rdb.Set(ctx, balance, strconv.Itoa(n+1))
	}
	var all sync.WaitGroup
	failed := make([]error, 5)
	for i := range failed {
		all.Go(func() {
			for range 4 {
				failed[i] = errors.Join(failed[i], locks.With(ctx, "balance", add))
			}
		})
	}
	all.Wait()
	if err := errors.Join(failed...); err != nil {
		return err
	}
	total, err := d.rdb.Get(ctx, balance)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintln(d.out, "20 additions by 5 instances:", total)
	return nil
}

// overtaken: an instance stands still for longer than its lease, and another one
// goes on. The first one notices, and its write is refused.
func (d jobs) overtaken(ctx context.Context) error {
	locks, err := d.locker(true)
	if err != nil {
		return err
	}
	slow, err := locks.Lock(ctx, "report")
	if err != nil {
		return err
	}
	select { // as a function does that is frozen, or a long collection of garbage
	case <-time.After(2 * ttl):
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	next, err := locks.Lock(ctx, "report")
	if err != nil {
		return err
	}
	report := d.prefix + ":latest"
	if err := next.GuardedSet(ctx, report, "new"); err != nil {
		return err
	}
	err = slow.GuardedSet(ctx, report, "old")
	latest, readErr := d.rdb.Get(ctx, report)
	if readErr != nil {
		return readErr
	}
	_, _ = fmt.Fprintln(d.out, "the next holder has a higher number:", next.Fence() > slow.Fence())
	_, _ = fmt.Fprintln(d.out, "the write of the one that was too slow:", err)
	_, _ = fmt.Fprintln(d.out, "the report is", latest)
	return next.Release(ctx)
}

func (d jobs) cleanUp(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	keys := []string{d.prefix + ":balance", d.prefix + ":latest"}
	for _, name := range []string{"nightly", "balance", "report"} {
		keys = append(keys, d.prefix+":{"+name+"}", d.prefix+":{"+name+"}:fence")
	}
	_, err := d.rdb.Del(ctx, keys...)
	return err
}
