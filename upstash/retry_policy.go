package upstash

import (
	"errors"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// Attempt is a failed round trip as a [RetryPolicy] sees it.
type Attempt struct {
	// Number is 1 for the first attempt.
	Number int
	// Class is that of the batch's least repeatable command.
	Class command.Class
	// Err is why the round trip failed. It is nil when the server did answer,
	// and said that it is not the one to run a command (READONLY after a
	// failover, LOADING).
	Err error

	turned bool // commands were turned away
	whole  bool // and what did run may run again
}

// NotExecuted reports whether certainly no command ran, or none whose
// repetition changes anything.
func (a Attempt) NotExecuted() bool {
	if a.Err == nil {
		return a.turned && a.whole
	}
	e, ok := errors.AsType[*Error](a.Err)
	return ok && e.outcome == notExecuted
}

// passing reports whether another attempt can end differently: a server that is
// out of reach or busy may come back, a wrong token stays wrong.
func (a Attempt) passing() bool {
	if a.Err == nil {
		return a.turned
	}
	e, ok := errors.AsType[*Error](a.Err)
	return ok && e.passing
}

// RetryPolicy decides whether a failed round trip is tried again. It is asked
// only about failures that may pass. Combine them with [RetryAny], [RetryAll]
// and [RetryNot].
type RetryPolicy func(Attempt) bool

// RetryNotExecuted repeats what certainly did not run: the connection could not
// be made or had been closed before, the server was busy (429), or it was not
// the one to run the command (READONLY, LOADING).
func RetryNotExecuted(a Attempt) bool { return a.NotExecuted() }

// RetryReads repeats batches that only read, whatever became of them.
func RetryReads(a Attempt) bool { return a.Err != nil && a.Class == command.ReadOnly }

// RetryIdempotent repeats batches whose commands may all run again right after
// they ran: SET, HSET, DEL. It is not in the default because the second
// run can undo what another client wrote after the first, its reply may differ
// (DEL finds nothing any more), and a relative expiry starts over.
func RetryIdempotent(a Attempt) bool { return a.Err != nil && a.Class != command.Once }

// RetryAlways repeats everything, also what may have run and does not bear it:
// an INCR may then count twice.
func RetryAlways(Attempt) bool { return true }

// RetryAny is true where one of the policies is.
func RetryAny(policies ...RetryPolicy) RetryPolicy {
	return func(a Attempt) bool {
		for _, p := range policies {
			if p(a) {
				return true
			}
		}
		return false
	}
}

// RetryAll is true where all of the policies are.
func RetryAll(policies ...RetryPolicy) RetryPolicy {
	return func(a Attempt) bool {
		for _, p := range policies {
			if !p(a) {
				return false
			}
		}
		return true
	}
}

// RetryNot is true where p is not.
func RetryNot(p RetryPolicy) RetryPolicy { return func(a Attempt) bool { return !p(a) } }
