package cache

import (
	"context"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// State says where a value came from.
type State uint8

// The states of a result.
const (
	Missed   State = iota // nothing valid was stored, and nothing was loaded
	Hit                   // a stored value within its TTL
	Stale                 // a stored value past its TTL, within one of the stale windows
	Negative              // a stored absence: [ErrNotFound]
	Loaded                // the loader was asked
	Bypass                // the loader was asked because Redis could not be read
)

// String names the state.
func (s State) String() string {
	switch s {
	case Hit:
		return "hit"
	case Stale:
		return "stale"
	case Negative:
		return "negative"
	case Loaded:
		return "loaded"
	case Bypass:
		return "bypass"
	default:
		return "miss"
	}
}

// Info is what happened during one call; see [Report].
type Info struct {
	State  State
	Shared bool // the load was begun by another caller of this process
	Stored bool // what was loaded is in the cache now

	// Refreshing says that a stored value was returned and that its refresh is
	// under way behind the call; see [Options.Background].
	Refreshing bool

	// InMemory says that the value came from [Options.Memory], without Redis.
	InMemory bool

	Age  time.Duration // of a stored value, by the clock of who stored it
	Cost Cost          // of this call, and of the load that it began

	// ReadErr and StoreErr are failures of Redis that the call did not return:
	// the value came from the loader, or was not stored. LoadErr is a failure
	// of the loader that a stale value stood in for.
	ReadErr  error
	StoreErr error
	LoadErr  error
}

// Cost is what was sent: round trips, and commands as they are billed. Attempts
// that the client repeats are not in it.
type Cost struct{ RoundTrips, Commands int }

// wire is the cache as one call or one load uses it: over a Doer that counts.
type wire struct {
	*Cache

	doer upstash.Doer
}

// wire counts into cost, which nobody else may touch meanwhile.
func (c *Cache) wire(cost *Cost) *wire { return &wire{Cache: c, doer: counting{c.doer, cost}} }

type counting struct {
	next upstash.Doer
	cost *Cost
}

// Do counts b and hands it on. A script is billed for itself and for each
// command inside; those that this package has say how many those are.
func (m counting) Do(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
	m.cost.RoundTrips++
	for _, c := range b.Commands {
		m.cost.Commands++
		if name := c.Name(); name == "EVAL" || name == "EVALSHA" {
			m.cost.Commands += insideScript(c)
		}
	}
	return upstash.Over(m.next).Do(ctx, b)
}

// insideScript is how many commands a script of this package runs where it does
// what it is for: swap.lua reads and writes one key, bare.lua the lease too.
func insideScript(c command.Args) int {
	if words := c.Words(); len(words) > 2 && words[2] == "2" {
		return 3
	}
	return 2
}
