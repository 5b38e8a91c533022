package upstashtest

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Frozen is the lag of a replica that learns nothing until [Server.Replicate].
const Frozen = math.MaxInt

// Lag has reads answered by a replica that is some write requests behind: with a
// lag of one, a read does not see what the last request wrote. Zero, which is
// what a server starts with, ends that; [Frozen] stops the replica where it is.
//
// A request goes to the replica when all its commands only read and its sync
// token demands nothing newer; every other request sees the newest data. A
// client that sends the token of its last response so reads its own writes, and
// one that does not reads old data. A request counts as a write when one of its
// commands might write, whether it did or not; scripts that are not run by
// EVAL_RO or EVALSHA_RO might. Scripts themselves are known everywhere at once,
// and keys expire everywhere at the same time.
//
// The replica never goes back: a longer lag begins where the replica is.
//
// It is meant for small data: with a lag, each write request has all keys copied,
// and the last so many copies are kept; Frozen keeps one and makes none.
//
// A real Redis keeps no older states: with [Options.Redis], Lag is answered as
// [Server.Advance] is.
func (s *Server) Lag(writes int) {
	if s.embeddedOnly("Lag") {
		s.replica.lag(writes)
	}
}

// Replicate brings the replica of [Server.Lag] up to date, once.
func (s *Server) Replicate() {
	if s.embeddedOnly("Replicate") {
		s.replica.catchUp()
	}
}

// A replica decides which state of the data a request sees.
type replica struct {
	backend backend
	states  stateKeeper

	// mu is held shared by requests, and exclusively while there is a lag, for
	// then the copies have to follow the writes one by one.
	mu      sync.RWMutex
	version atomic.Int64 // counts write requests
	behind  int
	kept    []keptState // oldest first; empty without a lag
}

// A stateKeeper keeps older states of the data beside the newest, which has the
// number zero.
type stateKeeper interface {
	// keep makes a copy of the newest state, in the place of what had the number
	// before.
	keep(number int)
	// forget frees the memory of a copy.
	forget(number int)
	// runOn is [backend.run] on the state of that number.
	runOn(number int, buf *bytes.Buffer, as user, commands [][]string, atomic bool) ([]reply, error)
}

type keptState struct {
	version int64
	number  int
}

func (p *replica) lag(writes int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	was := p.behind
	p.behind = max(writes, 0)
	switch {
	case p.behind == 0:
		for len(p.kept) > 0 {
			p.forget(0)
		}
	case was == 0:
		p.keep()
	case p.behind == Frozen:
		for len(p.kept) > 1 {
			p.forget(len(p.kept) - 1)
		}
	default:
		if was == Frozen {
			p.keep() // it made no copies meanwhile
		}
		p.trim()
	}
}

func (p *replica) catchUp() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.behind == 0 {
		return
	}
	p.keep()
	for len(p.kept) > 1 {
		p.forget(0)
	}
}

// flush removes the data of all states.
func (p *replica) flush() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.backend.flush()
	p.version.Add(1)
	if p.behind > 0 {
		p.keep()
		for len(p.kept) > 1 {
			p.forget(0)
		}
	}
}

// A sight is what a client has seen of the data, by the version: when it asks, as
// its sync token says, and when it is answered, as the next token will say.
type sight struct{ seen int64 }

// run executes commands on a state that is at least as new as what the client has
// seen.
func (p *replica) run(buf *bytes.Buffer, as user, commands [][]string, atomic bool, client *sight) ([]reply, error) {
	p.mu.RLock()
	unlock := p.mu.RUnlock
	if p.behind > 0 {
		unlock()
		p.mu.Lock()
		unlock = p.mu.Unlock
	}
	defer unlock()

	writes := slices.ContainsFunc(commands, mightWrite)
	if !writes && len(p.kept) > 0 {
		if state := p.kept[0]; client.seen <= state.version {
			client.seen = state.version
			return p.states.runOn(state.number, buf, as, commands, atomic)
		}
	}
	client.seen = p.version.Load()
	replies, err := p.backend.run(buf, as, commands, atomic)
	if writes {
		client.seen = p.version.Add(1)
		if len(p.kept) > 0 && p.behind != Frozen {
			p.keep()
			p.trim()
		}
	}
	return replies, err
}

// keep adds the newest state to those kept.
func (p *replica) keep() {
	number := 1
	for slices.ContainsFunc(p.kept, func(k keptState) bool { return k.number == number }) {
		number++
	}
	p.states.keep(number)
	p.kept = append(p.kept, keptState{p.version.Load(), number})
}

// trim makes the first of those kept the one that is as far behind as it should
// be, or at least that.
func (p *replica) trim() {
	for len(p.kept) > 1 && p.kept[1].version <= p.version.Load()-int64(p.behind) {
		p.forget(0)
	}
}

func (p *replica) forget(i int) {
	p.states.forget(p.kept[i].number)
	p.kept = slices.Delete(p.kept, i, i+1)
}

// harmless holds the commands that read or touch no data, and that are not in
// readable, where it is about what a user may do.
var harmless = nameSet("ACL AUTH EVALSHA_RO EVAL_RO FCALL_RO KEYS PUBLISH SCAN SCRIPT")

func mightWrite(command []string) bool {
	if len(command) == 0 {
		return false
	}
	name := strings.ToUpper(command[0])
	return !readable[name] && !harmless[name]
}
