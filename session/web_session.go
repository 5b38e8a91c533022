package session

import (
	"context"
	"time"
)

// Get returns the session of the request. The first call reads it, and gives it
// a new token when that is due; later ones return what it is by now. It costs
// what [Manager.Get] costs, nothing when there is no cookie, and a renewal one
// round trip more, of 5 billed commands.
//
// An error that [SignedOut] recognizes means that there is no session. With any
// other the store failed; the response is then [WebOptions].Unavailable,
// whatever the handler writes, unless it had begun before. The same holds for
// every method of Web.
func (w *Web[T]) Get(ctx context.Context) (*Session[T], error) {
	var s *Session[T]
	read := func(v *visit[T]) (err error) { s, err = v.load(ctx, true); return err }
	if err := w.do(ctx, read); err != nil && !SignedOut(err) {
		return nil, err
	}
	err := w.do(ctx, read) // OnDeviceChange may have ended it
	return s, err
}

// Update changes the payload: see [Manager.Update] for what change may do. It
// must not call methods of Web. A change that changes nothing costs nothing.
func (w *Web[T]) Update(ctx context.Context, change func(data *T) error) (*Session[T], error) {
	return w.revise(ctx, func(s *Session[T]) (*Session[T], error) { return w.m.Update(ctx, s, change) })
}

func (w *Web[T]) revise(ctx context.Context, f func(s *Session[T]) (*Session[T], error)) (*Session[T], error) {
	var s *Session[T]
	err := w.do(ctx, func(v *visit[T]) error {
		old, err := v.load(ctx, true)
		if err != nil {
			return err
		}
		next, err := f(old)
		err = v.keep(next, err)
		s = v.s
		return err
	})
	return s, err
}

// AddFlash leaves a text for the next request, which [Web.TakeFlash] reads once.
func (w *Web[T]) AddFlash(ctx context.Context, name, text string) error {
	_, err := w.revise(ctx, func(s *Session[T]) (*Session[T], error) { return w.m.AddFlash(ctx, s, name, text) })
	return err
}

// TakeFlash returns the text that was left under a name, and removes it. Where
// there is no session there is no text, and no error.
func (w *Web[T]) TakeFlash(ctx context.Context, name string) (text string, found bool, err error) {
	_, err = w.revise(ctx, func(s *Session[T]) (next *Session[T], err error) {
		text, found, next, err = w.m.TakeFlash(ctx, s, name)
		return next, err
	})
	if SignedOut(err) {
		return "", false, nil
	}
	return text, found, err
}

// RequireFresh is [Manager.RequireFresh] for the session of the request.
func (w *Web[T]) RequireFresh(ctx context.Context, within time.Duration) error {
	s, err := w.Get(ctx)
	if err != nil {
		return err
	}
	return w.m.RequireFresh(s, within)
}
