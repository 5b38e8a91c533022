package upstash_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// faultResult is one call as both sides saw it.
type faultResult struct {
	*faultCall
	class  command.Class
	faults int // that it was to meet
	err    error
	took   time.Duration
	trips  []upstash.RoundTrip
}

// judge compares what the client says with what the server counted, and returns
// what is not so.
func (r faultResult) judge(f netFault) (wrong []string) {
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	most := max(1, f.delivered)
	if once := r.arrived - r.refused; r.class != command.ReadOnly && (once > 1 || r.executed > most) {
		say("what may run once was sent %d times, and executed %d times", once, r.executed)
	}
	if r.err == nil {
		if r.executed == 0 {
			say("success, and nothing was executed")
		}
		return append(wrong, r.unexpected(f)...)
	}
	var e *upstash.Error
	if !errors.As(r.err, &e) {
		return append(wrong, fmt.Sprintf("a %T is no *upstash.Error", r.err))
	}
	unknown, safe := upstash.OutcomeUnknown(r.err), upstash.SafeToRetry(r.err)
	if !unknown && r.executed > 0 {
		say("executed %d times, and the error says that it did not run", r.executed)
	}
	if !e.Sent && r.arrived > 0 {
		say("%d requests arrived, and the error says that none was sent", r.arrived)
	}
	if unknown && !e.Sent {
		say("the outcome of what was not sent is unknown")
	}
	if want := !unknown || r.class != command.Once; safe != want {
		say("SafeToRetry is %v, want %v", safe, want)
	}
	if e.Attempts != len(r.trips) {
		say("the error says %d attempts of %d", e.Attempts, len(r.trips))
	}
	return append(wrong, r.unexpected(f)...)
}

// unexpected says where the call should have ended in another way.
func (r faultResult) unexpected(f netFault) []string {
	if r.slowMachine() || f.delivered == 2 && !f.harmless { // whatever happened to the latter
		return nil
	}
	repeats := f.certain || r.class == command.ReadOnly
	succeeds := f.harmless || repeats && (r.faults < attemptsOfTest || f.idle)
	knows := succeeds || repeats || f.unknown // how it ends
	switch {
	case succeeds && r.err != nil:
		return []string{"a retry can make it, and it failed: " + r.err.Error()}
	case knows && !succeeds && r.err == nil:
		return []string{"success, and there was none"}
	case r.err == nil || !knows:
		return nil
	}
	if want := map[bool]int{true: attemptsOfTest, false: 1}[repeats]; len(r.trips) != want {
		return []string{fmt.Sprintf("%d attempts, want %d", len(r.trips), want)}
	}
	if f.certain && upstash.OutcomeUnknown(r.err) {
		return []string{"the outcome is unknown although it certainly did not run"}
	}
	if f.unknown && !upstash.OutcomeUnknown(r.err) {
		return []string{"the outcome is known, and cannot be"}
	}
	return nil
}

// slowMachine reports that an attempt ended by its timeout that no fault hit, be
// it before it was made.
func (r faultResult) slowMachine() bool {
	timeouts := 0
	if upstash.IsTimeout(r.err) && r.took >= time.Duration(len(r.trips)+1)*attemptTimeout {
		timeouts++
	}
	for _, trip := range r.trips {
		if upstash.IsTimeout(trip.Err) {
			timeouts++
		}
	}
	return timeouts > r.faults-r.left
}

// letter is how the call ended.
func (r faultResult) letter() string {
	switch {
	case r.err == nil && len(r.trips) == 1:
		return "s"
	case r.err == nil:
		return "r"
	case upstash.OutcomeUnknown(r.err):
		return "u"
	}
	return "n"
}
