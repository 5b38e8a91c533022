package pipeline

import (
	"context"
	"errors"
	"log/slog"
	"strconv"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// Pipeline collects commands and sends them in one round trip. Its methods are
// the commands of Redis; each returns where the result will be. It is not safe
// for concurrent use.
type Pipeline struct {
	doer    upstash.Doer
	options Options
	queue   []queued
}

// queued is a [Queued] of any type.
type queued interface {
	args() command.Args
	settle(r command.Reply, index int) error
	fail(err error)
}

// New returns an empty pipeline over d, a client for example.
func New(d upstash.Doer) *Pipeline { return &Pipeline{doer: d} }

// NewTx returns an empty transaction: its commands run together or, when the
// server refuses one of them, not at all. There is no WATCH over REST; make a
// write depend on what was read with [command.Equals].
func NewTx(d upstash.Doer) *Pipeline { return NewWith(d, Options{Atomic: true}) }

// NewWith returns an empty pipeline or transaction as o says.
func NewWith(d upstash.Doer, o Options) *Pipeline { return &Pipeline{doer: d, options: o} }

// Queue adds any command, for example one that was composed:
//
//	user := pipeline.Queue(p, command.JSON[User](command.Get("user:1")))
func Queue[T any](p *Pipeline, c command.Cmd[T]) *Queued[T] {
	q := &Queued[T]{cmd: c, err: ErrNotExecuted}
	p.queue = append(p.queue, q)
	return q
}

// Len is the number of commands that wait for [Pipeline.Exec].
func (p *Pipeline) Len() int { return len(p.queue) }

// String counts what is queued and shows nothing of it.
func (p Pipeline) String() string {
	return "pipeline.Pipeline{" + strconv.Itoa(len(p.queue)) + " commands}"
}

// GoString is [Pipeline.String], so that %#v shows no more.
func (p Pipeline) GoString() string { return p.String() }

// LogValue is [Pipeline.String], so that a logger shows no more.
func (p Pipeline) LogValue() slog.Value { return slog.StringValue(p.String()) }

// Exec sends what was queued in one round trip and fills in the results. With
// nothing queued it does nothing. A pipeline that is too large for one request
// is sent as several, in order, each after the one before it was answered; see
// [Options].
//
// It returns nil when every command succeeded; an absent value is [upstash.ErrNil]
// on its own item and no failure. When commands failed it returns an
// [*ExecError] that lists them. When the round trip failed, or the transaction
// was discarded, it returns that one error and every item has it too; of several
// requests a [*PartialError] says how far they came. When a command cannot be
// sent, nothing is: the [*ExecError] says why, and the other items are
// [ErrNotExecuted].
//
// Afterwards the pipeline is empty and can be used again.
func (p *Pipeline) Exec(ctx context.Context) error {
	queue := p.queue
	p.queue = nil
	if len(queue) == 0 {
		return nil
	}
	batch := batchOf(queue, p.options.Atomic)
	if err := refuse(batch.Commands, queue); err != nil {
		return err
	}
	parts, err := p.options.divide(batch)
	if err != nil {
		return notSent(batch.Commands, queue, err)
	}
	var failed ExecError
	for _, part := range parts {
		request := upstash.Batch{Commands: batch.Commands[part.from:part.to], Atomic: batch.Atomic}
		replies, err := upstash.Over(p.doer).Do(ctx, request)
		if err == nil && len(replies) != len(request.Commands) {
			err = countError(request, len(replies))
		}
		switch {
		case err != nil && len(parts) > 1:
			return stop(batch, queue, part, err, failed.Failures)
		case err != nil:
			return notSent(batch.Commands, queue, err)
		}
		for i, reply := range replies {
			at := part.from + i
			if err := queue[at].settle(reply, at); err != nil {
				failed.add(at, batch.Commands[at], err)
			}
		}
	}
	if len(failed.Failures) > 0 {
		failed.judge(batch.Commands)
	}
	return failed.orNil(len(queue))
}

// refuse finds commands that cannot be sent and tells their items so.
func refuse(commands []command.Args, queue []queued) error {
	var failed ExecError
	for i, c := range commands {
		if c.Err() != nil {
			failed.add(i, c, queue[i].settle(command.Reply{}, i))
		}
	}
	return failed.orNil(len(queue))
}

// notSent is for a request that failed as a whole. Where one command is unfit to
// be sent, for example because no JSON holds its bytes, the others stay as they are.
func notSent(commands []command.Args, queue []queued, err error) error {
	var e *upstash.Error
	if errors.As(err, &e) && !e.Sent && e.Index >= 0 && e.Index < len(queue) {
		var failed ExecError
		queue[e.Index].fail(e)
		failed.add(e.Index, commands[e.Index], e)
		return failed.orNil(len(queue))
	}
	for _, q := range queue {
		q.fail(err)
	}
	return err
}

// Run queues what f adds to a new pipeline and executes it, unless f fails.
func Run(ctx context.Context, d upstash.Doer, f func(p *Pipeline) error) error {
	p := New(d)
	if err := f(p); err != nil {
		return err
	}
	return p.Exec(ctx)
}
