package lambda

import (
	"context"
	"log/slog"
	"time"
)

// DefaultReserve is what is kept free at the end of an invocation. Lambda ends
// the process at the deadline, so a call that may take until then never gets to
// say what failed. AWS names no number; it is twice the reserve that a client of
// package upstash keeps, half of it for background work and half for the reply.
const DefaultReserve = 100 * time.Millisecond

// Option changes what [Wrap] and [HTTPHandler] do around a handler.
type Option func(*settings)

// settings are fixed once the handler is wrapped, except for awake, which is
// about the process.
type settings struct {
	reserve  time.Duration
	drains   []func(context.Context) error
	onError  func(context.Context, error)
	awake    awake
	basePath string
	raise    bool // panics of the http.Handler
	stream   map[Source]bool
}

func newSettings(options []Option) *settings {
	s := &settings{reserve: DefaultReserve, onError: logError, stream: map[Source]bool{}}
	for _, o := range options {
		o(s)
	}
	return s
}

// WithReserve has the context of the handler end d before the deadline of the
// invocation, in place of [DefaultReserve]. The first half of d is then left to
// background work and drains, the second half to sending the reply. It is never
// more than half of the time that an invocation has; 0 or less keeps nothing.
func WithReserve(d time.Duration) Option {
	return func(s *settings) { s.reserve = max(d, 0) }
}

// WithDrain has drain called at the end of every invocation, once the work of
// [Go] is finished, and before the reply is sent: for a cache that refreshes
// entries in the background, or telemetry that is sent in batches. The drains of
// an invocation run side by side, those of concurrent invocations too.
//
// Its context ends half the reserve before the deadline, and what is still
// running then is left behind. An error goes to the function of [WithOnError]
// and changes nothing about the reply.
func WithDrain(drain func(ctx context.Context) error) Option {
	return func(s *settings) { s.drains = append(s.drains, drain) }
}

// WithOnError has f called with what has no other way out: the error of a drain,
// [ErrUnfinished], [ErrEnded], a [*PanicError] of background work or of an
// http.Handler. The default is a record on [slog.Default]. It must be safe for
// concurrent use.
func WithOnError(f func(ctx context.Context, err error)) Option {
	return func(s *settings) {
		if f != nil {
			s.onError = f
		}
	}
}

func logError(ctx context.Context, err error) {
	slog.Default().ErrorContext(ctx, "lambda: "+err.Error())
}

// WithThaw has f called before the first invocation after a pause of at least
// gap, by the wall clock, because timers and the monotonic clock may stand still
// while the environment is frozen. It is the place to let go of what has gone
// stale meanwhile:
//
//	lambda.WithThaw(10*time.Second, http.DefaultClient.CloseIdleConnections)
//
// A client of package upstash needs none: it takes no connection that was idle
// for more than 10 seconds, by the wall clock. Where something in between ends
// connections sooner, give its CloseIdle.
//
// No pause is counted while any invocation runs. The first invocation of a
// process is not one after a pause.
func WithThaw(gap time.Duration, f func()) Option {
	return func(s *settings) { s.awake.hooks = append(s.awake.hooks, thawHook{gap, f}) }
}
