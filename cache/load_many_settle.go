package cache

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// settlement is one request that uses the leases of many keys for what the
// loader said, or gives them back.
type settlement[T any] struct {
	wire *wire
	task *task
	took time.Duration

	steps  []step
	fills  []int // of the steps, those that store
	errs   []error
	keys   []string
	stored int
}

// add says what is to be done about one key. An error is one for all of them.
func (s *settlement[T]) add(i *item[T], got answer[T], err error) {
	if !i.lease.holds() {
		return
	}
	w, call := s.wire, i.call
	s.keys = append(s.keys, w.entryKey(call.key))
	if err != nil {
		s.release(i)
		return
	}
	o := outcome{body: got.bodies[i.key], encodeErr: got.encodes[i.key], took: s.took}
	if _, has := got.values[i.key]; !has {
		o.err = ErrNotFound
	}
	stamps := s.task.addTo(i.lease.stamps)
	switch v := w.conclude(call, s.task, stamps, o); v.act {
	case store:
		s.fill(i, v.doc, v.ttl)
	case drop:
		s.write(i.lease, step{key: w.entryKey(call.key), old: i.lease.over})
	default:
		if v.err != nil {
			s.errs = append(s.errs, v.err)
		}
		s.release(i)
	}
}

func (s *settlement[T]) fill(i *item[T], doc document, ttl time.Duration) {
	text, err := doc.encode()
	if err == nil {
		err = s.wire.fits(text)
	}
	if err != nil {
		s.errs = append(s.errs, err)
		s.release(i)
		return
	}
	s.fills = append(s.fills, len(s.steps))
	s.write(i.lease, step{key: s.wire.entryKey(i.lease.key), old: i.lease.over, text: text, ttl: ttl})
}

// release gives a lease back, and what it was taken over stays, unless that is
// its own placeholder.
func (s *settlement[T]) release(i *item[T]) {
	switch l := i.lease; {
	case i.watched:
	case l.token != "":
		s.write(l)
	default:
		s.write(l, step{key: s.wire.entryKey(l.key), old: l.over})
	}
}

func (s *settlement[T]) write(l lease, steps ...step) {
	s.steps = append(s.steps, s.wire.giveBackSteps(l, steps...)...)
}

// settle sends it. What was overtaken is no error.
func (s *settlement[T]) settle(ctx context.Context) error {
	if len(s.steps) > 0 {
		done, err := s.wire.swap(ctx, s.steps, nil)
		s.wire.forgetNearby(s.keys...)
		for _, at := range s.fills {
			switch {
			case done[at]:
				s.stored++
			case err == nil:
				s.wire.count(&s.wire.stats.fillsRejected)
			}
		}
		s.errs = append(s.errs, err)
	}
	if err := errors.Join(s.errs...); err != nil {
		return fmt.Errorf("cache: not all of %d keys were stored: %w", len(s.keys), err)
	}
	return nil
}
