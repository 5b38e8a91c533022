package upstash

import (
	"context"
	"slices"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// Batch is what one round trip carries: one command, a pipeline of several, or,
// when Atomic, a transaction that runs as a whole or not at all.
type Batch struct {
	Commands []command.Args
	Atomic   bool
}

// class is that of the least repeatable command: a batch may be repeated only
// when all of it may.
func (b Batch) class() command.Class {
	class := command.ReadOnly
	for _, c := range b.Commands {
		class = min(class, c.Class())
	}
	return class
}

// names lists the commands without their arguments.
func (b Batch) names() []string {
	names := make([]string, len(b.Commands))
	for i, c := range b.Commands {
		names[i] = c.Name()
	}
	return names
}

// Doer sends a batch and returns one reply for each of its commands, in their
// order. It is the seam of this SDK, as [net/http.RoundTripper] is that of
// net/http: the innermost Doer makes exactly one round trip, and everything
// else is a Doer around a Doer.
//
// The error says that the round trip failed: nothing was understood, or the
// server refused the request as a whole. A command's own error is inside its
// [command.Reply], so that one failing command does not hide the others.
//
// A Doer is safe for concurrent use and does not keep the batch.
type Doer interface {
	Do(ctx context.Context, b Batch) ([]command.Reply, error)
}

// DoerFunc makes a function a [Doer].
type DoerFunc func(ctx context.Context, b Batch) ([]command.Reply, error)

// Do calls f.
func (f DoerFunc) Do(ctx context.Context, b Batch) ([]command.Reply, error) { return f(ctx, b) }

// Middleware wraps a [Doer] to add behavior to every round trip.
type Middleware func(Doer) Doer

// chain wraps d so that the first middleware is the outermost.
func chain(d Doer, middleware []Middleware) Doer {
	for _, wrap := range slices.Backward(middleware) {
		d = wrap(d)
	}
	return d
}
