package ratelimit

import "context"

// Blocks is how many keys the block cache holds.
func (l *Limiter) Blocks() int { return len(l.blocks.keys) }

// EventMember is what analytics counts a request of this key as.
func EventMember(r Request, result Result) string { return eventMember(r, result) }

// TakeTurn and PassTurn are what Wait does before and after.
func (l *Limiter) TakeTurn(ctx context.Context, key string) error { return l.turns.take(ctx, key) }

// PassTurn ends the turn of TakeTurn.
func (l *Limiter) PassTurn(key string) { l.turns.pass(key) }
