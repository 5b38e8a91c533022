package main

import (
	"context"
	"sync"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// Usage is what a database was used for.
type Usage struct {
	RoundTrips int
	Commands   int // billed ones
	Sent       int // bytes of request bodies
	Received   int // bytes of response bodies
}

// Minus is what was used since v.
func (u Usage) Minus(v Usage) Usage {
	return Usage{u.RoundTrips - v.RoundTrips, u.Commands - v.Commands, u.Sent - v.Sent, u.Received - v.Received}
}

// Plus is both together.
func (u Usage) Plus(v Usage) Usage {
	return Usage{u.RoundTrips + v.RoundTrips, u.Commands + v.Commands, u.Sent + v.Sent, u.Received + v.Received}
}

// Meter adds up the round trips of a client: its Observe belongs into
// [upstash.Options], where it sees the same on every database.
type Meter struct {
	mu    sync.Mutex
	total Usage
}

// Observe counts one round trip.
func (m *Meter) Observe(_ context.Context, rt upstash.RoundTrip) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.total = m.total.Plus(Usage{RoundTrips: 1, Commands: rt.Billed, Sent: rt.Sent, Received: rt.Received})
}

// Total is everything so far.
func (m *Meter) Total() Usage {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.total
}
