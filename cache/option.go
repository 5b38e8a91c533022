package cache

import "time"

// Option changes one call.
type Option func(*call)

// call is what one operation on a view needs to know.
type call struct {
	key         string // the user's, with the view's prefix
	tags        []string
	ttl         time.Duration
	negativeTTL time.Duration
	typeName    string
	codec       Codec // bound to the key
	foreign     bool
	info        *Info
}

// Tags adds tags to those of the view, for this call. Readers should declare
// the tags that writers use: an entry that lacks a declared tag is a miss, and
// one that has more costs a second round trip to check.
func Tags(tags ...string) Option {
	return func(c *call) { c.tags = append(c.tags, tags...) }
}

// TTL replaces the view's TTL for what this call stores.
func TTL(d time.Duration) Option { return func(c *call) { c.ttl = d } }

// Report fills info with what happened during the call.
func Report(info *Info) Option { return func(c *call) { c.info = info } }

// State says where a value came from.
type State uint8

// The states of a result.
const (
	Missed   State = iota // nothing valid was stored, and nothing was loaded
	Hit                   // a stored value
	Negative              // a stored absence: [ErrNotFound]
	Loaded                // the loader was asked
)

// String names the state.
func (s State) String() string {
	switch s {
	case Hit:
		return "hit"
	case Negative:
		return "negative"
	case Loaded:
		return "loaded"
	default:
		return "miss"
	}
}

// Info is what happened during one call; see [Report].
type Info struct {
	State  State
	Shared bool          // the load was begun by another caller of this process
	Stored bool          // what was loaded is in the cache now
	Age    time.Duration // of a hit, by the clock of who stored it

	// ReadErr and StoreErr are failures of Redis that the call did not return:
	// the value came from the loader, or was not stored.
	ReadErr  error
	StoreErr error
}
