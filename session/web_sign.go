package session

import (
	"context"
	"errors"
)

// SignIn makes the request's session one of a user, with this payload: a session
// that was there is rotated, so that its token is worth nothing any more, and
// otherwise one is created. The cookie is set either way. Flash values of a
// session of nobody, or of the same user, stay. A session that is unreadable,
// because its key is gone for example, is ended and replaced.
//
// One round trip where there is no cookie, otherwise two; billed as
// [Manager.Create] or Get and [Manager.Rotate]. For "remember me" give
// [Remember].
func (w *Web[T]) SignIn(ctx context.Context, userID string, data T, opts ...Option) (*Session[T], error) {
	if userID == "" {
		return nil, errors.New("session: the user ID is empty: Begin is for a session of nobody")
	}
	return w.replace(ctx, ErrUnreadable, func(v *visit[T], old *Session[T]) (s *Session[T], err error) {
		opts := append([]Option{w.anew(v)}, opts...)
		if errors.Is(v.err, ErrUnreadable) {
			if err := v.end(ctx, w.presented(v.r)); err != nil && !SignedOut(err) {
				return nil, err
			}
			v.failed = nil
		}
		if old != nil {
			s, err = w.m.Rotate(ctx, old, userID, func(d *T) error { *d = data; return nil }, opts...)
		}
		if old == nil || SignedOut(err) { // it ended meanwhile, which is no reason to turn somebody away
			s, err = w.m.Create(ctx, userID, data, opts...)
		}
		return s, err
	})
}

// Begin begins a session of nobody, where there is no session: for a basket, or
// for the CSRF token of a form that signs in. Costs are those of SignIn.
func (w *Web[T]) Begin(ctx context.Context, data T, opts ...Option) (*Session[T], error) {
	return w.replace(ctx, nil, func(v *visit[T], old *Session[T]) (*Session[T], error) {
		if old != nil || errors.Is(v.err, ErrMoved) { // the session has a cookie on its way
			return old, v.err
		}
		return w.m.Create(ctx, "", data, append([]Option{w.anew(v)}, opts...)...)
	})
}

// Rotate gives the session a new token, at once: when its user gained a
// privilege, or proved again who they are. See [Manager.Rotate].
func (w *Web[T]) Rotate(ctx context.Context, change func(data *T) error, opts ...Option) (*Session[T], error) {
	return w.replace(ctx, nil, func(v *visit[T], old *Session[T]) (*Session[T], error) {
		if old == nil {
			return nil, v.err
		}
		return w.m.Rotate(ctx, old, old.UserID, change, opts...)
	})
}

// anew is how a session begins that depends on nothing before.
func (w *Web[T]) anew(v *visit[T]) Option {
	return func(b *beginning) {
		b.device, b.idle, b.absolute, b.keepCookie = w.o.Device(v.r), w.m.opts.Idle, w.m.opts.Absolute, false
	}
}

// replace makes another session the one of the request, also when the one that
// was there could not be read with the error that is bearable.
func (w *Web[T]) replace(ctx context.Context, bearable error, f func(v *visit[T], old *Session[T]) (*Session[T], error)) (*Session[T], error) {
	var s *Session[T]
	err := w.do(ctx, func(v *visit[T]) error {
		if v.begun {
			return ErrResponseBegun
		}
		old, err := v.load(ctx, false)
		if err != nil && !SignedOut(err) && (bearable == nil || !errors.Is(err, bearable)) {
			return err
		}
		next, err := f(v, old)
		if next != nil && next == old {
			s = old
			return nil
		}
		s = next
		return v.take(next, err)
	})
	return s, err
}

// SignOut ends the session of the request and takes the cookie back. When it
// returns nil there is no session. [ErrMoved] says that the session was rotated
// moments ago, by a request whose cookie is on its way: it lives on, so say that
// it did not work. One round trip, 1 billed command.
func (w *Web[T]) SignOut(ctx context.Context) error {
	return w.do(ctx, func(v *visit[T]) error {
		if v.begun {
			return ErrResponseBegun
		}
		v.read = true
		token := w.presented(v.r)
		switch {
		case v.s != nil:
			token = v.s.Token()
		case v.failed != nil:
			return v.failed
		case errors.Is(v.err, ErrMoved):
			return v.err
		case token == "":
			return nil
		}
		return v.end(ctx, token)
	})
}

func (v *visit[T]) end(ctx context.Context, token Token) error {
	m := v.web.m
	c, id, ok := m.read(token)
	if !ok {
		m.tell(ctx, Event{Kind: Refused})
		v.out()
		return nil
	}
	rotated, err := m.destroy(ctx, m.key(c.handle), id)
	switch {
	case err != nil:
		v.note(err)
		return err
	case rotated:
		v.loaded, v.s, v.err = true, nil, ErrMoved
		return ErrMoved
	}
	v.out()
	return nil
}

// SignOutEverywhere ends all sessions of the request's user, and takes the
// cookie back. Two round trips, 2 billed commands; one when the session has been
// read.
func (w *Web[T]) SignOutEverywhere(ctx context.Context) error {
	return w.do(ctx, func(v *visit[T]) error {
		if v.begun {
			return ErrResponseBegun
		}
		s, err := v.load(ctx, false)
		if err != nil {
			return err
		}
		if s.UserID == "" {
			return v.end(ctx, s.Token())
		}
		if err := w.m.DestroyAll(ctx, s.UserID); err != nil {
			v.note(err)
			return err
		}
		v.out()
		return nil
	})
}

// SignOutOthers ends all other sessions of the request's user, after a change of
// the password for example, and returns how many there were. See
// [Manager.DestroyOthers].
func (w *Web[T]) SignOutOthers(ctx context.Context) (n int, err error) {
	err = w.do(ctx, func(v *visit[T]) error {
		s, err := v.load(ctx, false)
		if err == nil {
			n, err = w.m.DestroyOthers(ctx, s)
			v.note(err)
		}
		return err
	})
	return n, err
}
