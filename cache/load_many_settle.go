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

// add decides about one key, as wire.settle does for a load of one.
func (s *settlement[T]) add(i *item[T], got answer[T], err error) {
	if !i.lease.holds() {
		return
	}
	w, call := s.wire, i.call
	call.ttl = s.task.ttlOr(call.ttl)
	stamps := s.task.addTo(i.lease.stamps)
	s.keys = append(s.keys, w.entryKey(call.key))
	_, has := got.values[i.key]
	switch encodeErr := got.encodes[i.key]; {
	case encodeErr != nil:
		s.errs = append(s.errs, encodeErr)
		s.release(i)
	case err != nil || s.task.noStore && has:
		s.release(i)
	case has:
		s.fill(i, w.document(call, stamps, got.bodies[i.key], s.took), call.hard())
	case call.negativeTTL > 0 && !s.task.noStore:
		call.ttl = call.negativeTTL
		doc := w.document(call, stamps, absence, s.took)
		doc.Header.Negative = true
		s.fill(i, doc, call.ttl)
	default:
		s.write(i.lease, step{key: w.entryKey(call.key), old: i.lease.over})
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
