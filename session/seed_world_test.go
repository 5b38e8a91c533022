package session_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// place is a server and one of the two recipes on it.
type place struct {
	recipe

	srv  *upstashtest.Server
	over func(upstash.Doer) recipe // the same recipe in another process
}

// compare runs a scenario on the seed's recipe, where it must show the defect,
// and on this package, where it must not. A scenario returns what is wrong.
func compare(t *testing.T, scenario func(t *testing.T, p *place) string) {
	t.Helper()
	t.Run("the seed", func(t *testing.T) {
		t.Parallel()
		srv := newServer(t)
		over := func(d upstash.Doer) recipe { return seed{d} }
		bad := scenario(t, &place{over(srv.Client()), srv, over})
		t.Log("the seed:", bad)
		if bad == "" {
			t.Error("the defect does not show: the scenario proves nothing")
		}
	})
	t.Run("ours", func(t *testing.T) {
		t.Parallel()
		srv := newServer(t)
		over := func(d upstash.Doer) recipe { return oursOver(t, srv, d) }
		if bad := scenario(t, &place{over(srv.Client()), srv, over}); bad != "" {
			t.Error(bad)
		}
	})
}

// isAlive tells whether a token gets anybody in.
func (p *place) isAlive(t *testing.T, token string) bool {
	t.Helper()
	_, err := p.read(t.Context(), token)
	if err != nil && !errors.Is(err, errGone) {
		t.Fatal(err)
	}
	return err == nil
}

// keys are the names of all keys.
func (p *place) keys(t *testing.T) []string {
	t.Helper()
	return ok(p.srv.Client().Keys(t.Context(), "*"))(t)
}

// hasNoEnd reports whether something in the database stays for ever.
func (p *place) hasNoEnd(t *testing.T) bool {
	t.Helper()
	ctx, rdb := t.Context(), p.srv.Client()
	for _, key := range p.keys(t) {
		if ok(rdb.Type(ctx, key))(t) == "hash" { // whose fields end one by one
			for _, end := range ok(rdb.HPExpireTime(ctx, key, ok(rdb.HKeys(ctx, key))(t)...))(t) {
				if !end.At.Valid {
					return true
				}
			}
		} else if !ok(rdb.PTTL(ctx, key))(t).Valid {
			return true
		}
	}
	return false
}

var errCrash = errors.New("the process is gone")

// crashing is the line of a process that dies when its k-th request has been
// executed, before it hears of it.
type crashing struct {
	upstash.Doer

	left int
}

func (c *crashing) Do(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
	if c.left == 0 {
		return nil, errCrash
	}
	c.left--
	replies, err := c.Doer.Do(ctx, b)
	if c.left == 0 {
		return nil, errCrash
	}
	return replies, err
}

// interrupted is a server that stops after n commands of a pipeline. What is
// atomic is not interrupted.
type interrupted struct {
	upstash.Doer

	after int
}

func (i interrupted) Do(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
	if b.Atomic || len(b.Commands) == 1 {
		return i.Doer.Do(ctx, b)
	}
	b.Commands = b.Commands[:min(i.after, len(b.Commands))]
	if len(b.Commands) > 0 {
		if _, err := i.Doer.Do(ctx, b); err != nil {
			return nil, err
		}
	}
	return nil, errCrash
}

// turns lets two processes send their requests in an order that is given, as
// long as both have some.
type turns struct {
	mu    sync.Mutex
	moved *sync.Cond
	order []int
	over  [2]bool
}

func newTurns(order []int) *turns {
	s := &turns{order: order}
	s.moved = sync.NewCond(&s.mu)
	return s
}

// of is the line of one of the two.
func (s *turns) of(who int, d upstash.Doer) upstash.Doer {
	return upstash.DoerFunc(func(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		for len(s.order) > 0 && s.order[0] != who && !s.over[1-who] {
			s.moved.Wait()
		}
		if len(s.order) > 0 && s.order[0] == who {
			s.order = s.order[1:]
		}
		defer s.moved.Broadcast()
		return d.Do(ctx, b)
	})
}

// run runs both, each over its line, until both are done.
func (s *turns) run(processes [2]func()) {
	var both sync.WaitGroup
	for who, run := range processes {
		both.Go(func() {
			run()
			s.mu.Lock()
			defer s.mu.Unlock()
			s.over[who] = true
			s.moved.Broadcast()
		})
	}
	both.Wait()
}
