package cache

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// Goroutine is an [Options.Background] for programs that run until they are
// told to stop, such as a server: work goes on in a goroutine of its own. Call
// [Cache.Drain] before the program ends. In a function that is frozen after its
// reply, use what the platform has for work after it, such as lambda.Go.
func Goroutine(ctx context.Context, work func(ctx context.Context)) {
	go work(context.WithoutCancel(ctx))
}

// background counts the loads that run behind the calls that began them.
type background struct {
	mu       sync.Mutex
	running  map[*flight]string // and their keys
	draining int
	changed  chan struct{} // closed, and made anew, when one of them ends
}

// behind has a flight run on behind its caller, and reports whether it does: not
// without [Options.Background], not above [Options.MaxBackground], and not while
// the cache drains. The flight's place among its callers goes over to the work.
func (c *Cache) behind(ctx context.Context, key string, f *flight) bool {
	if c.opts.Background == nil || !c.background.enter(f, key, c.opts.MaxBackground) {
		if c.opts.Background != nil {
			c.count(&c.stats.dropped)
		}
		return false
	}
	c.opts.Background(ctx, func(ctx context.Context) {
		defer c.background.leave(f)
		select {
		case <-f.done:
		case <-ctx.Done(): // the time of the invocation is up
		}
		c.flights.leave(f)
		select {
		case <-f.done:
			if f.err != nil && !errors.Is(f.err, ErrNotFound) {
				c.report(ctx, f.err)
			}
		default:
		}
	})
	return true
}

func (b *background) enter(f *flight, key string, most int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.draining > 0 || len(b.running) >= most {
		return false
	}
	if b.running == nil {
		b.running, b.changed = make(map[*flight]string), make(chan struct{})
	}
	b.running[f] = key
	return true
}

func (b *background) leave(f *flight) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.running, f)
	close(b.changed)
	b.changed = make(chan struct{})
}

// Drain waits until no load runs behind a call, or until ctx ends: then the
// error is a [*DrainError]. While it waits, calls load within themselves what
// they would have loaded behind. Call it before a process is frozen or ends;
// where nothing is under way it returns at once. It may be called again.
func (c *Cache) Drain(ctx context.Context) error {
	b := &c.background
	b.mu.Lock()
	defer b.mu.Unlock()
	b.draining++
	defer func() { b.draining-- }()
	for len(b.running) > 0 {
		changed := b.changed
		b.mu.Unlock()
		select {
		case <-changed:
			b.mu.Lock()
		case <-ctx.Done():
			b.mu.Lock()
			if len(b.running) > 0 {
				return b.unfinished(context.Cause(ctx))
			}
		}
	}
	return nil
}

func (b *background) unfinished(cause error) error {
	e := &DrainError{cause: cause}
	for _, key := range b.running {
		e.Keys = append(e.Keys, key)
	}
	slices.Sort(e.Keys)
	return e
}

// DrainError says which loads were still under way when [Cache.Drain] had to
// return. Their leases end by themselves.
type DrainError struct {
	Keys  []string // with the view's prefix; not in the error's text
	cause error
}

// Error says how many loads are left.
func (e *DrainError) Error() string {
	return fmt.Sprintf("cache: %d loads are still under way: %v", len(e.Keys), e.cause)
}

// Unwrap returns why Drain did not wait any longer.
func (e *DrainError) Unwrap() error { return e.cause }
