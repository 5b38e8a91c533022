package session_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// oracle says what is in the database, in the plainest way.
type oracle struct {
	srv                      *upstashtest.Server
	idle, absolute, throttle time.Duration
	limit                    int
	lives                    map[string]*life
	ended                    map[string]*life // by rotation or renewal
}

type life struct {
	key, id, user                                string
	visits                                       int
	created, expires, deadline, touched, movedTo time.Time

	heir string    // of one that was renewed
	kept time.Time // until when the mark of one that ended is there
}

func newOracle(srv *upstashtest.Server, o session.Options) *oracle {
	return &oracle{
		srv: srv, idle: idle, absolute: o.Absolute, throttle: o.Throttle, limit: o.Cap,
		lives: map[string]*life{}, ended: map[string]*life{},
	}
}

func (o *oracle) now() time.Time { return o.srv.Now() }

// alive are the sessions of a hash, the oldest first.
func (o *oracle) alive(key string) []*life {
	var list []*life
	for _, l := range o.lives {
		if l.key == key && o.now().Before(l.deadline) {
			list = append(list, l)
		}
	}
	slices.SortFunc(list, func(a, b *life) int { return cmp.Or(a.created.Compare(b.created), cmp.Compare(a.id, b.id)) })
	return list
}

func (o *oracle) born(key, id, user string, visits int, created, expires time.Time) {
	l := &life{key: key, id: id, user: user, visits: visits, created: created, expires: expires, touched: o.now()}
	l.deadline = earlier(o.now().Add(o.idle), expires)
	if old := o.alive(key); user != "" && len(old) >= o.limit {
		for _, out := range old[:len(old)-o.limit+1] {
			o.forget(out.id)
		}
	}
	o.lives[id] = l
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func (o *oracle) isAlive(id string) bool {
	l := o.lives[id]
	return l != nil && o.now().Before(l.deadline)
}

// expect is the error of reading a session.
func (o *oracle) expect(s *session.Session[int]) error {
	switch l := o.ended[s.ID]; {
	case !o.now().Before(s.Expires):
		return session.ErrExpired
	case o.isAlive(s.ID):
		return nil
	case l == nil || !o.now().Before(l.movedTo) || !o.now().Before(l.kept):
		return session.ErrNotFound
	case l.heir == "":
		return session.ErrMoved
	case o.isAlive(l.heir):
		return nil
	default:
		if next := o.ended[l.heir]; next != nil && next.heir == "" && o.now().Before(next.movedTo) && o.now().Before(next.kept) {
			return session.ErrMoved
		}
		return session.ErrNotFound
	}
}

// expectWrite is the error of changing a session: that goes by the mark alone,
// however long it is there.
func (o *oracle) expectWrite(s *session.Session[int]) error {
	id := o.target(s.ID)
	switch l := o.ended[id]; {
	case !o.now().Before(s.Expires):
		return session.ErrExpired
	case o.isAlive(id):
		return nil
	case l != nil && o.now().Before(l.kept):
		return session.ErrMoved
	}
	return session.ErrNotFound
}

// next is the ID that a session was renewed to, or its own.
func (o *oracle) next(id string) string {
	if l := o.ended[id]; l != nil && l.heir != "" && !o.isAlive(id) && o.now().Before(l.kept) {
		return l.heir
	}
	return id
}

// target is where a session lives now, after all of its renewals.
func (o *oracle) target(id string) string {
	for o.next(id) != id {
		id = o.next(id)
	}
	return id
}

func (o *oracle) isCurrent(s *session.Session[int]) bool {
	return o.isAlive(s.ID) && o.lives[s.ID].visits == s.Data
}

func (o *oracle) due(s *session.Session[int]) bool {
	return o.throttle == 0 || o.isAlive(s.ID) && o.now().Sub(o.lives[s.ID].touched) >= o.throttle
}

func (o *oracle) touch(s *session.Session[int]) {
	id := o.next(s.ID) // reading leads no further
	o.touchMark(s.ID)
	if l := o.lives[id]; l == nil {
		o.touchMark(id)
	} else if o.isAlive(id) {
		l.deadline = earlier(o.now().Add(o.idle), l.expires)
		if o.throttle > 0 {
			l.touched = o.now()
		}
	}
}

// touchMark: what extends a session extends what is left of one.
func (o *oracle) touchMark(id string) {
	if l := o.ended[id]; l != nil && o.now().Before(l.kept) {
		l.kept = earlier(o.now().Add(o.idle), l.expires)
	}
}

func (o *oracle) moved(s *session.Session[int]) {
	l := o.lives[o.target(s.ID)]
	l.movedTo = o.now().Add(30 * time.Second)
	l.kept = l.movedTo
	o.ended[l.id] = l
	delete(o.lives, l.id)
}

// renewed makes a session the heir of another.
func (o *oracle) renewed(s *session.Session[int], id string) {
	l := o.lives[s.ID]
	next := *l
	next.id, next.created, next.touched = id, o.now(), o.now()
	next.deadline = earlier(o.now().Add(o.idle), l.expires)
	l.movedTo, l.heir = o.now().Add(modelGrace), id
	l.kept = earlier(o.now().Add(modelRenewal), l.expires)
	o.ended[l.id] = l
	delete(o.lives, l.id)
	o.lives[id] = &next
}

func (o *oracle) forget(id string) { delete(o.lives, id) }

// forgetHash is the end of a key, marks and all.
func (o *oracle) forgetHash(key string) {
	o.forgetOthers(key, "")
	for id, l := range o.ended {
		if l.key == key {
			delete(o.ended, id)
		}
	}
}

func (o *oracle) forgetOthers(key, id string) (n int) {
	n = len(o.alive(key))
	if o.isAlive(id) {
		n--
	}
	for _, l := range o.lives {
		if l.key == key && l.id != id {
			o.forget(l.id)
		}
	}
	return n
}

func (o *oracle) same(s *session.Session[int]) error {
	l := o.lives[s.ID]
	if l == nil || s.ID != l.id || s.Data != l.visits || s.UserID != l.user || !s.Expires.Equal(l.expires) || !s.Created.Equal(l.created) {
		return errors.New("the session is not the one that is expected")
	}
	return nil
}

// adopt takes in the one session that the database has beyond those known,
// because the answer that named it was lost.
func (o *oracle) adopt(ctx context.Context, user string, visits int) error {
	rows, err := o.rows(ctx)
	if err != nil {
		return err
	}
	var found []row
	for _, r := range rows {
		if o.lives[r.id] == nil && r.suffix == "" {
			found = append(found, r)
		}
	}
	if len(found) != 1 {
		return fmt.Errorf("%d sessions are not known, want 1", len(found))
	}
	o.born(found[0].key, found[0].id, user, visits, o.now(), found[0].expires)
	return nil
}

// adoptHeir takes in a renewal whose answer was lost.
func (o *oracle) adoptHeir(ctx context.Context, s *session.Session[int]) error {
	rows, err := o.rows(ctx)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if o.lives[r.id] == nil && r.suffix == "" {
			o.renewed(s, r.id)
			return nil
		}
	}
	return errors.New("the renewal did not take place")
}

