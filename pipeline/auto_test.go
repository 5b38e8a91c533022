package pipeline_test

import (
	"context"
	"fmt"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func checkSent(t *testing.T, g *gate, want ...string) {
	t.Helper()
	synctest.Wait()
	if diff := cmp.Diff(want, g.sent()); diff != "" {
		t.Errorf("requests (-want +got)\n%s", diff)
	}
}

// A lone call goes straight through: at once, on the goroutine of its caller,
// with the caller's own context and batch.
func TestAutoLeavesALoneCallAsItIs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		ctx := context.WithValue(t.Context(), &start, 1)
		calls := 0
		d := pipeline.Auto(upstash.DoerFunc(func(got context.Context, b upstash.Batch) ([]command.Reply, error) {
			calls++
			if got != ctx || time.Since(start) != 0 || !strings.Contains(string(debug.Stack()), "TestAutoLeavesALoneCallAsItIs") {
				t.Errorf("after %v, with the caller's context %v, on\n%s", time.Since(start), got == ctx, debug.Stack())
			}
			return echo(got, b)
		}), pipeline.AutoOptions{})
		for range 100 {
			if v, err := upstash.Exec(ctx, d, command.Get("k")); v != "k" || err != nil {
				t.Fatal(v, err)
			}
		}
		if calls != 100 || time.Since(start) != 0 {
			t.Errorf("%d calls in %v", calls, time.Since(start))
		}
	})
}

func TestAutoMergesWhatComesWhileLanesAreTaken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &gate{}
		d := pipeline.Auto(g, pipeline.AutoOptions{InFlight: 2, MaxAge: -1})
		a, b := call(t.Context(), d, "a"), call(t.Context(), d, "b")
		c, de, f := call(t.Context(), d, "c"), call(t.Context(), d, "d", "e"), call(t.Context(), d, "f")
		checkSent(t, g, "a", "b")
		g.request(t, 1).echo()
		b.has(t, "b")
		checkSent(t, g, "a", "b", "c d e f")
		h := call(t.Context(), d, "h")
		checkSent(t, g, "a", "b", "c d e f")
		g.request(t, 2).echo()
		c.has(t, "c")
		de.has(t, "d e")
		f.has(t, "f")
		checkSent(t, g, "a", "b", "c d e f", "h")
		g.request(t, 3).echo()
		h.has(t, "h")
		g.request(t, 0).echo()
		a.has(t, "a")
		if g.most != 2 {
			t.Errorf("%d requests at once", g.most)
		}
		i := call(t.Context(), d, "i") // the lanes came back
		g.request(t, 4).echo()
		i.has(t, "i")
	})
}

// Goroutines that call together share a request even where lanes are free.
func TestAutoGathersWhoIsReady(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &gate{}
		d := pipeline.Auto(g, pipeline.AutoOptions{})
		var callers []*caller
		for i := range 1000 {
			callers = append(callers, startBatch(t.Context(), d, upstash.Batch{Commands: []command.Args{command.Get(strconv.Itoa(i)).Args()}}))
		}
		synctest.Wait()
		for n := 0; n < len(g.sent()); n++ {
			g.request(t, n).echo()
		}
		for i, c := range callers {
			c.has(t, strconv.Itoa(i))
		}
		if n := len(g.sent()); n > 20 {
			t.Errorf("%d requests", n)
		}
	})
}

func TestAutoBounds(t *testing.T) {
	t.Parallel()
	const two = len(`[["GET","a"],["GET","b"]]`)
	for name, tt := range map[string]struct {
		o    pipeline.AutoOptions
		want []string // after the first call, "0"
	}{
		"none of them":       {pipeline.AutoOptions{MaxCommands: -1, MaxBytes: -1}, []string{"a b c d e f"}},
		"defaults":           {pipeline.AutoOptions{}, []string{"a b c d e f"}},
		"two commands":       {pipeline.AutoOptions{MaxCommands: 2}, []string{"a", "b c", "d e", "f"}},
		"three commands":     {pipeline.AutoOptions{MaxCommands: 3}, []string{"a b c", "d e f"}},
		"a command":          {pipeline.AutoOptions{MaxCommands: 1}, []string{"a", "b c", "d", "e", "f"}}, // b and c are one call
		"bytes of two":       {pipeline.AutoOptions{MaxBytes: two}, []string{"a", "b c", "d e", "f"}},
		"a byte less":        {pipeline.AutoOptions{MaxBytes: two - 1}, []string{"a", "b c", "d", "e", "f"}},
		"less than one call": {pipeline.AutoOptions{MaxBytes: 1}, []string{"a", "b c", "d", "e", "f"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := &gate{}
				tt.o.InFlight, tt.o.MaxAge = 1, -1
				d := pipeline.Auto(g, tt.o)
				call(t.Context(), d, "0")
				callers := map[string]*caller{}
				for _, keys := range []string{"a", "b c", "d", "e", "f"} {
					callers[keys] = call(t.Context(), d, strings.Fields(keys)...)
				}
				for n := range 1 + len(tt.want) {
					g.request(t, n).echo()
				}
				checkSent(t, g, append([]string{"0"}, tt.want...)...)
				for keys, c := range callers {
					c.has(t, keys)
				}
				if g.most != 1 {
					t.Errorf("%d requests at once", g.most)
				}
			})
		})
	}
}

