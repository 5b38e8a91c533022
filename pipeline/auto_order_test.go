package pipeline_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// TestAutoOrder drives goroutines that write growing versions of a value each
// and read them back, over a network that loses requests and replies. Nobody may
// read a version older than the last one that was acknowledged to them, or one
// of somebody else's.
//
// UPSTASH_LONG=1 runs the long form.
func TestAutoOrder(t *testing.T) {
	t.Parallel()
	worlds := 30
	switch {
	case os.Getenv("UPSTASH_LONG") != "":
		worlds = 1000
	case raceEnabled || testing.Short():
		worlds = 5
	}
	total := tally{}
	for seed := range uint64(worlds) {
		w := orderWorld(t, seed, nil)
		if len(w.bad) > 0 {
			t.Fatalf("seed %d: %s", seed, w.bad[0])
		}
		total.add(w.tally)
	}
	t.Logf("%+v in %d worlds", total, worlds)
	if total.Reads == 0 || total.Unknown == 0 || total.Merged == 0 {
		t.Errorf("not everything happened that was to: %+v", total)
	}
}

// TestAutoOrderCatches plants what would go wrong, and the same check sees it.
func TestAutoOrderCatches(t *testing.T) {
	t.Parallel()
	for name, plant := range map[string]upstash.Middleware{
		"replies of neighbors swapped": func(next upstash.Doer) upstash.Doer {
			return upstash.DoerFunc(func(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
				replies, err := next.Do(ctx, b)
				for i := 0; i+1 < len(replies); i += 2 {
					replies[i], replies[i+1] = replies[i+1], replies[i]
				}
				return replies, err
			})
		},
		"commands in reverse": func(next upstash.Doer) upstash.Doer {
			return upstash.DoerFunc(func(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
				b.Commands = slices.Clone(b.Commands)
				slices.Reverse(b.Commands)
				replies, err := next.Do(ctx, b)
				slices.Reverse(replies)
				return replies, err
			})
		},
		"answered before it ran": func(next upstash.Doer) upstash.Doer {
			return upstash.DoerFunc(func(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
				if slices.ContainsFunc(b.Commands, func(c command.Args) bool { return c.Name() == "GET" }) {
					return next.Do(ctx, b)
				}
				go next.Do(context.WithoutCancel(ctx), b) //nolint:errcheck // nobody hears of it
				return slices.Repeat([]command.Reply{command.TextReply("OK")}, len(b.Commands)), nil
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(50) {
				if w := orderWorld(t, seed, plant); len(w.bad) > 0 {
					t.Logf("seed %d: %s", seed, w.bad[0])
					return
				}
			}
			t.Error("it was not caught")
		})
	}
}

type tally struct{ Reads, Writes, Unknown, Refused, Merged int }

func (t *tally) add(o tally) {
	t.Reads += o.Reads
	t.Writes += o.Writes
	t.Unknown += o.Unknown
	t.Refused += o.Refused
	t.Merged += o.Merged
}

// order is a world of one seed.
type order struct {
	mu  sync.Mutex
	rng *rand.Rand
	bad []string
	tally
}

// locked has f change what all goroutines share.
func (w *order) locked(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f()
}

func (w *order) intN(n int) (v int) {
	w.locked(func() { v = w.rng.IntN(n) })
	return v
}

func orderWorld(t *testing.T, seed uint64, plant upstash.Middleware) *order {
	t.Helper()
	w := &order{rng: rand.New(rand.NewPCG(seed, 11))}
	synctest.Test(t, func(t *testing.T) {
		srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
		srv.InterceptAll(w.trouble)
		client, err := upstash.New(srv.ClientOptions())
		if err != nil {
			t.Fatal(err)
		}
		var d upstash.Doer = client
		if plant != nil {
			d = plant(d)
		}
		auto := pipeline.Auto(d, pipeline.AutoOptions{InFlight: 1 + w.intN(4), MaxCommands: 1 + w.intN(20)})
		var wg sync.WaitGroup
		for i := range 16 {
			wg.Go(func() { w.live(t.Context(), auto, fmt.Sprintf("key:%d", i)) })
		}
		wg.Wait()
		time.Sleep(time.Minute) // bubble: what a plant left behind ends
	})
	return w
}

// trouble is the network.
func (w *order) trouble(x *upstashtest.Exchange) {
	if len(x.Commands) > 1 {
		w.locked(func() { w.Merged++ })
	}
	x.Delay(time.Duration(w.intN(5000)) * time.Microsecond)
	switch w.intN(20) {
	case 0:
		upstashtest.DropBefore(x)
	case 1:
		upstashtest.ExecuteThenDrop(x)
	case 2:
		upstashtest.TooManyRequests(0)(x)
	case 3:
		upstashtest.Status(500)(x)
	case 4:
		upstashtest.CutBody(w.intN(20))(x)
	}
}

// live is one goroutine, the only one that writes its key.
func (w *order) live(ctx context.Context, d upstash.Doer, key string) {
	acknowledged, last := 0, 0 // what may be read is between the two
	read := func(value string, err error) {
		switch {
		case err == upstash.ErrNil: //nolint:errorlint // exactly that
			value = key + " 0"
		case err != nil:
			return
		}
		var owner string
		var version int
		_, scanErr := fmt.Sscanf(value, "%s %d", &owner, &version)
		w.locked(func() {
			w.Reads++
			if scanErr != nil || owner != key || version < acknowledged || version > last {
				w.bad = append(w.bad, fmt.Sprintf("%s reads %q after %d was acknowledged and %d tried", key, value, acknowledged, last))
			}
		})
		acknowledged = max(acknowledged, version)
	}
	wrote := func(err error) {
		w.locked(func() {
			w.Writes++
			switch {
			case err == nil:
				acknowledged = last
			case upstash.OutcomeUnknown(err):
				w.Unknown++
			default:
				w.Refused++
			}
		})
	}
	rdb := upstash.Over(d)
	for range 20 {
		switch w.intN(4) {
		case 0:
			last++
			wrote(rdb.Set(ctx, key, fmt.Sprintf("%s %d", key, last)))
		case 1: // both in one pipeline, which is a call like any other
			last++
			p := pipeline.New(d)
			set, get := p.Set(key, fmt.Sprintf("%s %d", key, last)), p.Get(key)
			_ = p.Exec(ctx) // each item says the same
			wrote(set.Err())
			read(get.Result())
		default:
			read(rdb.Get(ctx, key))
		}
	}
}
