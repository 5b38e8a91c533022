package board

import (
	"context"
	_ "embed"
	"time"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

//go:embed sum.lua
var sumSource string

var sumScript = upstash.NewScript(sumSource)

// Submit takes a score of a member by the mode of the board. It is safe for
// concurrent use by any number of processes: each mode is one step in the
// database.
//
// The error is [ErrInexact] or [ErrOutsideSeason] for what the board cannot
// hold; nothing is written then. One case cannot be seen before: with Sum and
// without Ties, the step that carries a sum past 2^53 is taken, and reported.
func (b *Board[M]) Submit(ctx context.Context, member M, score int64) error {
	if !b.packing.fits(score) {
		return ErrInexact
	}
	late, err := b.late(b.now())
	if err != nil {
		return err
	}
	if b.Mode == Sum && b.Ties != nil {
		return b.sumWithTime(ctx, string(member), score, late)
	}

	p := pipeline.NewTx(b.d)
	var sum *pipeline.Queued[float64]
	place := command.Z{Member: string(member), Score: b.packing.pack(score, late)}
	switch b.Mode {
	case Set:
		p.ZAdd(b.Key, place)
	case Best: // packed numbers compare as pairs, so an equal score that came later changes nothing
		p.ZAddWith(b.Key, command.ZAddOptions{Compare: command.ZGreater}, place)
	case Sum:
		sum = p.ZIncrBy(b.Key, place.Score, place.Member)
	}
	if !b.Ends.IsZero() { // in the same step: nothing may be on the board without an end
		p.ExpireAt(b.Key, b.Ends)
	}
	if err := p.Exec(ctx); err != nil {
		return err
	}
	if sum != nil && (sum.Val() < -1<<exactBits || sum.Val() > 1<<exactBits) {
		return ErrInexact
	}
	return nil
}

// sumWithTime adds, and the time is that of the last addition: who reached the
// sum first stands above.
func (b *Board[M]) sumWithTime(ctx context.Context, member string, score, late int64) error {
	var ends int64
	if !b.Ends.IsZero() {
		ends = b.Ends.Unix()
	}
	reply, err := sumScript.Run(ctx, b.d, []string{b.Key}, member, score, late, int64(1)<<b.packing.bits, ends)
	if err != nil {
		return err
	}
	fits, err := reply.Bool()
	if err == nil && !fits {
		return ErrInexact
	}
	return err
}

func (b *Board[M]) now() time.Time {
	if b.Clock == nil {
		return time.Now()
	}
	return b.Clock()
}
