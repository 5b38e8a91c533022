package board_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/examples/leaderboard/board"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func newBoard(t *testing.T, srv *upstashtest.Server, o board.Options) *board.Board[player] {
	t.Helper()
	o.Key = "board"
	b, err := board.New[player](srv.Client(), o)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func at(instant time.Time) func() time.Time { return func() time.Time { return instant } }

// What the package comment says of costs, when the scripts are known.
func TestCost(t *testing.T) {
	t.Parallel()
	for _, mode := range []board.Mode{board.Set, board.Best, board.Sum} {
		for _, timed := range []bool{false, true} {
			for _, ends := range []bool{false, true} {
				t.Run(fmt.Sprint(mode, timed, ends), func(t *testing.T) {
					t.Parallel()
					srv := upstashtest.New(t, upstashtest.Options{Clock: at(start)})
					o, cost := board.Options{Mode: mode, Clock: at(start)}, upstashtest.Cost{RoundTrips: 1, Commands: 1}
					if timed {
						o.Ties = ties()
					}
					sums := timed && mode == board.Sum
					if sums {
						cost.Commands = 3
					}
					if ends {
						o.Ends = start.Add(7 * 24 * time.Hour)
						cost.Commands++
					}
					b := newBoard(t, srv, o)
					submit := func() {
						if err := b.Submit(t.Context(), "ann", 5); err != nil {
							t.Error(err)
						}
					}
					submit()
					upstashtest.AssertCost(t, srv, cost, submit)
				})
			}
		}
	}
}

func TestCostOfReading(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t)
	b, ctx := newBoard(t, srv, board.Options{Ties: ties(), Clock: at(start)}), t.Context()
	for i, name := range []player{"ann", "bob", "cy", "dee"} {
		if err := b.Submit(ctx, name, int64(i)); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name     string
		commands int
		call     func() error
	}{
		{"top", 1, func() error { _, err := b.Top(ctx, 3); return err }},
		{"page", 1, func() error { _, err := b.Page(ctx, 2, 2); return err }},
		{"rank", 1, func() error { _, err := b.Rank(ctx, "bob"); return err }},
		{"around", 3, func() error { _, err := b.Around(ctx, "bob", 1); return err }},
		{"shared", 3, func() error { _, err := b.Shared(ctx, "bob"); return err }},
		{"percentile", 2, func() error { _, err := b.Percentile(ctx, "bob"); return err }},
		{"trim", 1, func() error { _, err := b.Trim(ctx, 10); return err }},
		{"remove", 1, func() error { return b.Remove(ctx, "nobody") }},
	} {
		if err := tt.call(); err != nil { // the first time a script is sent twice
			t.Fatal(tt.name, err)
		}
		t.Log(tt.name)
		upstashtest.AssertCost(t, srv, upstashtest.Cost{RoundTrips: 1, Commands: tt.commands}, func() {
			if err := tt.call(); err != nil {
				t.Error(err)
			}
		})
	}
	upstashtest.AssertCost(t, srv, upstashtest.Cost{RoundTrips: 1, Commands: 1}, func() {
		if moved, err := b.Archive(ctx, "archive"); !moved || err != nil {
			t.Error(moved, err)
		}
	})
}

func TestInexactIsRefused(t *testing.T) {
	t.Parallel()
	const room = int64(1) << 33 // of 53 bits, 20 are the time
	for _, tt := range []struct {
		name  string
		mode  board.Mode
		timed bool
		first int64 // submitted before, unless 0
		score int64
		want  error
	}{
		{"largest", board.Set, false, 0, 1 << 53, nil},
		{"too large", board.Set, false, 0, 1<<53 + 1, board.ErrInexact},
		{"lowest", board.Best, false, 0, -1 << 53, nil},
		{"too low", board.Best, false, 0, -1<<53 - 1, board.ErrInexact},
		{"largest with time", board.Best, true, 0, room - 1, nil},
		{"too large with time", board.Best, true, 0, room, board.ErrInexact},
		{"lowest with time", board.Set, true, 0, -room, nil},
		{"too low with time", board.Set, true, 0, -room - 1, board.ErrInexact},
		{"sum with time", board.Sum, true, room - 2, 1, nil},
		{"sum too large with time", board.Sum, true, room - 1, 1, board.ErrInexact},
		{"sum too low with time", board.Sum, true, -room, -1, board.ErrInexact},
		{"sum", board.Sum, false, 1<<53 - 1, 1, nil},
		{"sum too large", board.Sum, false, 1<<53 - 1, 3, board.ErrInexact},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o, want := board.Options{Mode: tt.mode, Clock: at(start)}, tt.first+tt.score
			if tt.timed {
				o.Ties = ties()
			}
			b := newBoard(t, upstashtest.New(t), o)
			if tt.first != 0 {
				if err := b.Submit(t.Context(), "ann", tt.first); err != nil {
					t.Fatal(err)
				}
			}
			if err := b.Submit(t.Context(), "ann", tt.score); !errors.Is(err, tt.want) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
			if tt.want != nil {
				want = tt.first
			}
			got, err := b.Rank(t.Context(), "ann")
			switch {
			case tt.want != nil && tt.first == 0:
				if !errors.Is(err, board.ErrNotRanked) {
					t.Errorf("after a refusal: %v, %v", got, err)
				}
			case tt.name == "sum too large": // reported, and taken all the same: see Submit
			case err != nil || got.Score != want:
				t.Errorf("score %d, want %d (%v)", got.Score, want, err)
			}
		})
	}
}

