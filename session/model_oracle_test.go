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
	ended                    map[string]*life // by rotation or renewal
}

type life struct {
	key, id, user, device                        string
	visits, version                              int
	idle                                         time.Duration
	flash                                        bool      // something waits under the one name
	authenticated                                time.Time // zero: nobody has signed in
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
	l.device, l.visits = old.device, old.visits+1
	l.flash = old.flash && (old.user == "" || user == "" || old.user == user)
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

func (o *oracle) isCurrent(s *session.Session[int]) bool {
	return o.isAlive(s.ID) && int64(o.lives[s.ID].version) == s.Version()
}

// wrote is a change of a session, where it lives now.
func (o *oracle) wrote(id string) *life {
	l := o.lives[o.target(id)]
	l.version++
	return l
}

// isDue tells whether a Get touches.
func (o *oracle) isDue(s *session.Session[int]) bool {
	return o.throttle == 0 || o.isAlive(s.ID) && o.now().Sub(o.lives[s.ID].touched) >= o.throttle
}

// touch is the use of a session, or of the one that it was renewed to.
func (o *oracle) touch(s *session.Session[int]) {
	id := o.next(s.ID) // reading leads no further
	o.touchMark(s.ID)
	if l := o.lives[id]; l == nil {
		o.touchMark(id)
	} else if o.isAlive(id) {
		l.deadline = earlier(o.now().Add(l.idle), l.expires)
		if o.throttle > 0 {
			l.touched = o.now()
		}
	}
}

func (o *oracle) moved(s *session.Session[int]) {
	l := o.lives[o.target(s.ID)]
	l.movedTo = o.now().Add(30 * time.Second)
	l.kept = l.movedTo
	o.ended[l.id] = l
	delete(o.lives, l.id)
}

// forget leaves marks: they end by themselves.
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
	if l == nil || s.ID != l.id || s.Data != l.visits || s.UserID != l.user || s.Device.Name != l.device || len(s.Flash()) > 0 != l.flash ||
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
// alive, each with all of its fields, and the marks of those that moved, each
// ending when it should.
func (o *oracle) compare(rows []row) error {
	fields, marks := map[string]int{}, map[string]bool{}
	for _, r := range rows {
		if r.suffix == "x" {
			if err := o.compareMark(r); err != nil {
				return err
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
		if r.suffix == "" && (!r.expires.Equal(l.expires) || r.version != int64(l.version)) {
			return errors.New("a header has another absolute limit or version than it should")
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
