package lambda

import (
	"context"
	"time"
)

// Wrap returns handler with room before the deadline and an end that waits for
// background work. Give the result to lambda.Start of aws-lambda-go:
//
//	awslambda.Start(lambda.Wrap(handle, lambda.WithDrain(products.Drain)))
//
// The context of handler ends a reserve before the deadline ([WithReserve]), so
// that a call that hangs is an error with time to report it, and not a process
// that was killed. When handler has returned, or panicked, the work begun with
// [Go] is waited for, then the drains run ([WithDrain]), with what is left of the
// time. A panic goes on to the runtime after that, with its stack.
//
// What the result keeps between invocations is when the last one ended. All else
// is in the context, so it may run any number of invocations at once, as it does
// where AWS_LAMBDA_MAX_CONCURRENCY is set. Its own cost is no round trip.
func Wrap[In, Out any](handler func(context.Context, In) (Out, error), options ...Option) func(context.Context, In) (Out, error) {
	s := newSettings(options)
	s.raise = true
	return func(ctx context.Context, in In) (Out, error) {
		v := s.begin(ctx)
		returned := false
		// Deferred and without recover: the runtime shows the stack of a panic
		// as it was, and runtime.Goexit is waited for as well.
		defer func() { v.finish(returned) }()
		out, err := handler(v.ctx, in)
		returned = true
		return out, err
	}
}

// invocation is one run of a handler. It is reached through its context only.
type invocation struct {
	s       *settings
	runtime context.Context // as the runtime gave it
	ctx     context.Context // the handler's
	cancel  context.CancelFunc
	drainBy time.Time // zero for never
	tasks   tasks
}

func (s *settings) begin(ctx context.Context) *invocation {
	s.awake.begin()
	v := &invocation{s: s, runtime: ctx}
	own := context.WithValue(ctx, workerKey{}, v)
	deadline, bounded := ctx.Deadline()
	if !bounded {
		v.ctx, v.cancel = context.WithCancel(own)
		return v
	}
	reserve := min(s.reserve, max(time.Until(deadline), 0)/2)
	v.drainBy = deadline.Add(-reserve / 2)
	v.ctx, v.cancel = context.WithDeadline(own, deadline.Add(-reserve))
	return v
}

// end waits for everything that the invocation has begun. It returns the first
// panic of background work.
func (v *invocation) end() *PanicError {
	defer v.s.awake.end()
	defer v.cancel()
	ctx, cancel := v.background(v.runtime)
	defer cancel()
	if v.tasks.wait(ctx.Done()) {
		for _, drain := range v.s.drains {
			v.tasks.start(func() {
				if err := drain(ctx); err != nil {
					v.s.onError(ctx, err)
				}
			})
		}
		v.tasks.wait(ctx.Done())
	}
	left, panics := v.tasks.close()
	if left > 0 {
		v.s.onError(v.runtime, unfinished(left))
	}
	if len(panics) == 0 {
		return nil
	}
	for _, p := range panics[1:] {
		v.s.onError(v.runtime, p)
	}
	return panics[0]
}

// finish is end for a goroutine that may raise panics, and that may be in one.
func (v *invocation) finish(returned bool) {
	p := v.end()
	if p == nil {
		return
	}
	if returned && v.s.raise {
		panic(p)
	}
	v.s.onError(v.runtime, p)
}

// background is the context of what outlives the handler: it has the values of
// ctx, and ends when there is just time to send the reply.
func (v *invocation) background(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx = context.WithoutCancel(ctx)
	if v.drainBy.IsZero() {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, v.drainBy)
}
