package cache

import "time"

// Memory keeps entries in the process, in front of Redis. New of package
// cache/memory makes one; who has none does not carry it.
//
// A Memory may forget anything at any time, and must forget an entry when its
// ttl has passed by the wall clock: time in which the process was frozen counts.
// It is safe for concurrent use. A Get that begins after a Set, a Delete or a
// Clear has returned does not see what was there before.
type Memory interface {
	// Get returns the text under key. It never blocks on anything but memory.
	Get(key string) (text string, ok bool)

	// Set puts text under key for ttl. What does not fit is not stored, and then
	// nothing is under key; so it is when ttl is 0 or less.
	Set(key, text string, ttl time.Duration)

	// Delete forgets keys, and Clear everything.
	Delete(keys ...string)
	Clear()
}
