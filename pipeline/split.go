package pipeline

import (
	"fmt"
	"math"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// Options say what a pipeline is and how large its requests may be. Every field
// may stay zero.
type Options struct {
	// Atomic makes it a transaction: its commands run together or not at all.
	Atomic bool

	// MaxCommands and MaxBytes bound one request. A pipeline that is larger is
	// sent as several requests, one after the other; a transaction is never
	// divided and refused instead. Defaults 1,000 commands, as many as the
	// TypeScript SDK puts into a request, no bound on those of a transaction,
	// and 10,485,760 bytes, the limit of the smallest plan; negative for no
	// bound. A command of a pipeline that is larger by itself is sent alone, for
	// the server to judge.
	MaxCommands int
	MaxBytes    int
}

const (
	defaultMaxCommands = 1000
	defaultMaxBytes    = 10 << 20
)

// part is a run of commands that fits one request.
type part struct{ from, to int }

// divide finds the parts of a batch.
func (o Options) divide(b upstash.Batch) ([]part, error) {
	maxCommands, maxBytes := bound(o.MaxCommands, defaultMaxCommands), bound(o.MaxBytes, defaultMaxBytes)
	if b.Atomic && o.MaxCommands == 0 {
		maxCommands = math.MaxInt
	}
	var parts []part
	binary := false
	from, whole, bytes := 0, len("[]"), len("[]")
	for i, c := range b.Commands {
		n, text := upstash.EncodedSize(c)
		binary = binary || !text
		n++ // the comma
		whole += n
		if i > from && (i-from == maxCommands || bytes+n-1 > maxBytes) {
			parts, from, bytes = append(parts, part{from, i}), i, len("[]")
		}
		bytes += n
	}
	parts = append(parts, part{from, len(b.Commands)})
	if binary && len(parts) > 1 {
		if err := b.Check(); err != nil {
			return nil, err // before the first part is sent; of a single one the Doer is the judge
		}
	}
	switch whole--; { // no comma after the last one
	case b.Atomic && len(b.Commands) > maxCommands:
		return nil, indivisible(b, len(b.Commands), maxCommands, "commands")
	case b.Atomic && whole > maxBytes:
		return nil, indivisible(b, whole, maxBytes, "bytes")
	}
	return parts, nil
}

// indivisible refuses a transaction that one request cannot hold.
func indivisible(b upstash.Batch, has, most int, unit string) error {
	return b.Abandoned(fmt.Errorf("it has %d %s, one request may have %d, and a transaction cannot be divided: %w, %w",
		has, unit, most, upstash.ErrTooLarge, ErrNotExecuted), false)
}

// batchOf is the queue as it is sent.
func batchOf(queue []queued, atomic bool) upstash.Batch {
	b := upstash.Batch{Commands: make([]command.Args, len(queue)), Atomic: atomic}
	for i, q := range queue {
		b.Commands[i] = q.args()
	}
	return b
}
