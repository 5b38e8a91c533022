package session_test

import (
	"context"
	"errors"

	"github.com/seed-9937a0e6/upstash-go/session"
)

// The flash values of the model: one name, under which the same text is left
// each time, so that an AddFlash changes something only where none waits.
const flashName = "notice"

func (p *player) addFlash(ctx context.Context, s *session.Session[int]) (string, error) {
	want, current := p.expectWrite(s), p.isCurrent(s)
	if _, waiting := s.Flash()[flashName]; waiting && !errors.Is(want, session.ErrExpired) { // nothing to write, as far as s knows
		_, err := p.m.AddFlash(ctx, s, flashName, "sent")
		return "AddFlash again", wants(nil, err)
	}
	f := none
	if !errors.Is(want, session.ErrExpired) {
		f = p.fault()
	}
	p.due = p.writes(s, want, f, false)
	there := want == nil && p.lives[p.target(s.ID)].flash
	if p.due > 1 && there { // the last conflict brings it
		p.due--
	}
	got, err := p.m.AddFlash(ctx, s, flashName, "sent")
	if want == nil && (f == none || f == repeated || f == lost && current) && !there {
		p.wrote(s.ID).flash = true
	}
	return p.wroteFlash("AddFlash", got, want, err, f)
}

func (p *player) takeFlash(ctx context.Context, s *session.Session[int]) (string, error) {
	want, current := p.expectWrite(s), p.isCurrent(s)
	if _, waiting := s.Flash()[flashName]; !waiting && !errors.Is(want, session.ErrExpired) {
		_, found, _, err := p.m.TakeFlash(ctx, s, flashName)
		if err == nil && found {
			err = errors.New("found what is not there")
		}
		return "TakeFlash of nothing", wants(nil, err)
	}
	f := none
	if !errors.Is(want, session.ErrExpired) {
		f = p.fault()
	}
	p.due = p.writes(s, want, f, false)
	there := want == nil && p.lives[p.target(s.ID)].flash
	if p.due > 1 && want == nil && !there { // somebody else took it
		p.due--
	}
	text, found, got, err := p.m.TakeFlash(ctx, s, flashName)
	if there && (f == none || f == repeated || f == lost && current) {
		p.wrote(s.ID).flash = false
	}
	if err == nil && (found != there || found != (text == "sent")) {
		return "TakeFlash", errors.New("it is found twice, or not at all")
	}
	return p.wroteFlash("TakeFlash", got, want, err, f)
}

// wroteFlash looks at what a change of flash values answered.
func (p *player) wroteFlash(name string, got *session.Session[int], want, err error, f fault) (string, error) {
	if f == dropped || f == lost {
		return name + ", failed", wants(session.ErrUnavailable, err)
	}
	if err := wants(want, err); err != nil || want != nil {
		return name, err
	}
	p.tokens = append(p.tokens, got)
	return name, p.same(got)
}
