package board_test

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/examples/leaderboard/board"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

type player string

// start is when the season of the tests begins.
var start = time.Date(2026, time.March, 2, 0, 0, 0, 0, time.UTC)

func ties() *board.EarliestFirst {
	return &board.EarliestFirst{Start: start, Step: time.Second, Bits: 20}
}

// oracle is a leaderboard as a slice that is sorted anew after every change.
type oracle struct {
	mode  board.Mode
	timed bool
	rows  []row
}

type row struct {
	member player
	score  int64
	step   int64 // when, in seconds; 0 without ties
}

func (o *oracle) submit(member player, score, step int64) {
	if !o.timed {
		step = 0
	}
	i := slices.IndexFunc(o.rows, func(r row) bool { return r.member == member })
	switch {
	case i < 0:
		o.rows = append(o.rows, row{member, score, step})
	case o.mode == board.Set:
		o.rows[i] = row{member, score, step}
	case o.mode == board.Sum:
		o.rows[i] = row{member, o.rows[i].score + score, step}
	case score > o.rows[i].score:
		o.rows[i] = row{member, score, step}
	}
	slices.SortFunc(o.rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.step, b.step), cmp.Compare(b.member, a.member))
	})
}

func (o *oracle) remove(member player) {
	o.rows = slices.DeleteFunc(o.rows, func(r row) bool { return r.member == member })
}

func (o *oracle) entries(first, last int) []board.Entry[player] {
	list := []board.Entry[player]{}
	for i := max(0, first); i < min(last, len(o.rows)); i++ {
		list = append(list, board.Entry[player]{Rank: int64(i + 1), Member: o.rows[i].member, Score: o.rows[i].score})
	}
	return list
}

// views is all that a board can be asked, for one member.
type views struct {
	Top, Page, Around []board.Entry[player]
	Rank              board.Entry[player]
	Shared            int64
	Percentile        float64
	Ranked            [4]bool
}

func (o *oracle) views(member player) (v views) {
	v.Top, v.Page = o.entries(0, 3), o.entries(2, 4)
	i := slices.IndexFunc(o.rows, func(r row) bool { return r.member == member })
	if i < 0 {
		return v
	}
	v.Ranked = [4]bool{true, true, true, true}
	v.Around, v.Rank = o.entries(i-2, i+3), o.entries(i, i+1)[0]
	v.Shared = 1 + int64(slices.IndexFunc(o.rows, func(r row) bool { return r.score == v.Rank.Score }))
	v.Percentile = 100 * float64(i+1) / float64(len(o.rows))
	return v
}

// views asks the board the same.
func viewsOf(t *testing.T, b *board.Board[player], member player) (v views, failed error) {
	t.Helper()
	ctx := t.Context()
	ranked := func(err error) bool {
		if err != nil && !errors.Is(err, board.ErrNotRanked) {
			failed = err
		}
		return err == nil
	}
	var errs [4]error
	var topErr, pageErr error
	v.Top, topErr = b.Top(ctx, 3)
	v.Page, pageErr = b.Page(ctx, 2, 2)
	v.Around, errs[0] = b.Around(ctx, member, 2)
	v.Rank, errs[1] = b.Rank(ctx, member)
	v.Shared, errs[2] = b.Shared(ctx, member)
	v.Percentile, errs[3] = b.Percentile(ctx, member)
	for i, err := range errs {
		v.Ranked[i] = ranked(err)
	}
	return v, errors.Join(failed, topErr, pageErr)
}

// fault is what a test plants into the board, to see the oracle notice.
type fault struct {
	options func(*board.Options)
	trim    int // this many more than asked
}

// compare runs random operations on a board and on the oracle, until they
// disagree. Few members, few scores and few steps make ties the rule.
func compare(t *testing.T, rng *rand.Rand, mode board.Mode, timed bool, operations int, f fault) error {
	t.Helper()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	step := int64(0)
	o := board.Options{Key: "board", Mode: mode, Clock: func() time.Time { return start.Add(time.Duration(step) * time.Second) }}
	if timed {
		o.Ties = ties()
	}
	if f.options != nil {
		f.options(&o)
	}
	b, err := board.New[player](srv.Client(), o)
	if err != nil {
		t.Fatal(err)
	}
	truth := &oracle{mode: mode, timed: timed}
	for n := range operations {
		step += rng.Int64N(2)
		member := player("p" + string(rune('a'+rng.IntN(7))))
		what := ""
		switch rng.IntN(12) {
		case 0:
			keep := 2 + rng.IntN(6)
			what = fmt.Sprintf("trim to %d", keep)
			truth.rows = truth.rows[:min(keep, len(truth.rows))]
			_, err = b.Trim(t.Context(), keep+f.trim)
		case 1:
			what = fmt.Sprintf("remove %s", member)
			truth.remove(member)
			err = b.Remove(t.Context(), member)
		default:
			score := rng.Int64N(5) - 1
			what = fmt.Sprintf("submit %s %d", member, score)
			truth.submit(member, score, step)
			err = b.Submit(t.Context(), member, score)
		}
		if err != nil {
			return fmt.Errorf("operation %d, %s: %w", n, what, err)
		}
		got, err := viewsOf(t, b, member)
		if err != nil {
			return fmt.Errorf("views after operation %d, %s: %w", n, what, err)
		}
		if diff := gocmp.Diff(truth.views(member), got); diff != "" {
			return fmt.Errorf("after operation %d, %s (-want +got):\n%s", n, what, diff)
		}
	}
	return nil
}

func operations() int {
	if os.Getenv("UPSTASH_LONG") != "" {
		return 5000
	}
	return 150
}

var modes = map[string]board.Mode{"set": board.Set, "best": board.Best, "sum": board.Sum}

func TestBoardOracle(t *testing.T) {
	t.Parallel()
	for name, mode := range modes {
		for _, timed := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, ties %t", name, timed), func(t *testing.T) {
				t.Parallel()
				seed := rand.Uint64()
				if err := compare(t, rand.New(rand.NewPCG(seed, 0)), mode, timed, operations(), fault{}); err != nil {
					t.Errorf("seed %d: %v", seed, err)
				}
			})
		}
	}
}

// The oracle is worth what it notices.
func TestBoardOracleNoticesPlantedFaults(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		mode  board.Mode
		timed bool
		fault fault
	}{
		"best does not compare":       {board.Best, true, fault{options: func(o *board.Options) { o.Mode = board.Set }}},
		"set adds":                    {board.Set, true, fault{options: func(o *board.Options) { o.Mode = board.Sum }}},
		"sum replaces":                {board.Sum, false, fault{options: func(o *board.Options) { o.Mode = board.Set }}},
		"ties are not told apart":     {board.Best, true, fault{options: func(o *board.Options) { o.Ties = nil }}},
		"the clock stands still":      {board.Sum, true, fault{options: func(o *board.Options) { o.Clock = func() time.Time { return start } }}},
		"steps are too long":          {board.Set, true, fault{options: func(o *board.Options) { o.Ties.Step = time.Hour }}},
		"trim leaves one too many":    {board.Set, false, fault{trim: 1}},
		"trim takes one too many off": {board.Best, true, fault{trim: -1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := compare(t, rand.New(rand.NewPCG(1, 2)), tt.mode, tt.timed, 1000, tt.fault); err == nil {
				t.Error("1000 operations went by and nothing was noticed")
			}
		})
	}
}
