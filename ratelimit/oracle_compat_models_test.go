package ratelimit_test

import "math"

// The models of Compat: what @upstash/ratelimit does, as its facts have it.

// cost is what a call adds: a refund is a negative cost.
func compatCost(op string, cost int64) int64 {
	if op == "refund" {
		return -cost
	}
	return cost
}

// compatResult is a result where value is what is left, or negative: a refund
// that is refused counts as a call that was refused.
func compatResult(cost, value int64) (allowed bool, granted, remaining int64) {
	if allowed = value >= 0; allowed && cost > 0 {
		granted = cost
	}
	return allowed, granted, max(value, 0)
}

// compatFixed counts what it refuses, too.
type compatFixed struct {
	limit, window int64
	used          map[int64]int64
}

func (m *compatFixed) decide(now int64, op string, cost int64) (allowed bool, granted, remaining int64) {
	cost = compatCost(op, cost)
	m.used[now/m.window] += cost
	return compatResult(cost, m.limit-m.used[now/m.window])
}

// compatSliding asks whether anything is left, and keeps what overshoots.
type compatSliding struct{ compatFixed }

func (m *compatSliding) decide(now int64, op string, cost int64) (allowed bool, granted, remaining int64) {
	cost = compatCost(op, cost)
	part := 1 - float64(now%m.window)/float64(m.window)
	carried := int64(math.Floor(part * float64(m.used[now/m.window-1]))) // refunds can make it negative
	if cost > 0 && carried+m.used[now/m.window] >= m.limit {
		return compatResult(cost, -1)
	}
	m.used[now/m.window] += cost
	return compatResult(cost, m.limit-carried-m.used[now/m.window])
}

// compatBucket stores also what is full, so that the phase stays that of the
// first call.
type compatBucket struct {
	capacity, refill, interval int64
	stored                     bool
	tokens, at                 int64
}

func (m *compatBucket) decide(now int64, op string, cost int64) (allowed bool, granted, remaining int64) {
	cost = compatCost(op, cost)
	tokens, at := m.capacity, now
	if m.stored {
		tokens, at = m.tokens, m.at
	}
	for at+m.interval <= now {
		at += m.interval
		tokens = min(tokens+m.refill, m.capacity)
	}
	if cost > 0 && tokens < cost {
		return compatResult(cost, -1)
	}
	m.stored, m.tokens, m.at = true, tokens-cost, at
	return compatResult(cost, m.tokens)
}
