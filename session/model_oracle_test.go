package session_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// oracle says what is in the database, in the plainest way.
type oracle struct {
	srv                      *upstashtest.Server
	idle, absolute, throttle time.Duration
	limit                    int
	lives                    map[string]*life
	ended                    map[string]*life // by rotation
}

type life struct {
	key, id, user, device                        string
	visits, version                              int
	idle                                         time.Duration
	flash                                        bool      // something waits under the one name
	authenticated                                time.Time // zero: nobody has signed in
	created, expires, deadline, touched, movedTo time.Time
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

// born takes in a session that begins now, for which the oldest make room.
func (o *oracle) born(l *life) {
	l.created, l.touched, l.version = o.now(), o.now(), 1
	l.deadline = earlier(o.now().Add(l.idle), l.expires)
	if old := o.alive(l.key); l.user != "" && len(old) >= o.limit {
		for _, out := range old[:len(old)-o.limit+1] {
			o.forget(out.id)
		}
	}
	o.lives[l.id] = l
}

// fresh is a session of a user with the limits of the options, not born yet.
func (o *oracle) fresh(user string) *life {
	l := &life{user: user, idle: o.idle, expires: o.now().Add(o.absolute)}
	if user != "" {
		l.authenticated = o.now()
	}
	return l
}

// heir is what a rotation makes of a session, not born yet.
func (o *oracle) heir(old *life, user string, sameLogin bool) *life {
	l := o.fresh(user)
	l.device, l.visits, l.flash = old.device, old.visits+1, old.flash
	if !old.authenticated.IsZero() && user != "" {
		l.idle, l.expires = old.idle, o.now().Add(old.expires.Sub(old.authenticated))
	}
	if sameLogin {
		l.authenticated, l.expires = old.authenticated, old.expires
	}
	return l
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
	case l != nil && o.now().Before(l.movedTo):
		return session.ErrMoved
	}
	return session.ErrNotFound
}

// wantsWrite allows for a mark that was kept longer, because somebody read with
// the old token: writes go by the mark alone.
func (o *oracle) wantsWrite(s *session.Session[int], want, got error) error {
	if errors.Is(want, session.ErrNotFound) && o.ended[s.ID] != nil && isOnly(got, session.ErrMoved) {
		return nil
	}
	return wants(want, got)
}

func (o *oracle) isCurrent(s *session.Session[int]) bool {
	return o.isAlive(s.ID) && int64(o.lives[s.ID].version) == s.Version()
}

// wrote is a change of a session.
func (o *oracle) wrote(id string) *life {
	l := o.lives[id]
	l.version++
	return l
}

// isDue tells whether a Get touches.
func (o *oracle) isDue(s *session.Session[int]) bool {
	return o.throttle == 0 || o.isAlive(s.ID) && o.now().Sub(o.lives[s.ID].touched) >= o.throttle
}

func (o *oracle) touch(s *session.Session[int]) {
	l := o.lives[s.ID]
	l.deadline = earlier(o.now().Add(l.idle), l.expires)
	if o.throttle > 0 {
		l.touched = o.now()
	}
}

func (o *oracle) moved(s *session.Session[int]) {
	l := o.lives[s.ID]
	l.movedTo = o.now().Add(30 * time.Second)
	o.ended[s.ID] = l
	delete(o.lives, s.ID)
}

func (o *oracle) forget(id string) {
	delete(o.lives, id)
	delete(o.ended, id)
}

func (o *oracle) forgetHash(key string) { o.forgetOthers(key, "") }

func (o *oracle) forgetOthers(key, id string) (n int) {
	n = len(o.alive(key))
	if o.isAlive(id) {
		n--
	}
	for _, lives := range []map[string]*life{o.lives, o.ended} {
		for _, l := range lives {
			if l.key == key && l.id != id {
				o.forget(l.id)
			}
		}
	}
	return n
}

func (o *oracle) same(s *session.Session[int]) error {
	l := o.lives[s.ID]
	if l == nil || s.Data != l.visits || s.UserID != l.user || s.Device.Name != l.device || len(s.Flash()) > 0 != l.flash ||
		!s.Expires.Equal(l.expires) || !s.Created.Equal(l.created) || !s.Authenticated.Equal(l.authenticated) {
		return errors.New("the session is not the one that is expected")
	}
	return nil
}

// adopt takes in the one session that the database has beyond those known,
// because the answer that named it was lost.
func (o *oracle) adopt(ctx context.Context, l *life) error {
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
	l.key, l.id = found[0].key, found[0].id
	o.born(l)
	return nil
}

// row is one field of the database.
type row struct {
	key, id, suffix, value string
	end                    time.Time
	version                int64     // of headers, like the next
	expires                time.Time // the absolute limit
}

// rows is the whole database, in three requests.
func (o *oracle) rows(ctx context.Context) ([]row, error) {
	rdb := o.srv.Client()
	keys, err := rdb.Keys(ctx, "*")
	if err != nil || len(keys) == 0 {
		return nil, err
	}
	var read, ends upstash.Batch
	for _, key := range keys {
		read.Commands = append(read.Commands, command.HGetAll(key).Args())
	}
	hashes, err := rdb.Do(ctx, read)
	if err != nil {
		return nil, err
	}
	var rows []row
	var lengths []int
	for i, key := range keys {
		fields, err := upstash.Decode(command.HGetAll(key), hashes[i], i)
		if err != nil {
			return nil, err
		}
		names := slices.Sorted(maps.Keys(fields))
		if len(names) == 0 {
			continue
		}
		ends.Commands = append(ends.Commands, command.HPExpireTime(key, names...).Args())
		lengths = append(lengths, len(names))
		for _, name := range names {
			r := row{key: key, value: fields[name]}
			r.id, r.suffix, _ = strings.Cut(name, "#")
			if r.suffix == "" {
				if err := r.parse(); err != nil {
					return nil, err
				}
			}
			rows = append(rows, r)
		}
	}
	replies, err := rdb.Do(ctx, ends)
	if err != nil {
		return nil, err
	}
	n := 0
	for i, reply := range replies {
		times, err := upstash.Decode(command.HPExpireTime("", ""), reply, i)
		if err != nil || len(times) != lengths[i] {
			return nil, fmt.Errorf("%d of %d ends: %w", len(times), lengths[i], err)
		}
		for _, end := range times {
			if !end.At.Valid {
				return nil, fmt.Errorf("I4: a field %q never ends", rows[n].suffix)
			}
			rows[n].end = end.At.V
			n++
		}
	}
	return rows, nil
}

// parse reads the numbers of a header.
func (r *row) parse() (err error) {
	parts := strings.Split(r.value, ":")
	if len(parts) != 6 {
		return errors.New("a header is damaged")
	}
	if r.version, err = strconv.ParseInt(parts[1], 10, 64); err != nil {
		return err
	}
	ms, err := strconv.ParseInt(parts[4], 10, 64)
	r.expires = time.UnixMilli(ms)
	return err
}

// compare holds the whole database to the oracle: exactly the sessions that are
// alive, each with all of its fields, each ending when it should.
func (o *oracle) compare(rows []row) error {
	fields := map[string]int{}
	for _, r := range rows {
		if r.suffix == "x" {
			if o.ended[r.id] == nil {
				return errors.New("a mark of a rotation that was not made")
			}
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
	return nil
}
