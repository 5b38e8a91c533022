package session_test

import (
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// TestSchedules lets several clients work on the sessions of one user at the
// same time, through random schedules with failures, late repeats and evictions,
// and looks for what the package documentation rules out: a session that is
// returned after its end was acknowledged (I2, and I9 for a sign-in that meets a
// DestroyAll), an update that is lost or made twice (I6), and what [world.look]
// finds in the database after any request (I3, I4, I5, I7).
//
// UPSTASH_LONG=1 runs the long form: 800 schedules of each kind.
func TestSchedules(t *testing.T) {
	t.Parallel()
	for name, faulty := range map[string]bool{"calm": false, "faulty": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range steps(40, 800) {
				if bad := runSchedule(t, uint64(seed), faulty, shipped); bad != "" {
					t.Fatalf("seed %d: %s", seed, bad)
				}
			}
		})
	}
}

// plantedRaces are faults that only show when several clients work at once.
var plantedRaces = map[string]system{
	"a touch writes back what it read": onTheWay(func(ctx context.Context, d upstash.Doer, b upstash.Batch) ([]command.Reply, error) {
		w := b.Commands[0].Words()
		if w[0] != "HGETEX" {
			return d.Do(ctx, b)
		}
		names := fields(w)
		replies, err := send(ctx, d, append([]string{"HMGET", w[1]}, names...)...)
		if err != nil {
			return nil, err
		}
		have, _ := replies[0].NullTexts()
		var pairs []string
		for i, v := range have {
			if v.Valid {
				pairs = append(pairs, names[i], v.V)
			}
		}
		if len(pairs) > 0 {
			_, err = send(ctx, d, append([]string{"HSETEX", w[1], "EX", "1800", "FIELDS", strconv.Itoa(len(pairs) / 2)}, pairs...)...)
		}
		return replies, err
	}),
	"the cap is counted outside the script": onTheWay(func(ctx context.Context, d upstash.Doer, b upstash.Batch) ([]command.Reply, error) {
		w := b.Commands[0].Words()
		if w[0] != "EVALSHA" || len(w) != 17 || w[13] != "" {
			return d.Do(ctx, b)
		}
		replies, err := send(ctx, d, "HKEYS", w[3])
		if err != nil {
			return nil, err
		}
		names, _ := replies[0].Texts()
		names = slices.DeleteFunc(names, func(name string) bool { return len(name) != 43 })
		if len(names) >= raceCap {
			if _, err := send(ctx, d, "HDEL", w[3], names[0], names[0]+"#d", names[0]+"#m", names[0]+"#t"); err != nil {
				return nil, err
			}
		}
		id := w[8]
		_, err = send(ctx, d, "HSETEX", w[3], w[6], w[7], "FIELDS", "4", id, w[9], id+"#d", w[10], id+"#m", w[11], id+"#t", w[12])
		return []command.Reply{command.ArrayReply(command.TextReply("ok"))}, err
	}),
	"DestroyAll ends the sessions that it listed": onTheWay(func(ctx context.Context, d upstash.Doer, b upstash.Batch) ([]command.Reply, error) {
		w := b.Commands[0].Words()
		if w[0] != "DEL" {
			return d.Do(ctx, b)
		}
		replies, err := send(ctx, d, "HKEYS", w[1])
		if err != nil {
			return nil, err
		}
		names, _ := replies[0].Texts()
		if len(names) == 0 {
			return []command.Reply{command.IntReply(0)}, nil
		}
		return send(ctx, d, append([]string{"HDEL", w[1]}, names...)...)
	}),
	"an update compares in a request of its own": onTheWay(func(ctx context.Context, d upstash.Doer, b upstash.Batch) ([]command.Reply, error) {
		w := b.Commands[0].Words()
		if w[0] != "EVALSHA" || len(w) != 8 {
			return d.Do(ctx, b)
		}
		key, id := w[3], w[4]
		replies, err := send(ctx, d, "HMGET", key, id, id+"#d")
		if err != nil {
			return nil, err
		}
		have, _ := replies[0].NullTexts()
		answer := func(texts ...string) ([]command.Reply, error) {
			var items []command.Reply
			for _, text := range texts {
				items = append(items, command.TextReply(text))
			}
			return []command.Reply{command.ArrayReply(items...)}, nil
		}
		switch {
		case !have[0].Valid:
			return answer("gone", "", "", "")
		case have[0].V != w[5]:
			return answer("conflict", have[0].V, have[1].V, "")
		}
		if _, err := send(ctx, d, "HSETEX", key, "FXX", "KEEPTTL", "FIELDS", "2", id, w[6], id+"#d", w[7]); err != nil {
			return nil, err
		}
		return answer("ok", "", "", "")
	}),
	"a rotation ends the old session in a request of its own": onTheWay(func(ctx context.Context, d upstash.Doer, b upstash.Batch) ([]command.Reply, error) {
		w := b.Commands[0].Words()
		if w[0] != "EVALSHA" || len(w) != 17 || w[13] == "" {
			return d.Do(ctx, b)
		}
		key, old := w[4], w[13]
		create := slices.Clone(w)
		create[13] = ""
		replies, err := send(ctx, d, create...)
		if err != nil || replies[0].Err() != nil {
			return replies, err
		}
		_, err = send(ctx, d, "HDEL", key, old, old+"#d", old+"#m", old+"#t")
		return replies, err
	}),
}

