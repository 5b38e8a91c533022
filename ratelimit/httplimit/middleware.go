package httplimit

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
)

// Limiter decides whether n units may be taken under a key. The limiters of
// package ratelimit are Limiters.
type Limiter interface {
	AllowN(ctx context.Context, key string, n int64) (ratelimit.Result, error)
}

// decider is a Limiter that is told more than a key.
type decider interface {
	Decide(ctx context.Context, r ratelimit.Request) (ratelimit.Result, error)
}

// Middleware puts a limit before handlers. It is made by [New] and is safe for
// concurrent use if the limiter and the functions of its [Options] are.
type Middleware struct {
	limiter Limiter
	o       Options
}

// New returns a middleware that asks limiter about every request.
func New(limiter Limiter, o Options) (*Middleware, error) {
	if limiter == nil {
		return nil, errors.New("httplimit: no limiter")
	}
	if _, told := limiter.(decider); o.Visitor != nil && !told {
		return nil, errors.New("httplimit: Options.Visitor is set, and the limiter has no method Decide that could be told")
	}
	if err := o.Headers.check(); err != nil {
		return nil, err
	}
	if o.Key == nil {
		o.Key = byPeer
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Headers == 0 {
		o.Headers = Standard
	}
	return &Middleware{limiter, o}, nil
}

// Handler returns next behind the limit. Its form is the one that routers take
// as middleware. Several may stand behind each other: each adds its policy to
// the fields of [Standard], the innermost has the other fields and is what
// [FromContext] reports.
func (m *Middleware) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cost, limited := m.cost(r)
		if !limited {
			next.ServeHTTP(w, r)
			return
		}
		result, err := m.ask(r, cost)
		if err != nil {
			m.failed(w, r, next, err)
			return
		}
		r = r.WithContext(context.WithValue(r.Context(), contextKey{}, result))
		if m.o.OnLimited != nil && (!result.Allowed || result.Shadow) {
			m.o.OnLimited(r, result)
		}
		if !m.o.Shadow {
			m.announce(w.Header(), r, result)
			if !result.Allowed {
				m.reject(w, r, refusalOfResult(result))
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// cost is what a request takes, and whether it is limited at all. A negative
// cost would be a refund, which no request gets to ask for.
func (m *Middleware) cost(r *http.Request) (n int64, limited bool) {
	if m.o.Skip != nil && m.o.Skip(r) {
		return 0, false
	}
	n = 1
	if m.o.Cost != nil {
		n = m.o.Cost(r)
	}
	return n, n > 0
}

func (m *Middleware) ask(r *http.Request, cost int64) (ratelimit.Result, error) {
	key := m.o.Key(r)
	if key == "" {
		return ratelimit.Result{}, ErrNoKey
	}
	limiter := m.limiter
	if m.o.Limiter != nil {
		if chosen := m.o.Limiter(r); chosen != nil {
			limiter = chosen
		}
	}
	if d, told := limiter.(decider); m.o.Visitor != nil && told {
		return d.Decide(r.Context(), ratelimit.Request{Key: storable(key), N: cost, Visitor: m.o.Visitor(r)})
	}
	return limiter.AllowN(r.Context(), storable(key), cost)
}

func (m *Middleware) failed(w http.ResponseWriter, r *http.Request, next http.Handler, err error) {
	if m.o.OnError != nil {
		m.o.OnError(r, err)
	}
	// A limit outside of this one has a decision, which is not this one's.
	r = r.WithContext(context.WithValue(r.Context(), contextKey{}, nil))
	why, always := refusalOf(err)
	if m.o.Shadow || m.o.FailOpen && !always {
		next.ServeHTTP(w, r)
		return
	}
	m.reject(w, r, why)
}

type contextKey struct{}

// FromContext returns the decision about the request that a context belongs to.
// There is none where the request was not limited, or the limiter failed.
func FromContext(ctx context.Context) (ratelimit.Result, bool) {
	result, ok := ctx.Value(contextKey{}).(ratelimit.Result)
	return result, ok
}
