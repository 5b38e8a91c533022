package upstashtest

import (
	"context"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest/internal/conform"
)

// ConformOptions configure [Conform]. The zero value is ready to use.
type ConformOptions struct {
	// EmptyDatabase adds the cases that look at the whole database (KEYS,
	// RANDOMKEY, SCAN) or change what belongs to all of it (FLUSHALL, SCRIPT
	// FLUSH, FUNCTION, ACL SETUSER, CONFIG SET). The database must have no keys,
	// and nobody else may use it meanwhile: Conform refuses to run when DBSIZE is
	// not 0. Function libraries and keyspace events are gone afterwards.
	EmptyDatabase bool

	// Lacks names what the database is known not to have, or to do in another
	// way, with what there is to say about it: a case ("ScanWithTypes",
	// "SetWith: Equals"), or in upper case a command for all its cases
	// ("HEXPIRE"). What it names is executed and may fail. It is an error when
	// none of an entry's cases fails any more, or when it names no case, so that
	// the list can only shrink.
	Lacks map[string]string
}

// Conform executes every typed command of this SDK, with most of its options, on
// the database behind d, and compares what comes back with what it should be: the
// values, the errors, and what is in the database afterwards. These are the cases
// that this package's own server is held to, with the engine inside the process
// and over a real Redis, so that they tell where another database, a new version
// or a proxy in between differs from both. Each case is executed command by
// command, as one batch, and as one atomic batch. Each failing one is a
// tb.Errorf with its name, the command, what was wanted and what came.
//
//	func TestOurDatabaseConforms(t *testing.T) {
//		rdb, err := upstash.FromEnv()
//		if err != nil {
//			t.Skip(err)
//		}
//		upstashtest.Conform(t, rdb)
//	}
//
// It is safe on a database that is in use: all keys begin with a random prefix of
// this call, like {upstashtest-QV6A…}:, and are deleted while it runs and at the
// end, also when cases fail; only a process that is killed, or a database that
// goes away, leaves up to a few hundred small keys. Some tiny scripts stay in the
// script cache. Which cases need a database of their own, and run only then,
// is said at ConformOptions.EmptyDatabase. Moving a dump is tried only where REST
// carries it: a real Redis makes binary ones, which fit into the last argument of a
// single command only.
//
// It costs about 4,700 round trips, one after the other, and 7,700 commands as
// they are billed: a second on the local server, and two minutes at 50
// milliseconds. Times to live may differ by 5 seconds, so no single round trip
// should take longer. The context of tb, where it has one, as
// [testing.T] has, ends Conform early; so do 3 round trips in a row
// that bring no answer.
//
// At most one ConformOptions may be given.
func Conform(tb TB, d upstash.Doer, opts ...ConformOptions) {
	tb.Helper()
	var o ConformOptions
	switch len(opts) {
	case 0:
	case 1:
		o = opts[0]
	default:
		tb.Fatalf("upstashtest: Conform takes at most one ConformOptions, got %d", len(opts))
		return
	}
	ctx := context.Background()
	if t, has := tb.(interface{ Context() context.Context }); has {
		ctx = t.Context()
	}
	keys := newKeyspace(d)
	if err := keys.ready(ctx, o.EmptyDatabase); err != nil {
		tb.Fatalf("upstashtest: Conform: %v", err)
		return
	}
	defer func() {
		if err := keys.clear(context.WithoutCancel(ctx)); err != nil {
			tb.Errorf("upstashtest: Conform leaves keys that begin with %s: %v", keys.prefix, err)
		}
	}()
	run := conformRun{tb: tb, keys: keys, emptied: o.EmptyDatabase, lacks: o.Lacks, ran: map[string]bool{}, failed: map[string]bool{}}
	if err := run.all(ctx); err != nil {
		tb.Errorf("upstashtest: Conform ends early: %v", err)
		return
	}
	run.checkLacks()
}

// conformSlack is for clocks and networks: no two times of one case are nearer.
const conformSlack = 5 * time.Second

type conformWay struct {
	name  string
	run   conform.Way
	alone bool // each command in a request of its own
}

var conformWays = []conformWay{
	{"directly", conform.Direct, true},
	{"in a batch", conform.Batch, false},
	{"in an atomic batch", conform.Atomic, false},
}

// conformRun is one call of [Conform].
type conformRun struct {
	tb      TB
	keys    *keyspace
	emptied bool
	lacks   conform.Lacks[string]

	ran, failed map[string]bool // by entry of lacks
}

// all executes the cases. Those of a whole database come first: when a Redis has
// deleted many keys, SCAN takes more steps for a while.
func (r *conformRun) all(ctx context.Context) error {
	r.tb.Helper()
	for _, whole := range []bool{true, false} {
		for _, w := range conformWays {
			for _, c := range conform.Cases() {
				if c.Whole() != whole || whole && !r.emptied {
					continue
				}
				if err := r.one(ctx, w, c); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// one executes a case. The error says why no other can be.
func (r *conformRun) one(ctx context.Context, w conformWay, c conform.Case) error {
	r.tb.Helper()
	if err := r.keys.next(ctx, c.Whole()); err != nil {
		return err
	}
	if c = c.Ready(ctx, r.keys); !c.Sendable(w.alone) {
		return nil
	}
	problems := c.Problems(ctx, r.keys, w.run, conformSlack)
	if err := r.keys.lost(ctx); err != nil {
		return err
	}
	if entry := r.lacks.Entry(c); entry != "" {
		r.ran[entry], r.failed[entry] = true, r.failed[entry] || len(problems) > 0
		return nil
	}
	for _, problem := range problems {
		r.tb.Errorf("%s: %s", w.name, problem)
	}
	return nil
}

// checkLacks finds entries of the list that are not true, as far as their cases
// were executed.
func (r *conformRun) checkLacks() {
	r.tb.Helper()
	known := map[string]bool{}
	for _, c := range conform.Cases() {
		known[r.lacks.Entry(c)] = true
	}
	for _, entry := range r.lacks.Stale(r.failed) {
		switch {
		case r.ran[entry]:
			r.tb.Errorf("the database has %s now: take it out of ConformOptions.Lacks", entry)
		case !known[entry]:
			r.tb.Errorf("%s is in ConformOptions.Lacks, and neither a case nor a command of one", entry)
		}
	}
}
