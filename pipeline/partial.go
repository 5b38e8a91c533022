package pipeline

import (
	"errors"
	"fmt"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// PartialError says how far a pipeline came that was sent as several requests,
// when one of them failed. What [upstash.SafeToRetry] says of it is about all
// of the pipeline, the commands that were answered included.
type PartialError struct {
	// Answered is how many commands, from the first one on, have their results.
	Answered int
	// Failed is how many follow that were in the failed request. Whether they
	// may have run is what [upstash.OutcomeUnknown] says of Err.
	Failed int
	// NotSent is how many follow that were not sent: [ErrNotExecuted].
	NotSent int
	// Err is why the request failed.
	Err error
	// Failures are the commands that failed on their own among the answered.
	Failures []Failure

	whole *upstash.Error
}

// Error says how far it came, and why not further.
func (e *PartialError) Error() string {
	fate := "may have run"
	if upstash.SafeToRetry(e.Err) && !upstash.OutcomeUnknown(e.Err) {
		fate = "did not run"
	}
	return fmt.Sprintf("pipeline: a request of several failed: %d commands were answered (%d with an error), %d %s, %d were not sent: %v",
		e.Answered, len(e.Failures), e.Failed, fate, e.NotSent, e.Err)
}

// Unwrap returns the error of the request and those of single commands.
func (e *PartialError) Unwrap() []error { return append([]error{e.Err}, errorsOf(e.Failures)...) }

// As has the [*upstash.Error] of the request speak for the commands before it, too.
func (e *PartialError) As(target any) bool { return as(e.whole, target) }

// stop settles what is left when the request of one part of several failed.
func stop(b upstash.Batch, queue []queued, p part, err error, failures []Failure) error {
	for _, q := range queue[p.from:p.to] {
		q.fail(err)
	}
	whole, ok := errors.AsType[*upstash.Error](err)
	if !ok { // the error of a Doer that does not say whether anything ran
		whole = upstash.Batch{Commands: b.Commands[p.from:p.to]}.Abandoned(err, true)
	}
	return &PartialError{
		Answered: p.from, Failed: p.to - p.from, NotSent: len(queue) - p.to, Err: err, Failures: failures,
		whole: whole.After(upstash.Batch{Commands: b.Commands[:p.from]}),
	}
}

// as is the As method of an error whose whole is said by one [*upstash.Error].
func as(whole *upstash.Error, target any) bool {
	t, ok := target.(**upstash.Error)
	if ok && whole != nil {
		*t = whole
		return true
	}
	return false
}
