package upstashtest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// TB is the part of [testing.TB] that this package needs. It is an interface of its
// own so that programs which embed the server do not link package testing.
type TB interface {
	Helper()
	Cleanup(func())
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Options configure a [Server]. The zero value is ready to use.
type Options struct {
	// Addr is the TCP address to listen on, by default "127.0.0.1:0", which
	// picks a free port.
	Addr string

	// InProcess starts no listener: the server is reached through
	// [Server.Transport] or [Server.Handler] only, and URL is a
	// placeholder nobody listens on. Addr must be empty. A testing/synctest
	// bubble needs this, because a goroutine waiting on a socket keeps the
	// bubble's clock from moving.
	InProcess bool

	// Token is the bearer token clients must send; by default a random one.
	// It must be one that [upstash.New] accepts: no blanks and no quotes.
	Token string

	// ReadOnlyToken is the bearer token of a second user, who may only read;
	// by default a random one. What Token needs to be, it has to be, too.
	ReadOnlyToken string

	// Limits are the sizes that requests, records and keys may have, by
	// default those of the free plan.
	Limits Limits

	// ScriptTimeout is how long a script may run before it is stopped with the
	// error of a script that was killed, by default 5 seconds. The time is real
	// time, whatever Clock says. A real Redis has a limit of its own.
	ScriptTimeout time.Duration

	// Observe, when set, is called with every request and how long it took to
	// serve, just before it is answered. It must be safe for concurrent use.
	Observe func(r Request, took time.Duration)

	// Clock is the time the server lives in, by default [time.Now]. A test
	// that passes a fixed instant gets exact TTLs. It is called for every
	// request and must be safe for concurrent use.
	Clock func() time.Time

	// Redis has a real Redis, of version 7.0 or later, execute the commands in
	// the place of the engine inside the process. It is "127.0.0.1:6379" or
	// "redis://[user][:password]@host:port". What it holds stays there, before
	// the server and after it; [Server.Flush] empties database 0, the only one
	// in use. It need not be there when the server starts. Clock must be nil.
	Redis string
}

// A Server is a local Upstash Redis REST server. All its methods are safe for
// concurrent use.
type Server struct {
	// URL is the base URL, without a trailing slash.
	URL string
	// Token is the bearer token of the user who may do everything.
	Token string
	// ReadOnlyToken is the bearer token of the user who may only read.
	ReadOnlyToken string

	clock   *clock
	backend backend
	journal journal
	tokens  syncTokens
	front   *listener // nil when in process
	client  *upstash.Client
	users   users
	limits  Limits
	hub     *hub

	redis *redisBackend // nil with the embedded engine
	tb    TB            // the test, when there is one and a real Redis

	replica    *replica
	intercepts intercepts
	observe    func(Request, time.Duration)
	life       context.Context // ends with Close
	end        context.CancelFunc

	// serving is held shared by every request and exclusively by Close, which
	// so waits for the requests under way and turns later ones away.
	serving sync.RWMutex
	closed  bool
}

// New starts a server and closes it when the test ends. At most one Options may
// be given; every failure is a tb.Fatalf.
func New(tb TB, opts ...Options) *Server {
	tb.Helper()
	var o Options
	switch len(opts) {
	case 0:
	case 1:
		o = opts[0]
	default:
		tb.Fatalf("upstashtest: New takes at most one Options, got %d", len(opts))
		return nil
	}
	s, err := NewServer(o)
	if err != nil {
		tb.Fatalf("%v", err)
		return nil
	}
	if o.Redis != "" {
		s.tb = tb
	}
	tb.Cleanup(s.Close)
	return s
}

// NewServer starts a server for a program, which has to Close it. It fails when
// the options contradict each other or the address cannot be listened on.
func NewServer(o Options) (*Server, error) {
	if o.InProcess && o.Addr != "" {
		return nil, errors.New("upstashtest: Options.InProcess and Options.Addr exclude each other")
	}
	if o.Token == "" {
		o.Token = randomToken()
	}
	if o.ReadOnlyToken == "" {
		o.ReadOnlyToken = randomToken()
	}
	users, err := newUsers(o.Token, o.ReadOnlyToken)
	if err != nil {
		return nil, err
	}
	limits, err := o.Limits.orDefault()
	if err != nil {
		return nil, err
	}
	c := newClock(o.Clock)
	if o.ScriptTimeout < 0 {
		return nil, errors.New("upstashtest: Options.ScriptTimeout is negative; leave it zero for 5 seconds")
	}
	engine, err := newEmbedded(c.now, users, limits)
	if err != nil {
		return nil, err
	}
	engine.scriptTimeout = o.ScriptTimeout
	s := &Server{
		URL: inProcessURL, Token: o.Token, ReadOnlyToken: o.ReadOnlyToken,
		clock: c, backend: engine, tokens: newSyncTokens(), users: users, limits: limits, hub: engine.hub,
	}
	s.observe = o.Observe
	s.replica = &replica{backend: engine, states: engine}
	s.life, s.end = context.WithCancel(context.Background())
	if o.Redis != "" {
		if err := s.useRedis(o); err != nil {
			s.end()
			return nil, err
		}
	}
	if !o.InProcess {
		if s.front, err = listen(o.Addr, s.Handler()); err != nil {
			s.end()
			return nil, err
		}
		s.URL = s.front.url()
	}
	if s.client, err = newClient(s); err != nil {
		s.Close()
		return nil, fmt.Errorf("upstashtest: no client could use the server: %w", err)
	}
	return s, nil
}

// Close stops the listener, cuts open connections, ends streams and waits for the
// requests being served. Requests that come later, which only Handler and Transport
// let through, are answered with status 503. Closing twice is allowed.
func (s *Server) Close() {
	s.end()
	s.hub.close()
	if s.front != nil {
		s.front.close()
	}
	if s.client != nil {
		s.client.CloseIdle()
	}
	s.serving.Lock()
	defer s.serving.Unlock()
	s.closed = true
	if s.redis != nil {
		s.redis.close()
	}
}

// Shutdown is [Server.Close] for a server in use: it stops listening at once, and
// lets the requests being served come to their end as long as ctx lasts. Streams,
// which have none, are closed. It returns the context's error when it lasted no
// longer, and the server is closed in any case.
func (s *Server) Shutdown(ctx context.Context) error {
	var err error
	if s.front != nil {
		s.hub.close()
		err = s.front.http.Shutdown(ctx)
	}
	s.Close()
	return err
}

// Handler returns the server as a handler, to mount it in another one or to
// call it without a socket. The paths it serves start at the root.
func (s *Server) Handler() http.Handler {
	return http.HandlerFunc(s.serve)
}

// Now is the server's time: its clock plus all that was advanced.
func (s *Server) Now() time.Time { return s.clock.now() }

// Advance moves the server's clock forward by d: keys expire, and TIME and the
// absolute expiries follow. Time does not run backwards in Redis, so a d that
// is zero or negative is ignored.
//
// Nobody moves the clock of a real Redis: with [Options.Redis], Advance is a
// Fatalf of the test that [New] was given, and does nothing for a server of
// [NewServer].
func (s *Server) Advance(d time.Duration) {
	if s.embeddedOnly("Advance") {
		s.clock.advance(d)
	}
}

// Requests returns the log of requests, oldest first. It holds the last 10,000
// requests, fewer when their commands take more than 64 MiB of memory. The caller may
// keep and change what it gets.
func (s *Server) Requests() []Request { return s.journal.requests() }

// Meter returns the totals since the start or the last Reset.
func (s *Server) Meter() Meter { return s.journal.total() }

// Reset clears the log and the meter, and leaves the data alone.
func (s *Server) Reset() { s.journal.reset() }

// Flush removes all data, without being logged or metered. Cached scripts stay,
// as they do with FLUSHALL.
func (s *Server) Flush() { s.replica.flush() }