func send(ctx context.Context, d upstash.Doer, words ...string) ([]command.Reply, error) {
	return d.Do(ctx, upstash.Batch{Commands: []command.Args{args(words)}})
}

// TestSchedulesCatch shows that the same harness finds planted races, all of them.
func TestSchedulesCatch(t *testing.T) { //nolint:tparallel // the count is known when all of them are through
	t.Parallel()
	var killed atomic.Int64
	t.Run("races", func(t *testing.T) {
		for _, name := range slices.Sorted(maps.Keys(plantedRaces)) {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				for seed := range uint64(500) {
					if bad := runSchedule(t, seed, false, plantedRaces[name]); bad != "" {
						killed.Add(1)
						t.Logf("schedule %d: %s", seed, bad)
						return
					}
				}
				t.Error("not caught")
			})
		}
	})
	t.Logf("%d of %d planted races are caught", killed.Load(), len(plantedRaces))
}

const raceCap = 3

// runSchedule returns what was wrong first, or nothing.
func runSchedule(t *testing.T, seed uint64, faulty bool, of system) (bad string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		srv := newServer(t)
		w := &world{rng: rand.New(rand.NewPCG(seed, 2)), faulty: faulty, srv: srv, inner: srv.Client(), limit: raceCap}
		m := of(t, w, session.Options{Namespace: "n", Cap: raceCap, Clock: srv.Now})
		h := &history{world: w, m: m}
		for client := range 4 {
			rng := rand.New(rand.NewPCG(seed, uint64(client)+10))
			go func() {
				ctx := context.WithValue(t.Context(), clientKey{}, client)
				for range 8 {
					h.act(ctx, rng)
				}
			}()
		}
		w.run()
		go h.finish(context.WithValue(t.Context(), clientKey{}, 0))
		w.faulty = false
		w.run()
		bad = w.bad
	})
	return bad
}

// history is what the clients know, in turns of the world.
type history struct {
	*world

	m *session.Manager[int]

	mu      sync.Mutex
	tokens  []*past
	ends    []end
	patches int // UpdateAlls that began
}

// past is a session that some client got.
type past struct {
	s     *session.Session[int]
	acked int
	root  int // when the first session of this user was acknowledged that this one came from
	count *counter
	line  *int // the same for what renewals made of one session
}

// counter is what a session and those it came from were told to add.
type counter struct{ done, unknown int }

// end is an acknowledged end of sessions.
type end struct {
	acked  int
	covers func(*past) bool
}

