// Package memory keeps cache entries in the process, bounded by bytes: the tier
// that package cache has in front of Redis where a program asks for it.
//
//	store := memory.New(64 << 20) // a cache.Memory
//
// What stays and what goes is decided by W-TinyLFU, of the library otter: what
// was read seldom and long ago goes first. Only programs that import this
// package carry it.
//
// Nothing runs in the background. Entries expire when they are looked at, or as
// later calls clean up, so that a Lambda function can be frozen at any moment;
// and the time that it was frozen counts. There is nothing to close.
package memory

import (
	"math"
	"time"

	"github.com/maypok86/otter/v2"
)

const (
	// defaultBytes is small beside the smallest Lambda function, 128 MB.
	defaultBytes = 32 << 20
	// overhead is what an entry takes besides its key and its text, in bytes.
	// TestOverhead measures it.
	overhead = 160
)

// Store is entries in memory. It is safe for concurrent use; make it with [New].
type Store struct {
	entries *otter.Cache[string, entry]
	max     int
}

type entry struct {
	text string
	ttl  time.Duration
}

// New returns a store that takes at most about maxBytes of memory, keys and
// bookkeeping counted. For 0 or less it takes 32 MiB.
func New(maxBytes int) *Store { return newStore(maxBytes, readClocks) }

func newStore(maxBytes int, read func() reading) *Store {
	if maxBytes <= 0 {
		maxBytes = defaultBytes
	}
	return &Store{max: maxBytes, entries: otter.Must(&otter.Options[string, entry]{
		MaximumWeight:    uint64(maxBytes),
		Weigher:          func(key string, e entry) uint32 { return clamp(size(key, e.text)) },
		ExpiryCalculator: otter.ExpiryWritingFunc(func(e otter.Entry[string, entry]) time.Duration { return e.Value.ttl }),
		Clock:            newClock(read),
		// On the caller's goroutine: it is short, and nothing is left to run when
		// the call has returned.
		Executor: func(maintain func()) { maintain() },
	})}
}

// Get returns the text under key, unless it has expired.
func (s *Store) Get(key string) (text string, ok bool) {
	e, ok := s.entries.GetIfPresent(key)
	return e.text, ok
}

// Set puts text under key for ttl. What is larger than the store is not stored,
// and then nothing is under key; so it is when ttl is 0 or less.
func (s *Store) Set(key, text string, ttl time.Duration) {
	if ttl <= 0 || size(key, text) > s.max {
		s.entries.Invalidate(key)
		return
	}
	s.entries.Set(key, entry{text, ttl})
}

// Delete forgets keys.
func (s *Store) Delete(keys ...string) {
	for _, key := range keys {
		s.entries.Invalidate(key)
	}
}

// Clear forgets everything.
func (s *Store) Clear() { s.entries.InvalidateAll() }

// Bytes is what the store takes now. While several goroutines write it can be
// above the limit for a moment.
func (s *Store) Bytes() int {
	s.entries.CleanUp()
	return int(min(s.entries.WeightedSize(), math.MaxInt))
}

func size(key, text string) int { return overhead + len(key) + len(text) }

// clamp is a size as otter counts it. One entry of 4 GiB counts as a byte less.
func clamp(n int) uint32 {
	return uint32(min(uint64(n), math.MaxUint32)) //nolint:gosec // a size is never negative
}
