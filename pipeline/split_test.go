package pipeline_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// sizesOf is how many commands each request has that a pipeline of values makes.
func sizesOf(t *testing.T, o pipeline.Options, values ...string) (*wiretap, []int) {
	t.Helper()
	w, rdb := overWire(t)
	p := pipeline.NewWith(rdb, o)
	for _, v := range values {
		pipeline.Queue(p, command.New(command.Reply.Reply, "SET", "k", v))
	}
	if err := p.Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
	var sizes []int
	for _, r := range w.commands(t) {
		sizes = append(sizes, len(r))
	}
	return w, sizes
}

// The bound is one of the bytes that go over the wire, to the byte.
func TestSplitCountsEncodedBytes(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]string{
		"plain":    "value",
		"empty":    "",
		"escapes":  "\"quoted\" \\ \n\r\t",
		"controls": "\x00\x01\x1f\b\f\x7f",
		"unicode":  "naïve 日本語 🚀 \u2028",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, _ := sizesOf(t, pipeline.Options{}, value, value, value)
			exact := len(w.bodies[0])
			for _, tt := range []struct {
				maxBytes int
				want     []int
			}{{exact, []int{3}}, {exact - 1, []int{2, 1}}, {-1, []int{3}}, {1, []int{1, 1, 1}}} {
				_, got := sizesOf(t, pipeline.Options{MaxBytes: tt.maxBytes}, value, value, value)
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("a body of %d, at most %d (-want +got)\n%s", exact, tt.maxBytes, diff)
				}
			}
		})
	}
}

func TestSplitCountsCommands(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		commands, most int
		want           []int
	}{
		{1000, 0, []int{1000}},
		{1001, 0, []int{1000, 1}},
		{2500, 0, []int{1000, 1000, 500}},
		{2500, -1, []int{2500}},
		{6, 3, []int{3, 3}},
		{7, 3, []int{3, 3, 1}},
		{3, 1, []int{1, 1, 1}},
	} {
		if _, got := sizesOf(t, pipeline.Options{MaxCommands: tt.most}, make([]string, tt.commands)...); cmp.Diff(tt.want, got) != "" {
			t.Errorf("%d commands, at most %d: requests of %v, not of %v", tt.commands, tt.most, got, tt.want)
		}
	}
}

