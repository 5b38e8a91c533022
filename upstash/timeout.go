package upstash

import (
	"context"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// withTimeout bounds calls whose context has no deadline.
func withTimeout(d Doer, timeout time.Duration) Doer {
	if timeout < 0 {
		return d
	}
	return DoerFunc(func(ctx context.Context, b Batch) ([]command.Reply, error) {
		if _, has := ctx.Deadline(); has {
			return d.Do(ctx, b)
		}
		ctx, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		return d.Do(ctx, b)
	})
}
