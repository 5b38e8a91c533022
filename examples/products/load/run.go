package load

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/seed-9937a0e6/upstash-go/examples/products/api"
	"github.com/seed-9937a0e6/upstash-go/examples/products/app"
	"github.com/seed-9937a0e6/upstash-go/examples/products/shop"
	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// Config says what runs for how long.
type Config struct {
	Duration time.Duration
	AtLeast  int // as many reads, even when they take longer
	Callers  int
	Products int
	Faults   bool // one request to Redis in twenty fails
	// Data makes the data layer of a server; there are two. The client is for
	// it alone, so that what it costs is known.
	Data func(s *shop.Store, rdb *upstash.Client) (api.Data, error)
}

// Report is what came of it.
type Report struct {
	Reads, Hits           int
	Writes                int // that are in the database
	Unsettled             int // of them, those that were not acknowledged, because the cache could not be told
	Refused               int // changes that were not made, because no session could be read: 503
	Failed                int // answers that are errors
	Stale, Wrong          int
	RoundTrips, Commands  int // of the data layers, billed commands as the client counts them
	AllTrips, AllCommands int // of everything, limits and views too, as the server bills them
	Struck                int // requests to Redis that were made to fail or to wait
}

// servers is how many instances of the API there are.
const servers = 2

// Run asks, and judges. It runs on a local server and a SQLite file of its own.
func Run(ctx context.Context, c Config) (r Report, err error) {
	store, err := shop.Open(ctx, "")
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	start, err := prepare(ctx, store, c.Products)
	if err != nil {
		return r, err
	}
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		return r, err
	}
	defer srv.Close()

	var data meter
	var faults trouble
	t := &traffic{products: uint64(c.Products), //nolint:gosec // a few hundred
		writes: map[writeKey]write{}}
	t.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: c.Callers}}
	secret := make([]byte, 32)
	_, _ = rand.Read(secret)
	for range servers {
		handler, err := instance(srv, store, c, secret, &data)
		if err != nil {
			return r, err
		}
		server := httptest.NewServer(handler)
		defer server.Close()
		t.urls = append(t.urls, server.URL)
	}
	if err := t.signIn(ctx); err != nil {
		return r, err
	}
	srv.Reset()
	if c.Faults {
		defer srv.InterceptAll(faults.strike)()
	}

	callers, running := errgroup.WithContext(ctx)
	t.until, t.atLeast = time.Now().Add(c.Duration), c.AtLeast
	for n := range uint64(c.Callers) { //nolint:gosec // a few dozen
		callers.Go(func() error { return t.caller(running, n) })
	}
	if err := callers.Wait(); err != nil {
		return r, err
	}

	r.RoundTrips, r.Commands = int(data.roundTrips.Load()), int(data.commands.Load())
	r.AllTrips, r.AllCommands = srv.Meter().RoundTrips, srv.Meter().Commands
	r.Struck = int(faults.requests.Load())
	r.Reads, r.Hits = len(t.reads), int(t.hits.Load())
	r.Unsettled, r.Refused, r.Failed = int(t.unsettled.Load()), int(t.refused.Load()), int(t.failed.Load())
	changes, err := readHistory(ctx, store)
	r.Writes = len(changes)
	r.judge(t, start, changes)
	return r, err
}

// instance is one server of the API, with clients of its own.
func instance(srv *upstashtest.Server, store *shop.Store, c Config, secret []byte, data *meter) (http.Handler, error) {
	o := srv.ClientOptions()
	o.Retry.Policy = app.Retry
	others, err := upstash.New(o)
	if err != nil {
		return nil, err
	}
	o.Observe = data.observe
	rdb, err := upstash.New(o)
	if err != nil {
		return nil, err
	}
	layer, err := c.Data(store, rdb)
	if err != nil {
		return nil, err
	}
	return api.New(api.Options{
		Data: layer, Users: store, Redis: others, Secret: secret, Insecure: true,
		Limit: ratelimit.GCRA(1e9, time.Minute), // all callers have one address
		Log:   slog.New(slog.DiscardHandler),
	})
}

// prepare fills the shop, and begins its history.
func prepare(ctx context.Context, s *shop.Store, products int) (snapshot, error) {
	s.Rounds = 1 // what a password takes is not what is measured
	err := errors.Join(
		s.Fill(ctx, products),
		s.Settle(ctx, func(context.Context, ...string) error { return nil }), // nothing is cached yet
		s.AddUser(ctx, email, shop.Editor, password),
	)
	if err != nil {
		return snapshot{}, err
	}
	if _, err := s.DB().ExecContext(ctx, history); err != nil {
		return snapshot{}, err
	}
	return look(ctx, s)
}

// snapshot is what the shop was before anybody came.
type snapshot struct {
	products   []shop.Product
	categories []shop.Category
}

func look(ctx context.Context, s *shop.Store) (snap snapshot, err error) {
	if snap.categories, err = s.Categories(ctx, ""); err != nil {
		return snap, err
	}
	for _, c := range snap.categories {
		list, err := s.ProductsOf(ctx, c.ID)
		if err != nil {
			return snap, err
		}
		snap.products = append(snap.products, list...)
	}
	return snap, nil
}

func (r *Report) judge(t *traffic, start snapshot, changes []change) {
	writes := map[int]write{}
	for i, c := range changes {
		key := writeKey{c.product.ID, c.product.Version}
		if c.gone {
			key.version = 0
		}
		writes[i] = t.writes[key]
	}
	states := replay(start.products, start.categories, changes)
	verdicts := map[string]*verdict{}
	for _, read := range t.reads {
		v := verdicts[read.path]
		if v == nil {
			v = newVerdict(states[read.path], writes)
			verdicts[read.path] = v
		}
		stale, wrong := v.judge(read)
		if stale {
			r.Stale++
		}
		if wrong {
			r.Wrong++
		}
	}
}
