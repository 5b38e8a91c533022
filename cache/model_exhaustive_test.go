package cache_test

import (
	"context"
	"fmt"
	"hash/fnv"
	"maps"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestModelExhaustive goes through the orders of the steps of three clients, for
// every choice of what they do: in the long form through every order of up to
// four steps each, and through many of up to eight, where a state that was
// reached before is not gone through again.
func TestModelExhaustive(t *testing.T) {
	t.Parallel()
	long := os.Getenv("UPSTASH_LONG") != ""
	for _, begins := range []string{"with nothing stored", "with a value stored", "with a value past its TTL"} {
		for _, deep := range []bool{false, true} {
			if deep && !long {
				continue
			}
			t.Run(fmt.Sprintf("%s, deep %v", begins, deep), func(t *testing.T) {
				t.Parallel()
				schedules, states, complete, all := 0, 0, 0, 0
				synctest.Test(t, func(t *testing.T) {
					for _, acts := range scenarios(deep) {
						most := 100
						switch {
						case deep:
							most = 4_000
						case long:
							most = math.MaxInt
						}
						s, n, whole, bad := exhaust(t, begins, acts, deep, most)
						schedules, states = schedules+s, states+n
						if all++; whole {
							complete++
						}
						if bad != "" {
							t.Errorf("%v: %s", acts, bad)
						}
					}
				})
				t.Logf("%d schedules, %d states; %d of %d choices completely", schedules, states, complete, all)
			})
		}
	}
}

// acts are what each of the clients does, one after the other.
type acts [3][]string

// scenarios are all choices in which somebody reads and somebody changes.
func scenarios(deep bool) (all []acts) {
	one := [][]string{{"read"}, {"invalidate"}, {"remove"}, {"purge"}}
	if deep {
		one = [][]string{{"read", "read"}, {"invalidate", "read"}, {"remove", "read"}, {"read", "invalidate"}}
	}
	for i, a := range one {
		for j, b := range one[i:] {
			for _, c := range one[i+j:] {
				whole := fmt.Sprint(a, b, c)
				if strings.Contains(whole, "read") && strings.Trim(whole, "[]read ") != "" {
					all = append(all, acts{a, b, c})
				}
			}
		}
	}
	return all
}

// exhaust runs one choice of acts in every order, or in the first ones.
func exhaust(t *testing.T, begins string, a acts, dedupe bool, most int) (schedules, states int, whole bool, bad string) {
	t.Helper()
	way := "plain"
	if begins == "with a value past its TTL" {
		way = "within the call"
	}
	seen, path := map[uint64]bool{}, &path{}
	for {
		w := newWorld(path, rates{})
		w.hears = dedupe
		path.at, path.pruned = 0, false
		if path.visited = nil; dedupe {
			path.visited = func() bool {
				h := w.state()
				before := seen[h]
				seen[h] = true
				return before
			}
		}
		w.prepare(t, begins, shippedIn(way, nil, 1, 1, 1), a)
		w.run()
		w.tend(t)
		schedules++
		if len(w.bad) > 0 {
			return schedules, len(seen), false, w.bad[0]
		}
		if whole = !path.next(); whole || schedules == most {
			return schedules, len(seen), whole, ""
		}
	}
}

// prepare stores what there is at the beginning, and starts the clients.
func (w *world) prepare(t *testing.T, begins string, s system, a acts) {
	t.Helper()
	clients := s(t, w)
	for i, c := range clients {
		n := 0
		c.cacheOf().SetIDs(func() string { n++; c.of().ids = n; return fmt.Sprint("id-", i, "-", n) })
	}
	w.alive = 1
	go func() {
		w.read(t.Context(), clients[0], "a", false)
		w.alive--
	}()
	w.luck = first{}
	w.run()
	switch begins {
	case "with nothing stored":
		w.store.del([]string{"m:k:a"})
	case "with a value past its TTL":
		time.Sleep(25 * time.Millisecond) // bubble: its TTL is 20ms
	}
	w.luck = w.order
	w.alive = len(clients)
	for i, c := range clients {
		ctx := context.WithValue(t.Context(), clientKey{}, i)
		go func() {
			for _, act := range a[i] {
				switch act {
				case "read":
					w.read(ctx, c, "a", false)
				case "invalidate":
					w.change(ctx, c, []string{"a"}, func() error { return c.invalidate(ctx, "red") })
				case "remove":
					w.change(ctx, c, []string{"a"}, func() error { return c.remove(ctx, "a") })
				case "purge":
					w.change(ctx, c, []string{"a"}, func() error { return c.cacheOf().Purge(ctx) })
				}
			}
			w.mu.Lock()
			w.alive--
			w.mu.Unlock()
		}()
	}
}

// first is luck that always takes what comes first.
type first struct{}

func (first) pick(int) int        { return 0 }
func (first) chance(float64) bool { return false }

// path is luck that has taken a way through all choices, and takes another one
// the next time.
type path struct {
	choices, fans []int
	at            int
	pruned        bool
	visited       func() bool
}

func (p *path) chance(float64) bool { return false }

func (p *path) pick(n int) int {
	switch {
	case p.pruned || n == 1:
		return 0
	case p.at == len(p.choices):
		if p.visited != nil && p.visited() {
			p.pruned = true // everything from here on was gone through
			return 0
		}
		p.choices, p.fans = append(p.choices, 0), append(p.fans, n)
	}
	p.at++
	return p.choices[p.at-1]
}

// next moves on to the next way, if there is one.
func (p *path) next() bool {
	for len(p.choices) > 0 {
		last := len(p.choices) - 1
		if p.choices[last]++; p.choices[last] < p.fans[last] {
			return true
		}
		p.choices, p.fans = p.choices[:last], p.fans[:last]
	}
	return false
}

// state is everything on which the rest of a schedule depends: the store, the
// source, and what each process has heard, from which all it does follows.
func (w *world) state() uint64 {
	h := fnv.New64a()
	for _, key := range slices.Sorted(maps.Keys(w.store.texts)) {
		_, _ = fmt.Fprintln(h, key, w.store.texts[key]) // a hash does not fail
	}
	_, _ = fmt.Fprintln(h, w.source, w.news, time.Now().UnixNano())
	for _, p := range w.processes {
		_, _ = fmt.Fprintln(h, p.ids, p.heard)
	}
	for _, t := range w.waiting {
		_, _ = fmt.Fprintln(h, t.client)
	}
	return h.Sum64()
}
