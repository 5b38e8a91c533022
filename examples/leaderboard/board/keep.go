package board

import (
	"context"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// Trim leaves the first n on the board and returns how many had to go: for
// boards of which only the top is ever shown, now and then.
func (b *Board[M]) Trim(ctx context.Context, n int) (int64, error) {
	return upstash.Over(b.d).ZRemRangeByRank(ctx, b.Key, 0, -int64(max(0, n))-1)
}

// Remove takes a member off the board.
func (b *Board[M]) Remove(ctx context.Context, member M) error {
	_, err := upstash.Over(b.d).ZRem(ctx, b.Key, string(member))
	return err
}

// Archive gives the board another key, unless there is something under that
// key already: false. It keeps its end. A board that was never written to is an
// error of the server.
func (b *Board[M]) Archive(ctx context.Context, key string) (bool, error) {
	return upstash.Over(b.d).RenameNX(ctx, b.Key, key)
}