func TestOutsideTheSeason(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		at   time.Time
		want error
	}{
		{"before", start.Add(-time.Nanosecond), board.ErrOutsideSeason},
		{"first step", start, nil},
		{"last step", start.Add(1<<20*time.Second - 1), nil},
		{"after", start.Add(1 << 20 * time.Second), board.ErrOutsideSeason},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			srv := upstashtest.New(t)
			b := newBoard(t, srv, board.Options{Ties: ties(), Clock: at(tt.at)})
			if err := b.Submit(t.Context(), "ann", 5); !errors.Is(err, tt.want) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
			if tt.want != nil && len(srv.Requests()) > 0 {
				t.Error("a refusal made a request")
			}
		})
	}
}

func TestSeasonEnds(t *testing.T) {
	t.Parallel()
	for name, mode := range modes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := upstashtest.New(t, upstashtest.Options{InProcess: true, Clock: at(start)})
			b := newBoard(t, srv, board.Options{Mode: mode, Ties: ties(), Clock: srv.Now, Ends: start.Add(7 * 24 * time.Hour)})
			if err := b.Submit(t.Context(), "ann", 5); err != nil {
				t.Fatal(err)
			}
			srv.Advance(7*24*time.Hour - time.Second)
			if top, err := b.Top(t.Context(), 1); len(top) != 1 || err != nil {
				t.Errorf("a second before the end: %v, %v", top, err)
			}
			srv.Advance(time.Second)
			if top, err := b.Top(t.Context(), 1); len(top) != 0 || err != nil {
				t.Errorf("at the end: %v, %v", top, err)
			}
		})
	}
}

func TestArchiveTakesNoOther(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t)
	b, ctx := newBoard(t, srv, board.Options{}), t.Context()
	if err := b.Submit(ctx, "ann", 5); err != nil {
		t.Fatal(err)
	}
	if err := srv.Client().Set(ctx, "taken", "precious"); err != nil {
		t.Fatal(err)
	}
	if moved, err := b.Archive(ctx, "taken"); moved || err != nil {
		t.Errorf("onto another key: %t, %v", moved, err)
	}
	if moved, err := b.Archive(ctx, "free"); !moved || err != nil {
		t.Errorf("onto a free key: %t, %v", moved, err)
	}
	if top, err := b.Top(ctx, 1); len(top) != 0 || err != nil {
		t.Errorf("the board after it was archived: %v, %v", top, err)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		o    board.Options
		says string
	}{
		"no key":      {board.Options{}, "Options.Key is empty"},
		"mode":        {board.Options{Key: "k", Mode: 3}, "no such Options.Mode"},
		"no bits":     {board.Options{Key: "k", Ties: &board.EarliestFirst{Start: start, Step: 1}}, "Bits is out of range"},
		"no start":    {board.Options{Key: "k", Ties: &board.EarliestFirst{Step: 1, Bits: 20}}, "Start is missing"},
		"no step":     {board.Options{Key: "k", Ties: &board.EarliestFirst{Start: start, Bits: 20}}, "Step is not positive"},
		"runs out":    {board.Options{Key: "k", Ties: ties(), Ends: start.Add(1 << 20 * time.Second)}, "steps are over before"},
		"just enough": {board.Options{Key: "k", Ties: ties(), Ends: start.Add(1<<20*time.Second - 1)}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := board.New[player](upstashtest.New(t).Client(), tt.o)
			if (tt.says == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), tt.says) {
				t.Errorf("error %v, want %q", err, tt.says)
			}
		})
	}
	b := newBoard(t, upstashtest.New(t), board.Options{})
	if _, err := b.Page(t.Context(), 0, 10); err == nil {
		t.Error("page 0 is answered")
	}
}

func TestEmptyBoard(t *testing.T) {
	t.Parallel()
	b := newBoard(t, upstashtest.New(t), board.Options{})
	got, err := viewsOf(t, b, "nobody")
	empty := []board.Entry[player]{}
	if diff := gocmp.Diff(views{Top: empty, Page: empty}, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}