// A command that no request has room for is the server's to judge; its
// neighbors keep their requests.
func TestSplitLeavesAnOversizedCommandAlone(t *testing.T) {
	t.Parallel()
	large := strings.Repeat("x", 100)
	_, got := sizesOf(t, pipeline.Options{MaxBytes: 50}, "a", "b", large, "c", "d", large)
	if diff := cmp.Diff([]int{2, 1, 2, 1}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestSplitKeepsResultsInOrder(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	p := pipeline.NewWith(srv.Client(), pipeline.Options{MaxCommands: 7})
	var queued []*pipeline.Queued[int64]
	for range 100 {
		queued = append(queued, p.Incr("n"))
	}
	if err := p.Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i, q := range queued {
		if q.Val() != int64(i+1) {
			t.Fatalf("item %d is %d", i, q.Val())
		}
	}
	if m := srv.Meter(); m.RoundTrips != 15 || m.Commands != 100 {
		t.Errorf("metered %+v", m)
	}
}

// An argument that JSON cannot carry could travel alone, and would if it were
// judged after the division: but then the same pipeline would work or not as it
// happens to be divided.
func TestSplitSendsNothingWithABinaryArgument(t *testing.T) {
	t.Parallel()
	for at := range 5 {
		w, rdb := overWire(t)
		p := pipeline.NewWith(rdb, pipeline.Options{MaxCommands: 1})
		var queued []*pipeline.Queued[command.OK]
		for i := range 5 {
			queued = append(queued, p.Set("k", strings.Repeat("\xff", map[bool]int{true: 1}[i == at])))
		}
		err := p.Exec(t.Context())
		if diff := cmp.Diff([]place{{at, "SET", ""}}, placesOf(t, err)); diff != "" || len(w.bodies) != 0 {
			t.Errorf("%d requests (-want +got)\n%s", len(w.bodies), diff)
		}
		for i, q := range queued {
			if errors.Is(q.Err(), pipeline.ErrNotExecuted) == (i == at) {
				t.Errorf("item %d: %v", i, q.Err())
			}
		}
	}
}

func TestTransactionIsNotSplit(t *testing.T) {
	t.Parallel()
	const body = `[["SET","k","a\n"],["SET","k","a\n"],["SET","k","a\n"]]`
	for name, tt := range map[string]struct {
		o    pipeline.Options
		want string // empty when it is sent
	}{
		"just fits":         {pipeline.Options{MaxBytes: len(body), MaxCommands: 3}, ""},
		"a byte too many":   {pipeline.Options{MaxBytes: len(body) - 1}, fmt.Sprintf("it has %d bytes, one request may have %d", len(body), len(body)-1)},
		"a command":         {pipeline.Options{MaxCommands: 2}, "it has 3 commands, one request may have 2"},
		"both":              {pipeline.Options{MaxCommands: 1, MaxBytes: 1}, "it has 3 commands, one request may have 1"},
		"no bound":          {pipeline.Options{MaxCommands: -1, MaxBytes: -1}, ""},
		"defaults, of that": {pipeline.Options{}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, rdb := overWire(t)
			tt.o.Atomic = true
			p := pipeline.NewWith(rdb, tt.o)
			var queued []*pipeline.Queued[command.Reply]
			for range 3 {
				queued = append(queued, pipeline.Queue(p, command.New(command.Reply.Reply, "SET", "k", "a\n")))
			}
			err := p.Exec(t.Context())
			if tt.want == "" {
				if diff := cmp.Diff([]string{body}, w.bodies); diff != "" || err != nil {
					t.Errorf("%v (-want +got)\n%s", err, diff)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) || !errors.Is(err, upstash.ErrTooLarge) || !upstash.SafeToRetry(err) || upstash.OutcomeUnknown(err) {
				t.Errorf("got %v, not %q", err, tt.want)
			}
			for _, q := range queued {
				if !errors.Is(q.Err(), pipeline.ErrNotExecuted) || !errors.Is(err, q.Err()) {
					t.Errorf("an item says %v", q.Err())
				}
			}
			if len(w.bodies) != 0 || p.Len() != 0 {
				t.Errorf("%d requests, %d queued", len(w.bodies), p.Len())
			}
		})
	}
}

func TestSplitByDefaultAtTheSmallestPlan(t *testing.T) {
	t.Parallel()
	const around = len(`[["SET","k",""],["SET","k",""]]`)
	half := strings.Repeat("x", (10<<20-around)/2)
	for _, tt := range []struct {
		more int
		want []int
	}{{10<<20 - around - 2*len(half), []int{2}}, {10<<20 - around - 2*len(half) + 1, []int{1, 1}}} {
		if _, got := sizesOf(t, pipeline.Options{}, half, half+strings.Repeat("x", tt.more)); cmp.Diff(tt.want, got) != "" {
			t.Errorf("%d more: requests of %v", tt.more, got)
		}
	}
}

// A default bound on commands would refuse transactions that the server takes.
func TestTransactionOfMany(t *testing.T) {
	t.Parallel()
	if _, got := sizesOf(t, pipeline.Options{Atomic: true}, make([]string, 1500)...); cmp.Diff([]int{1500}, got) != "" {
		t.Errorf("requests of %v", got)
	}
	w, rdb := overWire(t)
	tx := pipeline.NewTx(rdb)
	tx.Set("k", strings.Repeat("x", 10<<20))
	if err := tx.Exec(t.Context()); !errors.Is(err, upstash.ErrTooLarge) || len(w.bodies) != 0 {
		t.Errorf("a transaction of one command that is too large: %v", err)
	}
}
