package session

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// Option changes one session as it begins.
type Option func(*beginning)

// beginning is what a session starts from.
type beginning struct {
	device         Device
	idle, absolute time.Duration
	keepLogin      bool
	keepCookie     bool
}

// On says what device the session is on.
func On(device Device) Option { return func(b *beginning) { b.device = device } }

// Limits gives the session limits of its own, "remember me" for example:
// 30 days of both. They may be longer than those of [Options].
func Limits(idle, absolute time.Duration) Option {
	return func(b *beginning) { b.idle, b.absolute = idle, absolute }
}

// Remember gives the session limits of its own, both so long, and in the
// middleware of [Web] a cookie that outlives the browser: "remember me". 30 days
// are usual. Whole seconds.
func Remember(d time.Duration) Option {
	return func(b *beginning) { b.idle, b.absolute, b.keepCookie = d, d, true }
}

// SameLogin tells [Manager.Rotate] that the user did not prove again who they
// are: Authenticated and the absolute limit stay as they are.
func SameLogin() Option { return func(b *beginning) { b.keepLogin = true } }

// Create begins a session and signs userID in; an empty one is a session of
// nobody, which [Manager.Rotate] turns into a user's at sign-in. Give the token
// of the result to the client.
//
// One round trip. A session of a user is 3 billed commands, and 2 more when the
// oldest has to make room; without a cap, and for nobody, it is 1.
//
// When the error matches [upstash.OutcomeUnknown] there may be a session whose
// token nobody has: it is in the list and ends when its idle time is over.
func (m *Manager[T]) Create(ctx context.Context, userID string, data T, opts ...Option) (*Session[T], error) {
	p, err := m.begin(userID, data, beginning{idle: m.opts.Idle, absolute: m.opts.Absolute}, nil, opts)
	if err != nil {
		return nil, err
	}
	if err := m.seal(&p); err != nil {
		return nil, err
	}
	if m.opts.Cap < 0 || userID == "" {
		fields := map[string]any{
			p.entry.id:             p.header,
			p.entry.id + payloadOf: p.payload, p.entry.id + deviceOf: p.device, p.entry.id + touchedOf: p.touched,
		}
		o := command.HSetExOptions{If: command.FieldsAbsent, TTL: p.ttl, ExpireAt: p.at}
		// A field that is there was written by this very request: the ID is random.
		if _, err := upstash.Exec(ctx, m.doer, command.HSetEx(p.entry.key, fields, o)); err != nil {
			return nil, storeError(err)
		}
	} else {
		reply, err := m.run(ctx, m.doer, m.scripts.place, []string{p.entry.key, p.entry.key}, p.args(m.opts.Cap, entry{}, mark{}, 0)...)
		if err != nil {
			return nil, err
		}
		if len(reply) == 0 || reply[0] != stateOK {
			return nil, stateError("")
		}
		m.tellEvicted(ctx, reply[1:])
	}
	m.tell(ctx, Event{Kind: Created, ID: p.entry.id})
	return m.session(p.entry, p.claims)
}

func (m *Manager[T]) tellEvicted(ctx context.Context, ids []string) {
	for _, id := range ids {
		m.tell(ctx, Event{Kind: Evicted, ID: id})
	}
}

// placement is a session about to be stored.
type placement struct {
	entry  entry
	claims claims

	header, payload, device, touched string

	ttl time.Duration // until the session ends without use; or
	at  time.Time     // the absolute limit, where that comes first
}

// begin decides on everything about a new session but its stored form. Old is
// the session that it takes the place of, if any.
func (m *Manager[T]) begin(userID string, data T, b beginning, old *entry, opts []Option) (placement, error) {
	for _, o := range opts {
		o(&b)
	}
	if err := checkUserID(userID); err != nil {
		return placement{}, err
	}
	if err := checkLimits(b.idle, b.absolute); err != nil {
		return placement{}, err
	}
	text, err := encodeData(data)
	if err != nil {
		return placement{}, err
	}
	now := m.now()
	h := header{created: now.UnixMilli(), expires: now.Add(b.absolute).UnixMilli()}
	if userID != "" {
		h.authenticated = h.created
	}
	if old != nil && b.keepLogin {
		if old.doc.User != userID {
			return placement{}, errors.New("session: SameLogin is for the same user")
		}
		h.authenticated, h.expires = old.header.authenticated, old.header.expires
	}
	p := placement{claims: claims{handle: m.handleOf(userID), expires: time.UnixMilli(h.expires), idle: b.idle}}
	var secret [secretSize]byte
	_, _ = rand.Read(secret[:]) // never fails, says its documentation
	token, id := m.issue(p.claims, secret)
	p.ttl, p.at = extension(now, p.claims)
	p.touched = number(now.UnixMilli())
	p.entry = entry{
		key: m.key(p.claims.handle), id: id, token: token, header: h.next(), device: b.device,
		doc: document{User: userID, Data: text, Seed: nonce(), Keep: b.keepCookie},
	}
	return p, nil
}

// seal makes the stored form.
func (m *Manager[T]) seal(p *placement) (err error) {
	p.header = p.entry.header.String()
	if p.payload, err = m.sealDocument(p.entry.key, p.entry.id, p.entry.doc); err != nil {
		return err
	}
	p.device, err = m.sealDevice(p.entry.key, p.entry.id, p.entry.device)
	return err
}

// args are those of place.lua. What is left of the old session is the mark, for
// as long as keep.
func (p *placement) args(limit int, old entry, left mark, keep time.Duration) []any {
	unit, end := "PX", p.ttl.Milliseconds()
	if p.ttl == 0 {
		unit, end = "PXAT", p.at.UnixMilli()
	}
	args := []any{max(limit, 0), unit, end, p.entry.id, p.header, p.payload, p.device, p.touched}
	if old.id == "" {
		return append(args, "", "", 0, 0)
	}
	return append(args, old.id, old.header.String(), max(keep.Milliseconds(), 1), left.String())
}

// extension is for how long a session lives on when it is used now. The idle
// time is counted by the server, so that the clocks of programs do not matter;
// only near its absolute limit a session ends at an instant.
func extension(now time.Time, c claims) (ttl time.Duration, at time.Time) {
	if c.expires.Sub(now) <= c.idle {
		return 0, c.expires
	}
	return c.idle, time.Time{}
}