// isHeirs tells that reading with the token of s leads to another session.
func (o *oracle) isHeirs(s *session.Session[int]) bool {
	l := o.ended[s.ID]
	return l != nil && l.heir != "" && !o.isAlive(s.ID) && o.now().Before(l.kept) && o.now().Before(l.movedTo) && o.now().Before(s.Expires)
}

// row is one field of the database.
type row struct {
	key, id, suffix string
	end             time.Time
	expires         time.Time // of headers
}

func (o *oracle) rows(ctx context.Context) ([]row, error) {
	rdb := o.srv.Client()
	keys, err := rdb.Keys(ctx, "*")
	if err != nil {
		return nil, err
	}
	var rows []row
	for _, key := range keys {
		fields, err := rdb.HGetAll(ctx, key)
		if err != nil {
			return nil, err
		}
		var names []string
		for name := range fields {
			names = append(names, name)
		}
		if len(names) == 0 {
			continue
		}
		ends, err := rdb.HPExpireTime(ctx, key, names...)
		if err != nil {
			return nil, err
		}
		for i, name := range names {
			if !ends[i].At.Valid {
				return nil, fmt.Errorf("field %q never ends", name[min(43, len(name)):])
			}
			id, suffix, _ := strings.Cut(name, "#")
			r := row{key: key, id: id, suffix: suffix, end: ends[i].At.V}
			if suffix == "" {
				ms, err := strconv.ParseInt(strings.Split(fields[name], ":")[4], 10, 64)
				if err != nil {
					return nil, err
				}
				r.expires = time.UnixMilli(ms)
			}
			rows = append(rows, r)
		}
	}
	return rows, nil
}

// compare holds the whole database to the oracle: exactly the sessions that are
// alive, each with all of its fields, each ending when it should.
func (o *oracle) compare(ctx context.Context) error {
	rows, err := o.rows(ctx)
	if err != nil {
		return err
	}
	fields, marks := map[string]int{}, map[string]bool{}
	for _, r := range rows {
		if r.suffix == "x" {
			l := o.ended[r.id]
			if l == nil || l.key != r.key {
				return errors.New("a mark of a rotation or renewal that was not made")
			}
			if !r.end.Equal(l.kept) {
				return fmt.Errorf("a mark ends %v after the time it should", r.end.Sub(l.kept))
			}
			marks[r.id] = true
			continue
		}
		l := o.lives[r.id]
		if l == nil || l.key != r.key {
			return fmt.Errorf("a field %q of a session that is not alive", r.suffix)
		}
		if !r.end.Equal(l.deadline) {
			return fmt.Errorf("field %q ends %v after the time it should", r.suffix, r.end.Sub(l.deadline))
		}
		fields[r.id]++
	}
	for id := range o.lives {
		want := 0
		if o.isAlive(id) {
			want = 4
		}
		if fields[id] != want {
			return fmt.Errorf("a session has %d fields, want %d", fields[id], want)
		}
	}
	for id, l := range o.ended {
		if want := o.now().Before(l.kept); marks[id] != want {
			return fmt.Errorf("a mark is there: %v, want %v", marks[id], want)
		}
	}
	return nil
}
