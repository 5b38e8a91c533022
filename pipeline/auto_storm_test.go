package pipeline_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// Of 10,000 callers half give up at random moments. The bubble fails the test if
// anybody waits for ever or a goroutine is left.
func TestAutoCancelStorm(t *testing.T) {
	t.Parallel()
	callers := 10_000
	if raceEnabled {
		callers = 2_000
	}
	for seed := range uint64(4) {
		synctest.Test(t, func(t *testing.T) {
			rng, delays := rand.New(rand.NewPCG(seed, 3)), rand.New(rand.NewPCG(seed, 4))
			var mu sync.Mutex // guards delays and what follows
			arrived := map[string]bool{}
			d := pipeline.Auto(upstash.DoerFunc(func(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
				mu.Lock()
				for _, c := range b.Commands {
					arrived[c.At(1)] = true
				}
				took := time.Duration(delays.IntN(10_000)) * time.Microsecond
				mu.Unlock()
				select {
				case <-time.After(took):
					return echo(ctx, b)
				case <-ctx.Done():
					return nil, b.Abandoned(ctx.Err(), true)
				}
			}), pipeline.AutoOptions{MaxCommands: 50})

			var wg sync.WaitGroup
			var answered, withdrawn, left int
			for i := range callers {
				begin, patience := time.Duration(rng.IntN(100_000))*time.Microsecond, time.Duration(rng.IntN(20_000))*time.Microsecond
				key := strconv.Itoa(i)
				wg.Go(func() {
					time.Sleep(begin) // bubble
					ctx, cancel := context.WithCancel(t.Context())
					defer cancel()
					impatient := i%2 == 0
					if impatient {
						time.AfterFunc(patience, cancel)
					}
					v, err := upstash.Over(d).Get(ctx, key)
					mu.Lock()
					defer mu.Unlock()
					e, _ := errors.AsType[*upstash.Error](err)
					switch {
					case err == nil && v == key:
						answered++
					case impatient && e != nil && errors.Is(err, context.Canceled) && !e.Sent && !arrived[key]:
						withdrawn++
					case impatient && e != nil && errors.Is(err, context.Canceled) && e.Sent && arrived[key]:
						left++
					default:
						t.Errorf("caller %d has %q, %v; it arrived: %v", i, v, err, arrived[key])
					}
				})
			}
			wg.Wait()
			t.Logf("%d answered, %d withdrawn, %d left while under way", answered, withdrawn, left)
			if answered < callers/2 || withdrawn == 0 || left == 0 {
				t.Error("not everything happened that was to")
			}
		})
	}
}

// Separate pipelines over one client are clean under the race detector, merged
// or not.
func TestAutoManyPipelines(t *testing.T) {
	t.Parallel()
	client := upstashtest.New(t, upstashtest.Options{InProcess: true}).Client()
	for _, d := range []upstash.Doer{client, pipeline.Auto(client, pipeline.AutoOptions{InFlight: 2})} {
		var wg sync.WaitGroup
		for i := range 32 {
			wg.Go(func() {
				p := pipeline.New(d)
				for round := range 20 {
					a, b := p.Echo(strconv.Itoa(i)), p.Echo(strconv.Itoa(round))
					if err := p.Exec(t.Context()); err != nil || a.Val() != strconv.Itoa(i) || b.Val() != strconv.Itoa(round) {
						t.Errorf("%q and %q, %v", a.Val(), b.Val(), err)
					}
				}
			})
		}
		wg.Wait()
	}
}
