package cache_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// world is one schedule: clients that take turns at a store and at the source
// behind the cache. A client that sends a command or reads the source stops
// until the schedule lets it, and only one goes at a time, so that the order of
// all commands of all clients is the schedule's choice alone. A pipeline is not
// atomic: each of its commands is a turn of its own.
type world struct {
	luck   luck
	order  luck // of the schedule
	rates  rates
	store  *store
	source map[string]int // version of each key; a change adds one

	processes []*process

	mu      sync.Mutex
	waiting []*turn
	arrived int
	alive   int // clients that have not finished

	// news are, for each key, the changes whose invalidation has finished. The
	// newest of them is what no read that begins now may go below.
	news map[string][]announced

	announced int // the state of the store in which all of those can be seen

	reads int
	bad   []string
	hears bool          // its states are compared, so that what a process heard counts
	late  time.Duration // of the bad reads: the longest time after the announcement
}

type announced struct {
	version int
	at      time.Time
	by      int // number of the process
}

// announce notes what later reads must see.
func (w *world) announce(key string, a announced) {
	if w.rates.trust == 0 { // only the newest one counts
		if len(w.news[key]) > 0 && w.news[key][0].version >= a.version {
			return
		}
		w.news[key] = nil
	}
	w.news[key] = append(w.news[key], a)
}

// floorFor is the newest change that a read by p must see: of its own process,
// all of them; of others, those that are older than its trust in its memory.
func (w *world) floorFor(p *process, key string) (floor announced) {
	for _, a := range w.news[key] {
		seen := a.by == p.number || w.rates.trust == 0 || time.Since(a.at) > w.rates.trust
		if seen && a.version > floor.version {
			floor = a
		}
	}
	return floor
}

// rates are the probabilities of what goes wrong, for each turn.
type rates struct {
	evict  float64       // any one key disappears
	drop   float64       // the request does not arrive, and fails
	lose   float64       // the request is carried out, and its reply is lost
	twice  float64       // the command is carried out twice, others in between
	crash  float64       // the process does nothing any more
	cancel float64       // a caller gives up, for each read
	fail   float64       // the source fails
	tick   float64       // time goes by
	slow   float64       // the reply arrives after what others do meanwhile
	lag    time.Duration // how far a replica that answers reads may be behind
	trust  time.Duration // how long a process may not notice what others announce

	oneKey   bool // everybody is after the same, by GetOrLoad: loads are shared more often
	fresh    bool // every read carries the sync tokens of all invalidations
	portable bool // the server knows no conditional forms
}

// luck decides what a schedule leaves open.
type luck interface {
	pick(n int) int
	chance(p float64) bool
}

type turn struct {
	client int
	order  int
	run    func()
	done   chan struct{}
}

type clientKey struct{}

func newWorld(l luck, r rates) *world {
	s := newStore()
	s.portable, s.replicas = r.portable, r.lag > 0
	return &world{luck: l, order: l, rates: r, store: s, source: map[string]int{}, news: map[string][]announced{}}
}

// await stops until the schedule says go, then runs f while nothing else runs.
// A caller whose context ends first takes its turn back.
func (w *world) await(ctx context.Context, f func()) error {
	client, _ := ctx.Value(clientKey{}).(int)
	w.mu.Lock()
	w.arrived++
	t := &turn{client: client, order: w.arrived, run: f, done: make(chan struct{})}
	w.waiting = append(w.waiting, t)
	w.mu.Unlock()
	select {
	case <-t.done:
		return nil
	case <-ctx.Done():
		w.mu.Lock()
		w.waiting = slices.DeleteFunc(w.waiting, func(o *turn) bool { return o == t })
		w.mu.Unlock()
		return ctx.Err()
	}
}

var errFault = errors.New("the request failed by plan")

// process is a Doer and a source as one process has them, until it crashes.
type process struct {
	*world

	number  int
	ids     int    // random identities it has made
	heard   uint64 // a hash of all replies
	seen    int    // the newest state of the store that it knows of: its sync token
	crashed bool
}

// makesStamp tells the one command that must not be carried out a second time
// later: it would bring back a stamp that was invalidated in between. See the
// package documentation.
func makesStamp(c command.Args) bool {
	words := c.Words()
	return len(words) > 4 && words[0] == "SET" && words[3] == "NX" && words[4] == "GET"
}

