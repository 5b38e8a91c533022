package upstashtest

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
)

// Intercept lets f have one request: the next one that f does something to. f
// is shown each request with valid auth, before it is executed. One that f
// leaves alone is served as usual, and f goes on waiting:
//
//	srv.Intercept(upstashtest.ExecuteThenDrop)                // the next request, whatever it is
//	srv.Intercept(upstashtest.On("SET", upstashtest.DropBefore)) // the next SET
//	srv.Intercept(func(x *upstashtest.Exchange) {             // the next batch
//		if len(x.Commands) > 1 {
//			x.Answer(http.StatusServiceUnavailable, "down for maintenance")
//		}
//	})
//
// Functions that wait are asked in the order they were added, and the first that
// does something has the request; so a function that is added three times has
// three requests. One function is asked about one request at a time until it does
// something, also while requests come in together.
//
// The function it returns takes f away, and tells whether f was still waiting.
func (s *Server) Intercept(f func(*Exchange)) (cancel func() (waiting bool)) {
	return s.intercepts.add(f, true)
}

// InterceptAll is Intercept for every request until it is canceled. f must be
// safe for concurrent use. The functions of Intercept are asked first, and f not
// at all about a request that one of them has.
func (s *Server) InterceptAll(f func(*Exchange)) (cancel func() (waiting bool)) {
	return s.intercepts.add(f, false)
}

// intercepts are the functions that wait for requests.
type intercepts struct {
	mu       sync.Mutex
	once     []*intercept
	standing []*intercept
}

type intercept struct {
	f    func(*Exchange)
	over atomic.Bool // it has had its request, or was taken away

	// turn is held by the request that f is looking at. A channel, because a
	// synctest bubble's clock moves while somebody waits for one.
	turn chan struct{} // nil when f may look at many requests at once
}

func (l *intercepts) add(f func(*Exchange), once bool) (cancel func() bool) {
	if f == nil {
		panic("upstashtest: nothing to intercept with: the function is nil")
	}
	i := &intercept{f: f}
	l.mu.Lock()
	defer l.mu.Unlock()
	if once {
		i.turn = make(chan struct{}, 1)
		l.once = append(l.once, i)
	} else {
		l.standing = append(l.standing, i)
	}
	return func() bool { return l.remove(i) }
}

// remove takes i away and tells whether it was there.
func (l *intercepts) remove(i *intercept) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	isIt := func(other *intercept) bool { return other == i }
	l.once = slices.DeleteFunc(l.once, isIt)
	l.standing = slices.DeleteFunc(l.standing, isIt)
	return !i.over.Swap(true)
}

// all returns them in the order they are asked.
func (l *intercepts) all() []*intercept {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Concat(l.once, l.standing)
}

// ask shows the request to each until one does something to it.
func (l *intercepts) ask(waiting []*intercept, x *Exchange) {
	for _, i := range waiting {
		if i.turn == nil {
			if !i.over.Load() {
				i.f(x)
			}
		} else {
			l.askOnce(i, x)
		}
		if x.acted() {
			return
		}
	}
}

func (l *intercepts) askOnce(i *intercept, x *Exchange) {
	i.turn <- struct{}{}
	pass := sync.OnceFunc(func() { <-i.turn })
	defer pass() // also when f ends the test, and with it this goroutine
	if i.over.Load() {
		return
	}
	// The turn is passed on when f acts rather than when it returns: a request
	// that is held up must not hold up the others.
	x.onAct = func() { l.remove(i); pass() }
	defer func() { x.onAct = nil }()
	i.f(x)
}

// intercepted answers a request, or lets one of the functions that wait do so.
func (s *Server) intercepted(r *http.Request, entry *Request) answer {
	waiting := s.intercepts.all()
	if len(waiting) == 0 {
		return s.answer(r, entry)
	}
	body, err := io.ReadAll(r.Body)
	x := newExchange(s, r, replay{body, err}, entry)
	defer x.over()
	s.intercepts.ask(waiting, x)
	return x.finish()
}

// A replay is a request body that can be read again, with the error that cut it
// off, if any.
type replay struct {
	data []byte
	err  error
}

func (b replay) open() io.ReadCloser {
	data := bytes.NewReader(b.data)
	if b.err == nil {
		return io.NopCloser(data)
	}
	return io.NopCloser(io.MultiReader(data, brokenBody{b.err}))
}

type brokenBody struct{ err error }

func (b brokenBody) Read([]byte) (int, error) { return 0, b.err }
