package cache

import "time"

// ViewOptions describes the entries of one kind. Every field may stay zero.
type ViewOptions struct {
	// Prefix is put in front of every key, for example "product:".
	Prefix string

	// TTL is how long a value is fresh, at least 1ms. Default 1 hour.
	TTL time.Duration

	// StaleWhileRevalidate is how long after its TTL a value is still served,
	// while one caller of one process loads it anew; see [Options.Background].
	// StaleIfError is how long after its TTL a value is served when the loader
	// fails; its error is then in [Info.LoadErr]. An invalidated value is in
	// neither. An entry is kept for TTL and the longer of the two. Default 0.
	StaleWhileRevalidate time.Duration
	StaleIfError         time.Duration

	// StaleIfErrorAfterInvalidate lets a value that was invalidated stand in
	// too when the loader fails, within the TTL and StaleIfError. That breaks
	// the promise of [View.GetOrLoad], for sources whose old data is better
	// than none.
	StaleIfErrorAfterInvalidate bool

	// SoftTimeout is how long a call waits for the loader where an old value
	// could stand in within StaleIfError. The load goes on behind the call if
	// it may, see [Options.Background], and ends otherwise. Default 0: as long
	// as it takes.
	SoftTimeout time.Duration

	// EarlyRefresh is the beta of the XFetch algorithm: the higher, the earlier
	// one reader refreshes a value that is about to end, so that not all of
	// them miss it. With 1, a value that takes 400ms to load is refreshed 1s
	// before its end with a probability of 8% for each read. It costs nothing
	// where loads are quick. Default 1; negative for never.
	EarlyRefresh float64

	// Jitter spreads the ends of entries that were stored together: each lives
	// shorter by up to this part of its TTL, the same part for the same key
	// every time. Default 0.1; negative for none.
	Jitter float64

	// NegativeTTL is how long it is remembered that something does not exist.
	// Default 0: not at all.
	NegativeTTL time.Duration

	// Tags are carried by every entry. Tags per key come from TagsOf. Each tag
	// is one more key in the single command that reads an entry; at most 64
	// in all.
	Tags   []string
	TagsOf func(key string) []string

	// TypeName tells entries of different types apart: one that was stored
	// under another name is a miss. Default: the Go name of the type, such as
	// "shop.Product". Set it where programs whose packages differ share entries.
	TypeName string

	// Codec says how values are written. Default [JSON].
	Codec Codec

	// Foreign makes superjson documents that another program stored under the
	// view's keys, without a header of this package, values of the view:
	// redis.set(key, superjson.stringify(value)) in TypeScript. They are fresh as
	// long as Redis keeps them and have no tags, so that neither Invalidate nor
	// Purge reaches them, only Delete, Set and their own writer. They have to be
	// in the form of Codec. Default: they are misses.
	Foreign bool
}