func (h *history) remember(s *session.Session[int], from *past, renewed bool) {
	p := &past{s: s, acked: h.now(), count: &counter{}, line: new(int)}
	p.root = p.acked
	if renewed {
		p.line = from.line
	}
	if from != nil {
		p.count = from.count
		if from.s.UserID == s.UserID {
			p.root = from.root
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.tokens = append(h.tokens, p)
}

func (h *history) ended(covers func(*past) bool) {
	e := end{h.now(), covers}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ends = append(h.ends, e)
}

func (h *history) pick(rng *rand.Rand) *past {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.tokens) == 0 {
		return nil
	}
	return h.tokens[rng.IntN(len(h.tokens))]
}

// returned reports a session that was returned although its end had been
// acknowledged before the call began.
func (h *history) returned(what string, p *past, began int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range h.ends {
		if e.acked <= began && e.covers(p) {
			h.report("%s succeeded after the end of the session", what)
		}
	}
}

func (h *history) act(ctx context.Context, rng *rand.Rand) {
	began, p, op := h.now(), h.pick(rng), rng.IntN(24)
	if p == nil || op < 4 {
		if s, err := h.m.Create(ctx, []string{"u", "u", ""}[rng.IntN(3)], 0); err == nil {
			h.remember(s, nil, false)
		}
		return
	}
	switch {
	case op < 8:
		if _, err := h.m.Get(ctx, p.s.Token()); err == nil {
			h.returned("Get", p, began)
		}
	case op < 12:
		_, err := h.m.Update(ctx, p.s, func(n *int) error { *n++; return nil })
		h.counted(p, err)
		if err == nil {
			h.returned("Update", p, began)
		}
	case op < 15:
		user := []string{"u", "u", p.s.UserID}[rng.IntN(3)]
		s, err := h.m.Rotate(ctx, p.s, user, nil)
		if err != nil {
			return
		}
		h.returned("Rotate", p, began)
		h.remember(s, p, false)
		h.ended(func(o *past) bool { return o.line == p.line })
	case op == 15:
		if h.m.Destroy(ctx, p.s.Token()) == nil {
			h.ended(func(o *past) bool { return o.line == p.line })
		}
	case op < 18:
		if h.m.DestroyAll(ctx, "u") == nil {
			// What comes of a session that began before is not spared.
			h.ended(func(o *past) bool { return o.s.UserID == "u" && o.root <= began })
		}
	case op >= 20:
		if s, err := h.m.Renew(ctx, p.s, time.Hour, time.Minute); err == nil {
			h.returned("renew", p, began)
			h.remember(s, p, true)
		}
	case op == 18:
		if _, err := h.m.DestroyOthers(ctx, p.s); err == nil && p.s.UserID == "u" {
			h.ended(func(o *past) bool { return o.s.UserID == "u" && o.line != p.line && o.acked <= began })
		}
	default:
		h.mu.Lock()
		h.patches++
		h.mu.Unlock()
		_, _ = h.m.UpdateAll(ctx, "u", func(n *int) error { *n++; return nil })
	}
}

func (h *history) counted(p *past, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case err == nil:
		p.count.done++
	case !session.SignedOut(err):
		p.count.unknown++
	}
}

// finish reads every session that is left: each acknowledged update is in it, and
// none twice.
func (h *history) finish(ctx context.Context) {
	for _, p := range slices.Clone(h.tokens) {
		began := h.now()
		s, err := h.m.Get(ctx, p.s.Token())
		if err != nil {
			if !session.SignedOut(err) && !errors.Is(err, errFault) {
				h.report("at the end: %v", err)
			}
			continue
		}
		h.returned("Get at the end", p, began)
		if least, most := p.count.done, p.count.done+p.count.unknown+h.patches; s.Data < least || s.Data > most {
			h.report("%d updates are in the session, want %d to %d", s.Data, least, most)
		}
	}
}
