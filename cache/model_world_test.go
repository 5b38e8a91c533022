package cache_test

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"testing/synctest"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// world is one schedule: clients that take turns at a store and at the source
// behind the cache. A client that sends a command or reads the source stops
// until the schedule lets it, and only one goes at a time, so that the order of
// all commands of all clients is the schedule's choice alone. A pipeline is not
// atomic: each of its commands is a turn of its own.
type world struct {
	rng    *rand.Rand
	rates  rates
	store  *store
	source map[string]int // version of each key; a change adds one

	mu      sync.Mutex
	waiting []*turn
	arrived int

	// floor is, for each key, the version of the newest change whose
	// invalidation has finished: what no read that begins now may go below.
	floor map[string]int

	reads int
	bad   []string
}

// rates are the probabilities of what goes wrong, for each turn.
type rates struct {
	evict  float64 // any one key disappears
	drop   float64 // the request does not arrive, and fails
	lose   float64 // the request is carried out, and its reply is lost
	cancel float64 // a caller gives up, for each read
}

type turn struct {
	client int
	order  int
	run    func()
	done   chan struct{}
}

type clientKey struct{}

func newWorld(seed uint64, r rates) *world {
	return &world{
		rng: rand.New(rand.NewPCG(seed, 1)), rates: r,
		store: newStore(), source: map[string]int{}, floor: map[string]int{},
	}
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

// Do makes the world a Doer: a store at the other end of a bad line.
func (w *world) Do(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
	replies := make([]command.Reply, len(b.Commands))
	fault := errFault
	for i, c := range b.Commands {
		err := w.await(ctx, func() {
			luck := w.rng.Float64()
			if i == 0 && luck < w.rates.drop {
				return
			}
			replies[i] = w.store.do(c)
			if luck < w.rates.drop+w.rates.lose {
				return
			}
			fault = nil
		})
		if err == nil && i == 0 {
			err = fault
		}
		if err != nil {
			return nil, err
		}
	}
	return replies, nil
}

// run lets turns happen in random order until nobody waits.
func (w *world) run() {
	for {
		synctest.Wait()
		w.mu.Lock()
		if len(w.waiting) == 0 {
			w.mu.Unlock()
			return
		}
		// Goroutines that became ready together arrive in any order.
		slices.SortFunc(w.waiting, func(a, b *turn) int {
			return cmp.Or(cmp.Compare(a.client, b.client), cmp.Compare(a.order, b.order))
		})
		i := w.rng.IntN(len(w.waiting))
		next := w.waiting[i]
		w.waiting = slices.Delete(w.waiting, i, i+1)
		w.mu.Unlock()
		if w.rng.Float64() < w.rates.evict {
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
	w.store.del([]string{keys[w.rng.IntN(len(keys))]})
}
