package cache

import (
	"context"
	_ "embed" // the script
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/zeebo/xxh3"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// What this package writes, it writes only over what it has seen. Upstash and
// Redis 8.4 compare for that themselves (SET IFEQ, SET IFDEQ, DELEX). A server
// that cannot is noticed at the first refusal, and is sent a script from then on.

//go:embed swap.lua
var swapSource string

var swapScript = upstash.NewScript(swapSource)

// held is what a key must hold for a write to happen.
type held struct {
	text string // the whole value
	id   string // the beginning of the value, up to its random identity
}

// holds describes a value. A value of this package is told by its identity;
// any other by all of it.
func holds(s sight) held {
	h := held{text: s.text, id: s.text}
	if s.doc.Header != nil {
		if begin := `{"$c":{"v":1,"i":"` + s.doc.Header.ID + `"`; strings.HasPrefix(s.text, begin) {
			h.id = begin
		}
	}
	return h
}

// condition compares the bytes where they are short, and their digest where not:
// 16 characters instead of an entry.
func (h held) condition() command.Condition {
	if len(h.text) < 256 { // about a placeholder with a few tags
		return command.Equals(h.text)
	}
	return command.DigestEquals(fmt.Sprintf("%016x", xxh3.HashString(h.text)))
}

// step is one conditional write: text for ttl, or nothing at all.
type step struct {
	key    string
	old    held
	text   string // empty: delete
	ttl    time.Duration
	absent bool // write where nothing is, instead of over old
}

func (s step) cmd() command.Cmd[bool] {
	switch {
	case s.absent:
		return command.SetWith(s.key, s.text, command.SetOptions{If: command.Absent, TTL: s.ttl})
	case s.text == "":
		return command.DelEx(s.key, s.old.condition())
	default:
		return command.SetWith(s.key, s.text, command.SetOptions{If: s.old.condition(), TTL: s.ttl})
	}
}

// swap makes the steps in one request, one after the other and each for itself,
// and reports which of them happened. What is queued by first comes before them.
func (w *wire) swap(ctx context.Context, steps []step, first func(*pipeline.Pipeline)) ([]bool, error) {
	if w.portable.Load() {
		return w.swapByScript(ctx, steps, first)
	}
	p := pipeline.New(w.doer)
	if first != nil {
		first(p)
	}
	queued := make([]*pipeline.Queued[bool], len(steps))
	for i, s := range steps {
		queued[i] = pipeline.Queue(p, s.cmd())
	}
	err := p.Exec(ctx)
	done := make([]bool, len(steps))
	for i, s := range steps {
		if s.absent || !refusesConditions(queued[i].Err()) {
			done[i] = queued[i].Val()
			continue
		}
		w.portable.Store(true)
		again, err := w.swapByScript(ctx, steps[i:], nil)
		copy(done[i:], again)
		return done, err
	}
	return done, err
}

// swapByScript makes one request for each step: a script that another may have
// to teach the server cannot share one.
func (w *wire) swapByScript(ctx context.Context, steps []step, first func(*pipeline.Pipeline)) ([]bool, error) {
	done := make([]bool, len(steps))
	if first != nil {
		p := pipeline.New(w.doer)
		first(p)
		if p.Len() > 0 {
			if err := p.Exec(ctx); err != nil {
				return done, err
			}
		}
	}
	for i, s := range steps {
		var err error
		if s.absent {
			done[i], err = upstash.Exec(ctx, w.doer, s.cmd())
		} else {
			done[i], err = w.script(ctx, s)
		}
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

func (w *wire) script(ctx context.Context, s step) (bool, error) {
	reply, err := swapScript.Run(ctx, w.doer, []string{s.key}, s.old.id, s.text, max(s.ttl, time.Millisecond).Milliseconds())
	if err != nil {
		return false, err
	}
	n, err := reply.Int()
	return n == 1, err
}

// refusesConditions tells the answers of a server that knows no conditions but
// NX and XX, or no DELEX.
func refusesConditions(err error) bool {
	var e *upstash.Error
	return errors.As(err, &e) && e.Code == "ERR" &&
		(strings.Contains(e.Message, "syntax error") || strings.Contains(e.Message, "unknown command"))
}
