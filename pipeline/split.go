package pipeline

import (
	"fmt"

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
	// and 10,485,760 bytes, the limit of the smallest plan. A command that is
	// larger by itself is sent, for the server to judge.
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
	maxCommands, maxBytes := orDefault(o.MaxCommands, defaultMaxCommands), orDefault(o.MaxBytes, defaultMaxBytes)
	if b.Atomic && o.MaxCommands == 0 {
		maxCommands = len(b.Commands)
	}
	var parts []part
	from, whole, bytes := 0, len("[]"), len("[]")
	for i, c := range b.Commands {
		n, text := upstash.EncodedSize(c)
		if !text && len(b.Commands) > 1 {
			return nil, b.Check()
		}
		n++ // the comma
		whole += n
		if i > from && (i-from == maxCommands || bytes+n-1 > maxBytes) {
			parts, from, bytes = append(parts, part{from, i}), i, len("[]")
		}
		bytes += n
	}
	parts = append(parts, part{from, len(b.Commands)})
	if b.Atomic && (len(parts) > 1 || whole-1 > maxBytes) {
		return nil, fmt.Errorf("pipeline: a transaction of %d commands and %d bytes is more than one request may have, %d commands and %d bytes, "+
			"and a transaction cannot be divided: %w, %w", len(b.Commands), whole-1, maxCommands, maxBytes, upstash.ErrTooLarge, ErrNotExecuted)
	}
	return parts, nil
}

// PartialError says how far a pipeline came that was sent as several requests,
// when one of them failed.
type PartialError struct {
	// Answered is how many commands, from the first one on, have their results.
	Answered int
	// Failed is how many follow that were in the failed request. Whether they
	// ran is what [upstash.OutcomeUnknown] says of Err.
	Failed int
	// NotSent is how many follow that were not sent: [ErrNotExecuted].
	NotSent int
	// Err is why the request failed.
	Err error
	// Failures are the commands that failed on their own among the answered.
	Failures []Failure
}

// Error says how far it came, and why not further.
func (e *PartialError) Error() string {
	fate := "did not run"
	if upstash.OutcomeUnknown(e.Err) {
		fate = "may have run"
	}
	return fmt.Sprintf("pipeline: a request of several failed: %d commands were answered (%d with an error), %d %s, %d were not sent: %v",
		e.Answered, len(e.Failures), e.Failed, fate, e.NotSent, e.Err)
}

// Unwrap returns the error of the request and those of single commands.
func (e *PartialError) Unwrap() []error {
	errs := []error{e.Err}
	for _, f := range e.Failures {
		errs = append(errs, f.Err)
	}
	return errs
}

// stop settles what is left when the request of one part of several failed.
func stop(queue []queued, p part, err error, failures []Failure) error {
	for _, q := range queue[p.from:p.to] {
		q.fail(err)
	}
	return &PartialError{Answered: p.from, Failed: p.to - p.from, NotSent: len(queue) - p.to, Err: err, Failures: failures}
}

// batchOf is the queue as it is sent.
func batchOf(queue []queued, atomic bool) upstash.Batch {
	b := upstash.Batch{Commands: make([]command.Args, len(queue)), Atomic: atomic}
	for i, q := range queue {
		b.Commands[i] = q.args()
	}
	return b
}
