// Package api is the shop as an [http.Handler]. It knows nothing of where it
// runs: net/http serves it, a Lambda function, or a function of Cloud Run.
//
//	GET    /api/products                 the newest
//	GET    /api/products?category=desk   those of a category
//	GET    /api/products/{id}            one, which counts as a view
//	GET    /api/categories
//	GET    /api/most-viewed
//
//	POST   /api/login                    email and password
//	POST   /api/logout
//	GET    /api/me
//
//	POST   /api/products                 these three for editors who are signed in
//	PATCH  /api/products/{id}
//	DELETE /api/products/{id}
package api

import (
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/seed-9937a0e6/upstash-go/examples/leaderboard/board"
	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/ratelimit/clientip"
	"github.com/seed-9937a0e6/upstash-go/ratelimit/httplimit"
	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// Options say what the API is made of. Data, Users and Redis are required.
type Options struct {
	// Data is the data layer.
	Data Data
	// Users are who may sign in.
	Users Users
	// Redis keeps limits, views and sessions.
	Redis upstash.Doer
	// Namespace begins all keys, without a colon. Default "shop".
	Namespace string
	// Source says where the address of a client is read from: what stands in
	// front of the server. Default: nothing does.
	Source clientip.Source
	// Limit is how often an address may ask for a path. Default 100 times a
	// minute.
	Limit ratelimit.Algorithm
	// Secret is that of the sessions, at least 32 random bytes, the same in every
	// process. Without one the names of their keys can be guessed.
	Secret session.Key
	// Insecure is for plain http on a loopback address: see
	// [session.CookieOptions].
	Insecure bool
	// Log gets what nobody is told in an answer. Default [slog.Default].
	Log *slog.Logger
}

type api struct {
	data  Data
	users Users
	web   *session.Web[login]
	views *views
	log   *slog.Logger
}

// New makes the handler. It does no I/O.
func New(o Options) (http.Handler, error) {
	if o.Data == nil || o.Users == nil || o.Redis == nil {
		return nil, errors.New("api: Options.Data, Options.Users and Options.Redis are required")
	}
	if o.Namespace == "" {
		o.Namespace = "shop"
	}
	if o.Limit == (ratelimit.Algorithm{}) {
		o.Limit = ratelimit.SlidingLog(100, time.Minute)
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	limit, err := limited(o, "api", o.Limit, httplimit.ByAddressAndPath(o.Source))
	if err != nil {
		return nil, err
	}
	b, err := board.New[productID](o.Redis, board.Options{Key: o.Namespace + ":views", Mode: board.Sum})
	if err != nil {
		return nil, err
	}
	web, err := sessions(o)
	if err != nil {
		return nil, err
	}
	attempts, err := limited(o, "login", ratelimit.GCRA(10, time.Minute), httplimit.ByAddress(o.Source))
	if err != nil {
		return nil, err
	}
	a := &api{data: o.Data, users: o.Users, web: web, views: &views{board: b, log: o.Log}, log: o.Log}

	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/products", a.products)
	mux.HandleFunc("GET /api/products/{id}", a.product)
	mux.HandleFunc("GET /api/categories", a.categories)
	mux.HandleFunc("GET /api/most-viewed", a.mostViewed)
	mux.Handle("POST /api/login", attempts.Handler(http.HandlerFunc(a.signIn)))
	mux.HandleFunc("POST /api/logout", a.signOut)
	mux.HandleFunc("GET /api/me", a.me)
	mux.HandleFunc("POST /api/products", a.editor(a.create))
	mux.HandleFunc("PATCH /api/products/{id}", a.editor(a.update))
	mux.HandleFunc("DELETE /api/products/{id}", a.editor(a.remove))
	return limit.Handler(web.Handler(mux)), nil
}

// limited makes a limit. Without Redis each process counts by itself.
func limited(o Options, name string, limit ratelimit.Algorithm, key httplimit.KeyFunc) (*httplimit.Middleware, error) {
	limiter, err := ratelimit.New(o.Redis, ratelimit.Options{
		Limit: limit, Name: name, Prefix: o.Namespace + ":limit:" + name,
		Budget: time.Second, OnFailure: ratelimit.FailLocal,
	})
	if err != nil {
		return nil, err
	}
	return httplimit.New(limiter, httplimit.Options{Key: key})
}

func sessions(o Options) (*session.Web[login], error) {
	m, err := session.New[login](o.Redis, session.Options{Namespace: o.Namespace + "-session", Secret: o.Secret})
	if err != nil {
		return nil, err
	}
	return session.NewWeb(m, session.WebOptions{
		Cookie: session.CookieOptions{Insecure: o.Insecure},
		Device: func(r *http.Request) session.Device {
			return session.Device{UserAgent: r.UserAgent(), IP: o.Source.Find(r).Addr.String()}
		},
	})
}
