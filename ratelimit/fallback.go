package ratelimit

import (
	"errors"
	"sync"
)

// maxFallback bounds the keys that are counted while the store is away.
const maxFallback = 10_000

// fallback counts in the process, by GCRA whatever the limiter's algorithm is:
// it needs one instant for each key and has no edges.
type fallback struct {
	algorithm Algorithm

	mu   sync.Mutex
	keys map[string]tally
}

// newFallback divides the limit among the processes that share it.
func newFallback(a Algorithm, instances int) (*fallback, error) {
	local := GCRA(max(a.capacity()/int64(instances), 1), a.policy("").Window)
	if local.validate() != nil {
		return nil, errors.New("ratelimit: FailLocal is for limits whose product with the window in milliseconds is below 2^53")
	}
	return &fallback{algorithm: local, keys: make(map[string]tally)}, nil
}

// take grants n units of a key, or says when it could.
func (f *fallback) take(key string, n, now int64) Result {
	f.mu.Lock()
	defer f.mu.Unlock()
	a, t := f.algorithm, f.keys[key]
	if t.a < now {
		t.a, t.b = now, 0
	}
	t.limit = a.limit
	before := a.read(t, now, n)
	if n > before.remaining {
		retry := before.retry
		if retry == 0 {
			retry = now + failedRetry.Milliseconds()
		}
		return Result{Limit: a.limit, Remaining: before.remaining, ResetAt: instant(before.reset), RetryAt: instant(retry)}
	}
	parts := t.b + n*a.window
	t.a, t.b = t.a+parts/a.limit, parts%a.limit
	if _, is := f.keys[key]; !is && len(f.keys) >= maxFallback {
		for other := range f.keys {
			delete(f.keys, other)
			break
		}
	}
	f.keys[key] = t
	after := a.read(t, now, n)
	return Result{Allowed: true, Limit: a.limit, Remaining: after.remaining, ResetAt: instant(after.reset)}
}

// refund gives back n units that take granted. A nil fallback granted none.
func (f *fallback) refund(key string, n, now int64) {
	if f == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	a, t := f.algorithm, f.keys[key]
	parts := max((t.a-now)*a.limit+t.b-n*a.window, 0)
	f.keys[key] = tally{a: now + parts/a.limit, b: parts % a.limit}
}
