package session_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// badge is the payload in the comparison with the seed.
type badge struct {
	Email  string
	Role   string
	Number int64 // something of the metadata
}

const week = 7 * 24 * time.Hour

var errGone = errors.New("there is no such session")

// recipe is a way to keep sessions, this package's or the seed's.
type recipe interface {
	create(ctx context.Context, user string, b badge) (token string, err error)
	read(ctx context.Context, token string) (badge, error) // errGone without one
	keep(ctx context.Context, token string) error          // what a request does to keep a session alive
	destroy(ctx context.Context, token string) error
	destroyAll(ctx context.Context, user string) error
	elevate(ctx context.Context, token, user string, b badge) (string, error) // a privilege was gained
	demote(ctx context.Context, user, role string) error                      // and lost, in all sessions
	listed(ctx context.Context, user string) (int, error)                     // what is in the index
}

// seed is the session code of the seed, request by request.
type seed struct{ doer upstash.Doer }

type seedData struct {
	UserID   string         `json:"userId"`
	Email    string         `json:"email"`
	Role     string         `json:"role"`
	Metadata map[string]any `json:"metadata,omitempty"`
}

func (s seed) create(ctx context.Context, user string, b badge) (string, error) {
	id := (rand.Text() + rand.Text())[:32] // as long as nanoid(32)
	text, err := json.Marshal(seedData{user, b.Email, b.Role, map[string]any{"number": b.Number}})
	if err != nil {
		return "", err
	}
	if _, err := upstash.Exec(ctx, s.doer, command.SetWith("session:"+id, string(text), command.SetOptions{TTL: week})); err != nil {
		return "", err
	}
	if _, err := upstash.Exec(ctx, s.doer, command.SAdd("user-sessions:"+user, id)); err != nil {
		return "", err
	}
	_, err = upstash.Exec(ctx, s.doer, command.Expire("user-sessions:"+user, week))
	return id, err
}

// get reads as the JavaScript SDK does: what is JSON is parsed, numbers as
// float64, and what is not JSON is returned as the text that it is.
func (s seed) get(ctx context.Context, id string) (data seedData, found bool, err error) {
	text, err := upstash.Exec(ctx, s.doer, command.Get("session:"+id))
	if errors.Is(err, upstash.ErrNil) {
		return data, false, nil
	}
	if err != nil {
		return data, false, err
	}
	if json.Unmarshal([]byte(text), &data) != nil {
		data.UserID = "undefined" // the property that a text does not have
	}
	return data, true, nil
}

func (s seed) read(ctx context.Context, id string) (badge, error) {
	data, found, err := s.get(ctx, id)
	if err != nil {
		return badge{}, err
	}
	if !found {
		return badge{}, errGone
	}
	number, _ := data.Metadata["number"].(float64)
	return badge{data.Email, data.Role, int64(number)}, nil
}

func (s seed) keep(ctx context.Context, id string) error {
	_, err := upstash.Exec(ctx, s.doer, command.Expire("session:"+id, week))
	return err // the reply is not looked at
}

func (s seed) destroy(ctx context.Context, id string) error {
	data, found, err := s.get(ctx, id)
	if err != nil {
		return err
	}
	if found {
		if _, err := upstash.Exec(ctx, s.doer, command.SRem("user-sessions:"+data.UserID, id)); err != nil {
			return err
		}
	}
	_, err = upstash.Exec(ctx, s.doer, command.Del("session:"+id))
	return err
}

func (s seed) destroyAll(ctx context.Context, user string) error {
	ids, err := upstash.Exec(ctx, s.doer, command.SMembers("user-sessions:"+user))
	if err != nil || len(ids) == 0 {
		return err
	}
	var pipeline upstash.Batch
	for _, id := range ids {
		pipeline.Commands = append(pipeline.Commands, command.Del("session:"+id).Args())
	}
	pipeline.Commands = append(pipeline.Commands, command.Del("user-sessions:"+user).Args())
	_, err = s.doer.Do(ctx, pipeline)
	return err
}

// elevate: the seed has nothing for it; this is what can be made of what it has.
func (s seed) elevate(ctx context.Context, id, user string, b badge) (string, error) {
	if err := s.destroy(ctx, id); err != nil {
		return "", err
	}
	return s.create(ctx, user, b)
}

// demote: the seed has nothing for it, and sessions keep their copy of the role.
func (seed) demote(context.Context, string, string) error { return nil }

func (s seed) listed(ctx context.Context, user string) (int, error) {
	n, err := upstash.Exec(ctx, s.doer, command.SCard("user-sessions:"+user))
	return int(n), err
}

// ours is this package in the place of the seed's code.
type ours struct{ m *session.Manager[badge] }

func oursOver(t *testing.T, srv *upstashtest.Server, d upstash.Doer) ours {
	t.Helper()
	return ours{managerOver[badge](t, srv, d, session.Options{Secret: secret, Idle: week, Absolute: 4 * week})}
}

func gone(err error) error {
	if session.SignedOut(err) {
		return errGone
	}
	return err
}

func (o ours) create(ctx context.Context, user string, b badge) (string, error) {
	s, err := o.m.Create(ctx, user, b)
	if err != nil {
		return "", err
	}
	return string(s.Token()), nil
}

func (o ours) read(ctx context.Context, token string) (badge, error) {
	s, err := o.m.Peek(ctx, session.Token(token))
	if err != nil {
		return badge{}, gone(err)
	}
	return s.Data, nil
}

func (o ours) keep(ctx context.Context, token string) error {
	_, err := o.m.Get(ctx, session.Token(token))
	return gone(err)
}

func (o ours) destroy(ctx context.Context, token string) error {
	return o.m.Destroy(ctx, session.Token(token))
}

func (o ours) destroyAll(ctx context.Context, user string) error { return o.m.DestroyAll(ctx, user) }

func (o ours) elevate(ctx context.Context, token, user string, b badge) (string, error) {
	s, err := o.m.Get(ctx, session.Token(token))
	if err != nil {
		return "", gone(err)
	}
	if s, err = o.m.Rotate(ctx, s, user, func(data *badge) error { *data = b; return nil }); err != nil {
		return "", err
	}
	return string(s.Token()), nil
}

func (o ours) demote(ctx context.Context, user, role string) error {
	_, err := o.m.UpdateAll(ctx, user, func(b *badge) error { b.Role = role; return nil })
	return err
}

// listed looks at the index itself: what stands in the hash, dead or alive.
func (o ours) listed(ctx context.Context, user string) (int, error) { return o.m.Count(ctx, user) }