func (w *world) newProcess() *process {
	w.processes = append(w.processes, &process{world: w, number: len(w.processes)})
	return w.processes[len(w.processes)-1]
}

// Do sends a batch to the store at the other end of a bad line.
func (p *process) Do(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
	w, replies := p.world, make([]command.Reply, len(b.Commands))
	fails, lost := false, false
	reads := !slices.ContainsFunc(b.Commands, func(c command.Args) bool { return c.Name() != "MGET" && c.Name() != "GET" })
	for i, c := range b.Commands {
		again := false
		step := func() {
			if p.crashed = p.crashed || w.luck.chance(w.rates.crash); p.crashed || fails {
				fails = true
				return
			}
			if i == 0 && w.luck.chance(w.rates.drop) {
				fails = true
				return
			}
			lost = lost || i == len(b.Commands)-1 && w.luck.chance(w.rates.lose)
			if reads && w.rates.lag > 0 {
				replies[i], p.seen = w.store.behind(c, p.seen, w.rates.lag, w.luck)
				return
			}
			replies[i] = w.store.do(c)
			p.seen = w.store.version()
			again = w.luck.chance(w.rates.twice) && !makesStamp(c)
		}
		if err := w.await(ctx, step); err != nil {
			return nil, err
		}
		if again {
			if err := w.await(ctx, step); err != nil {
				return nil, err
			}
		}
	}
	if w.luck.chance(w.rates.slow) {
		if err := w.await(ctx, func() {}); err != nil {
			return nil, err
		}
	}
	if w.hears {
		for _, r := range replies {
			p.hear(content(r))
		}
		p.hear(fails || lost)
	}
	if fails || lost {
		return nil, upstash.Batch{Commands: b.Commands}.Abandoned(errFault, true)
	}
	return replies, nil
}

// content is all that a reply says.
func content(r command.Reply) any {
	if list, err := upstash.Decode(command.MGet("k"), r, 0); err == nil {
		return list
	}
	text, _ := r.Text()
	n, _ := r.Int()
	return fmt.Sprint(r.IsNil(), r.Err() != nil, text, n)
}

func (p *process) hear(what ...any) {
	h := fnv.New64a()
	_, _ = fmt.Fprintln(h, p.heard, what) // a hash does not fail
	p.heard = h.Sum64()
}

// run lets turns happen in the order that luck wants until nobody is left.
func (w *world) run() {
	for {
		synctest.Wait()
		if w.luck.chance(w.rates.tick) {
			time.Sleep(time.Duration(1+w.luck.pick(20)) * time.Millisecond) // bubble
			synctest.Wait()                                                 // for those whose time it was: turns are taken alone
		}
		w.mu.Lock()
		if len(w.waiting) == 0 {
			alive := w.alive
			w.mu.Unlock()
			if alive == 0 {
				return
			}
			time.Sleep(10 * time.Millisecond) // bubble: everybody waits for time to pass
			continue
		}
		// Goroutines that became ready together arrive in any order.
		slices.SortFunc(w.waiting, func(a, b *turn) int {
			return cmp.Or(cmp.Compare(a.client, b.client), cmp.Compare(a.order, b.order))
		})
		i := w.luck.pick(len(w.waiting))
		next := w.waiting[i]
		w.waiting = slices.Delete(w.waiting, i, i+1)
		w.mu.Unlock()
		if w.luck.chance(w.rates.evict) {
			w.evict()
		}
		next.run()
		close(next.done)
	}
}

func (w *world) evict() {
	keys := w.store.keys()
	if len(keys) == 0 {
		return
	}
	slices.Sort(keys)
	w.store.del([]string{keys[w.luck.pick(len(keys))]})
}

// tend waits, at the end of a schedule, for what goes on behind the clients.
func (w *world) tend(t *testing.T) {
	t.Helper()
	quiet := false
	for range 1000 {
		synctest.Wait()
		w.mu.Lock()
		turns := w.waiting
		w.waiting = nil
		w.mu.Unlock()
		if len(turns) == 0 {
			if quiet {
				return
			}
			quiet = true
			time.Sleep(3 * time.Second) // bubble: who waits for another's lease looks again within 2s
			continue
		}
		quiet = false
		for _, next := range turns {
			next.run()
			close(next.done)
			synctest.Wait()
		}
	}
	t.Error("what runs behind the clients does not end")
}
