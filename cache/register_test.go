package cache_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// TestRegisterOracle has goroutines of two processes use one key at the same
// time, and looks in what they saw for an order of all operations in which the
// key is a register: see history.
func TestRegisterOracle(t *testing.T) {
	t.Parallel()
	rounds := 80
	if os.Getenv("UPSTASH_LONG") != "" {
		rounds = 20_000
	}
	if bad := runRegister(t, rounds, 0); bad != "" {
		t.Error(bad)
	}
}

// TestRegisterOracleCatches a process whose reads are answered from a copy that
// is not up to date.
func TestRegisterOracleCatches(t *testing.T) {
	t.Parallel()
	if bad := runRegister(t, 20_000, 3); bad == "" {
		t.Error("not caught")
	} else {
		t.Log(bad)
	}
}

// runRegister runs rounds until one has no order, and describes that. With
// stale, one in so many reads of one process gets the answer of the one before.
func runRegister(t *testing.T, rounds, stale int) string {
	t.Helper()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	var views []*cache.View[int]
	for _, d := range []upstash.Doer{srv.Client(), &forgetful{Doer: srv.Client(), every: stale}} {
		views = append(views, cache.Of[int](cacheOver(t, d, cache.Options{LoadTimeout: time.Minute}), cache.ViewOptions{}))
	}
	for round := range rounds {
		h := &history{key: fmt.Sprint("key ", round)}
		var group sync.WaitGroup
		for i := range 4 {
			rng := rand.New(rand.NewPCG(uint64(round), uint64(i)))
			group.Go(func() {
				for range 4 {
					h.operate(t, views[i%2], rng)
				}
			})
		}
		group.Wait()
		if round%100 == 0 {
			srv.Reset()                                                    // its log
			noErr(t, srv.Client().FlushDB(t.Context(), command.FlushSync)) // its engine looks at every key that expires for each command
		}
		if bad := h.check(); bad != "" {
			return fmt.Sprintf("round %d: %s", round, bad)
		}
	}
	return ""
}

// forgetful is a line that answers some reads from a copy.
type forgetful struct {
	upstash.Doer

	every int
	mu    sync.Mutex
	n     int
	last  map[string][]command.Reply
}

func (f *forgetful) Do(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
	if f.every == 0 || b.Commands[0].Name() != "MGET" {
		return f.Doer.Do(ctx, b)
	}
	key := fmt.Sprint(b.Commands[0].Words())
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.n++; f.n%f.every == 0 && f.last[key] != nil {
		return f.last[key], nil
	}
	replies, err := f.Doer.Do(ctx, b)
	if f.last == nil {
		f.last = map[string][]command.Reply{}
	}
	f.last[key] = replies
	return replies, err
}

// operate does one of the operations and records it.
func (h *history) operate(t *testing.T, v *cache.View[int], rng *rand.Rand) {
	t.Helper()
	ctx := t.Context()
	switch rng.IntN(5) {
	case 0:
		value := int(h.values.Add(1))
		h.record(t, op{kind: writes, value: value}, func(*op) error { return v.Set(ctx, h.key, value) })
	case 1:
		h.record(t, op{kind: writes}, func(*op) error { return v.Delete(ctx, h.key) })
	case 2:
		h.record(t, op{kind: reads}, func(o *op) (err error) {
			if o.value, err = v.Get(ctx, h.key); errors.Is(err, cache.ErrMiss) {
				return nil
			}
			return err
		})
	default:
		var info cache.Info
		load := op{kind: fills}
		h.record(t, op{kind: reads}, func(o *op) (err error) {
			o.value, err = v.GetOrLoad(ctx, h.key, func(context.Context, string) (int, error) {
				load.call, load.value = h.now(), int(h.values.Add(1))
				runtime.Gosched()
				return load.value, nil
			}, cache.Report(&info))
			if info.State == cache.Loaded {
				o.kind = shares
			}
			return err
		})
		if load.call > 0 {
			load.stored = info.Stored && !info.Shared
			load.ret = h.now()
			h.add(load)
		}
	}
}

// history is what happened to one key. 0 stands for nothing stored.
type history struct {
	key    string
	clock  atomic.Int64
	values atomic.Int64
	mu     sync.Mutex
	ops    []op
}

type opKind uint8

const (
	writes opKind = iota // Set, or Delete
	reads                // what is stored
	fills                // a load: writes where nothing is stored, if it does
	shares               // what a load returned, whatever became of it
)

// op is an operation with the instants between which it took effect.
type op struct {
	kind      opKind
	value     int
	call, ret int64
	stored    bool
}

func (h *history) now() int64 { return h.clock.Add(1) }

func (h *history) add(o op) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ops = append(h.ops, o)
}

func (h *history) record(t *testing.T, o op, f func(*op) error) {
	t.Helper()
	o.call = h.now()
	err := f(&o)
	o.ret = h.now()
	h.add(o)
	if err != nil {
		t.Errorf("an operation failed: %v", err)
	}
}

// check returns what is wrong with a history, if anything.
func (h *history) check() string {
	var ordered []op
	begun := map[int]int64{}
	for _, o := range h.ops {
		if o.kind == fills {
			begun[o.value] = o.call
		}
		if o.kind != shares && (o.kind != fills || o.stored) {
			ordered = append(ordered, o)
		}
	}
	for _, o := range h.ops {
		for _, w := range h.ops {
			if o.kind == shares && w.kind == writes && w.ret < o.call && begun[o.value] < w.call {
				return fmt.Sprintf("%+v returned what was loaded before %+v, in %+v", o, w, h.ops)
			}
		}
	}
	if !(&search{ops: ordered, seen: map[place]bool{}}).from(place{}) {
		return fmt.Sprintf("no order explains %+v", h.ops)
	}
	return ""
}

// search looks for an order of all operations (Wing and Gong, "Testing and
// Verifying Concurrent Objects", 1993).
type search struct {
	ops  []op
	seen map[place]bool
}

// place is how far the search is: which operations have taken effect, and what
// is stored then.
type place struct {
	done  uint64
	value int
}

func (s *search) from(at place) bool {
	if at.done == 1<<len(s.ops)-1 {
		return true
	}
	if s.seen[at] {
		return false
	}
	s.seen[at] = true
	end := int64(1) << 62 // nothing that is called after this may be next
	for i, o := range s.ops {
		if at.done&(1<<i) == 0 {
			end = min(end, o.ret)
		}
	}
	for i, o := range s.ops {
		if at.done&(1<<i) != 0 || o.call > end {
			continue
		}
		next := place{at.done | 1<<i, at.value}
		switch {
		case o.kind == reads && o.value != at.value, o.kind == fills && at.value != 0:
			continue
		case o.kind != reads:
			next.value = o.value
		}
		if s.from(next) {
			return true
		}
	}
	return false
}
