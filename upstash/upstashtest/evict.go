package upstashtest

import (
	"bufio"
	"bytes"
	"math/rand/v2"
	"slices"

	"github.com/alicebob/miniredis/v2/server"
)

// Evict removes keys, on a replica as well, and returns how many there were. As
// when a database with eviction is full, nobody asked for it: it is no request,
// is not billed, and moves no sync token.
func (s *Server) Evict(keys ...string) int { return s.replica.evict(keys) }

// EvictRandom is [Server.Evict] for n keys by chance, or for all when there are
// fewer, and returns them. As with Upstash, keys that expire go before those that
// do not. The same data and the same rng evict the same keys.
func (s *Server) EvictRandom(n int, rng *rand.Rand) []string {
	keys := s.replica.evictionOrder(rng)
	keys = keys[:min(max(n, 0), len(keys))]
	s.replica.evict(keys)
	return keys
}

func (p *replica) evict(keys []string) int {
	if len(keys) == 0 {
		return 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	command := append([]string{"DEL"}, keys...)
	for _, state := range p.kept {
		// An engine that fails will tell the next request.
		_, _ = p.states.runOn(state.number, new(bytes.Buffer), operator, [][]string{command}, false)
	}
	deleted, _ := p.ask(command)[0].(int)
	return deleted
}

// evictionOrder returns all keys, in the order in which they would go.
func (p *replica) evictionOrder(rng *rand.Rand) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	list, _ := p.ask([]string{"KEYS", "*"})[0].([]any)
	keys := make([]string, 0, len(list))
	for _, item := range list {
		if key, isText := item.(string); isText {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys) // a database has no order that could be repeated

	left := make([][]string, len(keys))
	for i, key := range keys {
		left[i] = []string{"PTTL", key}
	}
	var volatile, lasting []string
	for i, reply := range p.ask(left...) {
		if ms, isInt := reply.(int); isInt && ms >= 0 {
			volatile = append(volatile, keys[i])
		} else {
			lasting = append(lasting, keys[i])
		}
	}
	for _, some := range [][]string{volatile, lasting} {
		rng.Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] })
	}
	return slices.Concat(volatile, lasting)
}

// ask executes commands on the newest state, and returns a reply for each: nil
// for one that failed.
func (p *replica) ask(commands ...[]string) []any {
	answers := make([]any, len(commands))
	replies, err := p.backend.run(new(bytes.Buffer), operator, commands, false)
	if err != nil {
		return answers // an engine that fails will tell the next request
	}
	for i, r := range replies {
		if r.failed() {
			continue
		}
		if answer, err := server.ParseReply(bufio.NewReader(bytes.NewReader(r.resp))); err == nil {
			answers[i] = answer
		}
	}
	return answers
}
