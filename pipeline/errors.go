package pipeline

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// ErrNotExecuted is the error of a queued command before Exec, and of one that
// Exec did not send because another one of the batch cannot be sent.
var ErrNotExecuted = errors.New("pipeline: not executed")

// ExecError lists the commands of a batch that failed. The others succeeded,
// unless their own error is [ErrNotExecuted]. What [upstash.SafeToRetry] says of
// it is about all of the batch, those that succeeded included.
type ExecError struct {
	Failures []Failure

	of    int
	whole *upstash.Error
}

// Failure is one failed command of a batch.
type Failure struct {
	Index   int    // position in the batch, from 0
	Command string // its name
	Err     error
}

// Error counts the failures and shows the first ones.
func (e *ExecError) Error() string {
	const shown = 3
	var b strings.Builder
	fmt.Fprintf(&b, "pipeline: %d of %d commands failed", len(e.Failures), e.of)
	for i, f := range e.Failures {
		if i == shown {
			fmt.Fprintf(&b, "; and %d more", len(e.Failures)-shown)
			break
		}
		fmt.Fprintf(&b, "; command %d: %v", f.Index, f.Err)
	}
	return b.String()
}

// Unwrap returns the errors of the failed commands, in order.
func (e *ExecError) Unwrap() []error { return errorsOf(e.Failures) }

// As has the [*upstash.Error] of the first failure speak for the whole batch.
func (e *ExecError) As(target any) bool { return as(e.whole, target) }

func errorsOf(failures []Failure) []error {
	errs := make([]error, len(failures))
	for i, f := range failures {
		errs[i] = f.Err
	}
	return errs
}

func (e *ExecError) add(index int, c command.Args, err error) {
	e.Failures = append(e.Failures, Failure{Index: index, Command: c.Name(), Err: err})
}

func (e *ExecError) orNil(of int) error {
	if len(e.Failures) == 0 {
		return nil
	}
	e.of = of
	return e
}

// judge finds what can be said of the whole batch: a server that turned away one
// of its commands (READONLY, LOADING) has run the others.
func (e *ExecError) judge(commands []command.Args) {
	ran := slices.Clone(commands)
	for _, f := range slices.Backward(e.Failures) {
		if upstash.SafeToRetry(f.Err) {
			ran = slices.Delete(ran, f.Index, f.Index+1)
		}
	}
	if first, ok := errors.AsType[*upstash.Error](e.Failures[0].Err); ok {
		e.whole = first.After(upstash.Batch{Commands: ran})
	}
}

// countError is for a Doer that broke its contract; the client itself checks.
func countError(b upstash.Batch, replies int) error {
	return b.Abandoned(fmt.Errorf("%d replies for %d commands: the Doer must return one for each", replies, len(b.Commands)), true)
}
