package board

import (
	"context"
	_ "embed"
	"errors"
	"fmt"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// Board is a leaderboard whose members are named by an M. It is safe for
// concurrent use.
type Board[M ~string] struct {
	Options
	d       upstash.Doer
	packing packing
}

// Entry is a member in its place.
type Entry[M ~string] struct {
	Rank   int64 // from 1 on; no two members have the same
	Member M
	Score  int64
}

// New makes a board over d, a client for example. It does no I/O. The error
// says which option makes no sense.
func New[M ~string](d upstash.Doer, o Options) (*Board[M], error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	b := &Board[M]{Options: o, d: d}
	if o.Ties != nil {
		b.packing.bits = o.Ties.Bits
	}
	return b, nil
}

// Top returns the first n, fewer when there are no more.
func (b *Board[M]) Top(ctx context.Context, n int) ([]Entry[M], error) { return b.Page(ctx, 1, n) }

// Page returns the members of a page, from 1 on, with so many on each. A page
// behind the end is empty.
func (b *Board[M]) Page(ctx context.Context, page, size int) ([]Entry[M], error) {
	if page < 1 || size < 1 {
		return nil, errors.New("board: pages are numbered from 1, with at least 1 member on each")
	}
	first := int64(page-1) * int64(size)
	list, err := upstash.Over(b.d).ZRangeByWithScores(ctx, command.ZRangeArgs{
		Key: b.Key, Min: command.Rank(first), Max: command.Rank(first + int64(size) - 1), Rev: true,
	})
	return b.entries(first, list), err
}

// Rank returns the place of a member, or [ErrNotRanked].
func (b *Board[M]) Rank(ctx context.Context, member M) (Entry[M], error) {
	place, err := upstash.Over(b.d).ZRevRankWithScore(ctx, b.Key, string(member))
	if err != nil {
		return Entry[M]{}, notRanked(err)
	}
	return Entry[M]{place.Rank + 1, member, b.packing.score(place.Score)}, nil
}

//go:embed around.lua
var aroundSource string

var aroundScript = upstash.NewScript(aroundSource)

// Around returns a member with up to n above and n below, from the top down, or
// [ErrNotRanked]. It is one look at the board, so the places fit together.
func (b *Board[M]) Around(ctx context.Context, member M, n int) ([]Entry[M], error) {
	reply, err := aroundScript.RunRO(ctx, b.d, []string{b.Key}, string(member), max(0, n))
	if err != nil {
		return nil, err
	}
	if reply.IsNil() {
		return nil, ErrNotRanked
	}
	parts, err := reply.Array()
	if err != nil || len(parts) != 2 {
		return nil, fmt.Errorf("board: the script answered in another form (%w)", err)
	}
	first, err := parts[0].Int()
	if err != nil {
		return nil, err
	}
	list, err := parts[1].Zs()
	return b.entries(first, list), err
}

//go:embed shared.lua
var sharedSource string

var sharedScript = upstash.NewScript(sharedSource)

// Shared returns the rank that members of equal score share, as in 1, 2, 2, 4,
// whoever was first; or [ErrNotRanked].
func (b *Board[M]) Shared(ctx context.Context, member M) (int64, error) {
	reply, err := sharedScript.RunRO(ctx, b.d, []string{b.Key}, string(member), int64(1)<<b.packing.bits)
	if err != nil {
		return 0, err
	}
	if reply.IsNil() {
		return 0, ErrNotRanked
	}
	above, err := reply.Int()
	return above + 1, err
}

// Percentile returns which part of the board a member is among, in percent: 3
// is "top 3 %". The last one has 100. The error may be [ErrNotRanked].
func (b *Board[M]) Percentile(ctx context.Context, member M) (float64, error) {
	p := pipeline.NewTx(b.d)
	position, size := p.ZRevRank(b.Key, string(member)), p.ZCard(b.Key)
	if err := p.Exec(ctx); err != nil {
		return 0, err
	}
	if err := position.Err(); err != nil {
		return 0, notRanked(err)
	}
	return 100 * float64(position.Val()+1) / float64(size.Val()), nil
}

func (b *Board[M]) entries(first int64, list []command.Z) []Entry[M] {
	entries := make([]Entry[M], len(list))
	for i, z := range list {
		entries[i] = Entry[M]{first + int64(i) + 1, M(z.Member), b.packing.score(z.Score)}
	}
	return entries
}

func notRanked(err error) error {
	if errors.Is(err, upstash.ErrNil) {
		return ErrNotRanked
	}
	return err
}
