package pipeline

import (
	"errors"
	"log/slog"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// Queued is where the result of one queued command will be.
type Queued[T any] struct {
	cmd command.Cmd[T]
	val T
	err error
}

// Result returns the value and the error of this command: [ErrNotExecuted]
// before [Pipeline.Exec], [upstash.ErrNil] for an absent value.
func (q *Queued[T]) Result() (T, error) { return q.val, q.err }

// Val returns the value, the zero value where there is an error.
func (q *Queued[T]) Val() T { return q.val }

// Err returns the error of this command.
func (q *Queued[T]) Err() error { return q.err }

// String names the command and shows neither its arguments nor its result.
func (q Queued[T]) String() string { return "pipeline.Queued{" + q.cmd.String() + "}" }

// GoString is [Queued.String], so that %#v shows no more.
func (q Queued[T]) GoString() string { return q.String() }

// LogValue is [Queued.String], so that a logger shows no more.
func (q Queued[T]) LogValue() slog.Value { return slog.StringValue(q.String()) }

func (q *Queued[T]) args() command.Args { return q.cmd.Args() }

func (q *Queued[T]) fail(err error) { q.err = err }

// settle takes the reply and returns an error that the whole Exec reports.
func (q *Queued[T]) settle(r command.Reply, index int) error {
	q.val, q.err = upstash.Decode(q.cmd, r, index)
	if errors.Is(q.err, upstash.ErrNil) {
		return nil
	}
	return q.err
}
