package lambda

import (
	"context"
	"errors"
	"fmt"
)

// ErrUnfinished is reported where background work was still running when the
// time for it was over. The environment freezes with it: it goes on with a later
// invocation, or never.
var ErrUnfinished = errors.New("background work was still running when its time was over: give the function a longer timeout, or hand the work to a queue")

// ErrEnded is reported where [Go] is called after the end of its invocation, by a
// goroutine that nobody waited for.
var ErrEnded = errors.New("background work was begun after the end of its invocation: begin it with Go before the handler returns")

func unfinished(n int) error { return fmt.Errorf("%w (%d left)", ErrUnfinished, n) }

type workerKey struct{}

// worker runs what outlives a handler.
type worker interface {
	work(ctx context.Context, f func(context.Context))
}

// Go runs f in a goroutine of its own, and the invocation that ctx belongs to
// does not end before it: for what the reply need not wait for in the code, and
// must not lose, since a goroutine left behind freezes with the environment. The
// reply is sent when f is done; f runs beside the rest of the handler until then.
//
// The context of f has the values of ctx and does not end with the handler, but
// half the reserve before the deadline. A panic of f is raised again by [Wrap]
// when everything else has ended; [HTTPHandler] reports it.
//
// Where ctx comes from neither of them, nor from [ContextWithAfter], f runs before
// Go returns: nothing else knows when it may be frozen. So it does for a call
// after the end of the invocation, which is an [ErrEnded] besides.
func Go(ctx context.Context, f func(context.Context)) {
	w, ok := ctx.Value(workerKey{}).(worker)
	if !ok {
		f(ctx)
		return
	}
	w.work(ctx, f)
}

func (v *invocation) work(ctx context.Context, f func(context.Context)) {
	run := func() {
		own, cancel := v.background(ctx)
		defer cancel()
		f(own)
	}
	if !v.tasks.start(run) {
		v.s.onError(ctx, ErrEnded)
		run()
	}
}

// ContextWithAfter returns a context whose [Go] hands its work to after, for a
// runtime that has a way of its own to run something once the reply is sent:
//
//	ctx = lambda.ContextWithAfter(ctx, cloudflare.WaitUntil)          // a Worker
//	ctx = lambda.ContextWithAfter(ctx, func(task func()) { go task() }) // a server
//
// after must run task exactly once, and may return before it has. The context of
// the work does not end with ctx.
func ContextWithAfter(ctx context.Context, after func(task func())) context.Context {
	return context.WithValue(ctx, workerKey{}, afterWorker(after))
}

type afterWorker func(func())

func (after afterWorker) work(ctx context.Context, f func(context.Context)) {
	after(func() { f(context.WithoutCancel(ctx)) })
}
