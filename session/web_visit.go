package session

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"sync"
)

// visit is one request, and what is known of its session.
type visit[T any] struct {
	web    *Web[T]
	r      *http.Request
	inner  http.ResponseWriter
	header http.Header // as it was before the handler

	mu     sync.Mutex
	loaded bool
	s      *Session[T]
	err    error // why there is no s
	read   bool  // the response depends on the cookie
	cookie *http.Cookie
	change *DeviceChange // to be told
	failed error         // of the store: the response is 503
	begun  bool          // the response
	gone   bool          // what the handler writes
}

// do runs f with the visit of a request, one at a time.
func (w *Web[T]) do(ctx context.Context, f func(v *visit[T]) error) error {
	v, ok := ctx.Value(webKey[T]{w}).(*visit[T])
	if !ok {
		return errors.New("session: the context is not one of a request behind Web.Handler")
	}
	change, err := v.locked(f)
	if change != nil {
		w.o.OnDeviceChange(ctx, *change)
	}
	return err
}

func (v *visit[T]) locked(f func(v *visit[T]) error) (*DeviceChange, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	err := f(v)
	change := v.change
	v.change = nil
	return change, err
}

// load reads the session, once.
func (v *visit[T]) load(ctx context.Context, renew bool) (*Session[T], error) {
	if !v.loaded {
		v.loaded, v.read = true, true
		v.s, v.err = v.fetch(ctx, renew)
		v.note(v.err)
		if v.s != nil {
			v.change = v.web.changeOf(v.s, v.r)
		}
	}
	return v.s, v.err
}

func (v *visit[T]) fetch(ctx context.Context, renew bool) (*Session[T], error) {
	w, token := v.web, v.web.presented(v.r)
	if token == "" {
		return nil, ErrNotFound
	}
	if _, _, ok := w.m.read(token); !ok {
		w.m.tell(ctx, Event{Kind: Refused})
		return nil, ErrNotFound
	}
	peek, strong := w.o.SkipTouch(v.r), w.o.Strong(v.r)
	read := w.m.Get
	switch {
	case strong:
		read = w.m.GetStrong
	case peek:
		read = w.m.Peek
	}
	s, err := read(ctx, token)
	if errors.Is(err, ErrNotFound) && !strong && (peek || w.m.opts.Throttle > 0) {
		s, err = w.m.GetStrong(ctx, token) // a cookie may be younger than a replica
	}
	if err != nil {
		return nil, err
	}
	// A session of nobody is not worth it: its token ends at sign-in, and an answer
	// with a renewed one might arrive after that. Whoever takes over the connection
	// may set no cookie.
	renew = renew && s.UserID != "" && !peek && !v.begun && v.r.Header.Get("Upgrade") == ""
	if r := (renewal{w.o.Renew, w.o.Grace}); renew && r.due(s.Created, w.m.now()) {
		switch next, err := w.m.renew(ctx, s, r); {
		case err == nil:
			s = next
		case SignedOut(err):
			return nil, err
		default: // the session is there, and may be renewed another time
		}
	}
	if s.Token() != token {
		v.issue(s)
	}
	return s, nil
}

// note remembers that the store failed.
func (v *visit[T]) note(err error) {
	if errors.Is(err, ErrUnavailable) || errors.Is(err, ErrUnreadable) {
		v.failed = err
	}
}

func (v *visit[T]) issue(s *Session[T]) {
	if !v.begun {
		v.cookie = v.web.cookie(s)
	}
}

// take makes a session that has begun the one of the visit.
func (v *visit[T]) take(s *Session[T], err error) error {
	if err != nil {
		v.note(err)
		return err
	}
	v.loaded, v.read, v.s, v.err = true, true, s, nil
	v.issue(s)
	return nil
}

// out is the end of the visit's session.
func (v *visit[T]) out() {
	v.loaded, v.read, v.s, v.err = true, true, nil, ErrNotFound
	v.cookie = v.web.noCookie()
}

// keep takes what became of the session by a change.
func (v *visit[T]) keep(s *Session[T], err error) error {
	switch {
	case SignedOut(err):
		v.s, v.err = nil, err
	case err != nil:
		v.note(err)
	default:
		if s.Token() != v.s.Token() { // somebody renewed it meanwhile
			v.issue(s)
		}
		v.s = s
	}
	return err
}

// apply sets what the response says of the session. The lock is held.
func (v *visit[T]) apply() {
	h := v.inner.Header()
	if v.read && !lists(h.Values("Vary"), "Cookie") {
		h.Add("Vary", "Cookie")
	}
	if v.cookie != nil {
		http.SetCookie(v.inner, v.cookie)
		h.Set("Cache-Control", "no-store")
	}
}

// begin is called before the first byte, and tells whether the handler's
// response is to be written.
func (v *visit[T]) begin() (write bool) {
	v.mu.Lock()
	if v.begun {
		defer v.mu.Unlock()
		return !v.gone
	}
	v.begun, v.gone = true, v.failed != nil
	if v.gone {
		h := v.inner.Header()
		clear(h)
		maps.Copy(h, v.header)
	}
	v.apply()
	gone, err := v.gone, v.failed
	v.mu.Unlock()
	if gone {
		v.web.o.Unavailable(v.inner, v.r, err)
	}
	return !gone
}

// failure is why the handler's response is not the one that is written.
func (v *visit[T]) failure() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.failed
}

// finish is for a handler that wrote nothing, and for one that panicked: whoever
// recovers sends the cookie along.
func (v *visit[T]) finish(whole bool) {
	if whole && v.failure() != nil {
		v.begin()
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.begun {
		v.begun = true
		v.apply()
	}
}
