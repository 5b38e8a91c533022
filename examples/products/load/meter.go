package load

import (
	"context"
	"sync/atomic"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// meter counts what a client sends.
type meter struct{ roundTrips, commands atomic.Int64 }

func (m *meter) observe(_ context.Context, rt upstash.RoundTrip) {
	m.roundTrips.Add(1)
	m.commands.Add(int64(rt.Billed))
}