// Who has waited for MaxAge leaves in a request above InFlight, up to MaxInFlight.
func TestAutoMaxAge(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &gate{}
		d := pipeline.Auto(g, pipeline.AutoOptions{InFlight: 1, MaxInFlight: 3, MaxAge: 20 * time.Millisecond})
		call(t.Context(), d, "a")
		call(t.Context(), d, "b")
		time.Sleep(5 * time.Millisecond) // bubble
		call(t.Context(), d, "c")
		time.Sleep(14 * time.Millisecond) // bubble
		checkSent(t, g, "a")
		time.Sleep(time.Millisecond) // bubble
		checkSent(t, g, "a", "b c")  // whoever waits leaves with the oldest
		d1 := call(t.Context(), d, "d")
		time.Sleep(20 * time.Millisecond) // bubble
		checkSent(t, g, "a", "b c", "d")
		e := call(t.Context(), d, "e")
		time.Sleep(time.Hour) // bubble
		checkSent(t, g, "a", "b c", "d")
		g.request(t, 0).echo() // that lane is above InFlight now, and e is old
		checkSent(t, g, "a", "b c", "d", "e")
		g.request(t, 2).echo()
		d1.has(t, "d")
		f := call(t.Context(), d, "f")
		checkSent(t, g, "a", "b c", "d", "e")
		g.request(t, 1).echo() // one is left, and f is young
		checkSent(t, g, "a", "b c", "d", "e")
		g.request(t, 3).echo()
		e.has(t, "e")
		checkSent(t, g, "a", "b c", "d", "e", "f")
		g.request(t, 4).echo()
		f.has(t, "f")
		if g.most != 3 {
			t.Errorf("%d requests at once", g.most)
		}
	})
}

func TestAutoMaxAgeNever(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &gate{}
		d := pipeline.Auto(g, pipeline.AutoOptions{InFlight: -1, MaxAge: -1}) // one lane is the least
		call(t.Context(), d, "a")
		b := call(t.Context(), d, "b")
		time.Sleep(time.Hour) // bubble
		checkSent(t, g, "a")
		g.request(t, 0).echo()
		g.request(t, 1).echo()
		b.has(t, "b")
	})
}

// A pipeline of several commands is one call: its commands stay together and in
// their order, whatever they share a request with.
func TestAutoDoesNotTearPipelines(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &gate{}
		d := pipeline.Auto(g, pipeline.AutoOptions{InFlight: 1, MaxCommands: 7, MaxAge: -1})
		call(t.Context(), d, "first")
		var callers []*caller
		for i := range 40 {
			keys := make([]string, 1+i%4)
			for j := range keys {
				keys[j] = fmt.Sprintf("%d.%d", i, j)
			}
			callers = append(callers, call(t.Context(), d, keys...))
		}
		for n := 0; n < len(g.sent()); n++ {
			g.request(t, n).echo()
		}
		var want []string
		for i, c := range callers {
			keys := fmt.Sprintf("%d.0 %d.1 %d.2 %d.3", i, i, i, i)
			keys = strings.Join(strings.Fields(keys)[:1+i%4], " ")
			c.has(t, keys)
			want = append(want, keys)
		}
		if diff := cmp.Diff("first "+strings.Join(want, " "), strings.Join(g.sent(), " ")); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		for _, h := range g.all {
			if len(h.batch.Commands) > 7 {
				t.Errorf("a request of %d commands", len(h.batch.Commands))
			}
		}
	})
}
