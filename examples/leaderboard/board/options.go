package board

import (
	"errors"
	"time"
)

// Mode says what a new score does to the one that a member has.
type Mode uint8

const (
	// Set replaces it.
	Set Mode = iota
	// Best keeps the higher one.
	Best
	// Sum adds to it.
	Sum
)

// Options describe a board. Key is required.
type Options struct {
	// Key is the sorted set. A season has a key of its own: "game:2026-w10".
	Key string

	// Mode is what Submit does. All programs that submit to a board need the
	// same one.
	Mode Mode

	// Ties, when set, puts the earlier one first among equal scores.
	Ties *EarliestFirst

	// Ends is when the database forgets the board, in whole seconds. Zero keeps
	// it for ever.
	Ends time.Time

	// Clock is the time that ties are told apart by. Default [time.Now].
	Clock func() time.Time
}

// EarliestFirst says how finely time is told apart, and for how long: there are
// 2^Bits steps from Start on, and 53-Bits bits are left for scores. Changing it
// makes another board: use another key.
type EarliestFirst struct {
	Start time.Time     // nothing is submitted before
	Step  time.Duration // two submissions within one step are equal
	Bits  int           // 1 to 52
}

// Errors of a submission that was refused. Nothing was written, except as [Board.Submit] says.
var (
	// ErrInexact: the score, or the sum, has no exact place in a float64 beside
	// the time. Scores are below 2^(53-Bits), with no Ties at most 2^53.
	ErrInexact = errors.New("board: the score is not exact in a float64: use smaller scores or fewer bits for the time")
	// ErrOutsideSeason: the clock is before EarliestFirst.Start, or after its last step.
	ErrOutsideSeason = errors.New("board: the clock is outside the steps of the board: give the season its own key and start")
)

// ErrNotRanked says that a member is not on the board.
var ErrNotRanked = errors.New("board: not on the board")

func (o Options) check() error {
	switch {
	case o.Key == "":
		return errors.New("board: Options.Key is empty: name the sorted set")
	case o.Mode > Sum:
		return errors.New("board: there is no such Options.Mode: use Set, Best or Sum")
	case o.Ties == nil:
		return nil
	case o.Ties.Bits < 1 || o.Ties.Bits > exactBits-1:
		return errors.New("board: EarliestFirst.Bits is out of range: 1 to 52")
	case o.Ties.Step <= 0:
		return errors.New("board: EarliestFirst.Step is not positive: a second, for example")
	case o.Ties.Start.IsZero():
		return errors.New("board: EarliestFirst.Start is missing: the instant at which the season begins")
	case !o.Ends.IsZero() && o.Ties.step(o.Ends) >= 1<<o.Ties.Bits:
		return errors.New("board: the steps are over before Options.Ends: use more bits or longer steps")
	}
	return nil
}
