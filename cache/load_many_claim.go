package cache

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// claimMany asks, in one request, for the leases of items. It returns those to
// be loaded now, with a lease or, where Redis failed, without; and those that
// somebody else has.
func claimMany[T any](ctx context.Context, w *wire, items []*item[T]) (mine, others []*item[T]) {
	c := claimOfMany[T]{wire: w, stamps: newStampsOf(w, items)}
	for _, i := range items {
		i.lease = lease{}
		switch {
		case !i.seen.looked || i.tries >= maxLooks:
			mine = append(mine, i)
		case i.seen.valid && i.seen.doc.Header.Lease:
			i.tries = 0
			others = append(others, i)
		default:
			c.items = append(c.items, i)
		}
	}
	if len(c.items) == 0 {
		return mine, others
	}
	err := c.bid(ctx)
	w.report(ctx, err)
	var back []step // leases beside what has changed meanwhile
	for at, i := range c.items {
		switch came := c.came(at, err); {
		case came == won:
			i.lease = c.leases[at]
			i.lease.stamps = c.stamps.of(i.seen.stamps, i.call.tags)
			mine = append(mine, i)
		case err != nil: // the source is there all the same
			mine = append(mine, i)
		default:
			if came == changed {
				i.tries++
			}
			if b := c.beside[at]; b != nil && b.took.Val() {
				back = append(back, w.giveBackSteps(c.leases[at])...)
			}
			others = append(others, i)
		}
	}
	if len(back) > 0 {
		_, err := w.swap(ctx, back, nil)
		w.report(ctx, err)
	}
	return mine, others
}

// claimOfMany is one request for leases.
type claimOfMany[T any] struct {
	*wire

	stamps *stampsOfMany
	items  []*item[T]
	leases []lease
	inNX   []*pipeline.Queued[bool] // a placeholder where nothing is
	beside []*besideBid             // a lease beside a value
	over   []int                    // 1 + the index of a placeholder over what is invalid
	done   []bool                   // of those
}

type besideBid struct {
	took *pipeline.Queued[bool]
	now  *pipeline.Queued[string]
}

func (c *claimOfMany[T]) bid(ctx context.Context) error {
	n := len(c.items)
	c.leases, c.inNX, c.beside, c.over = make([]lease, n), make([]*pipeline.Queued[bool], n), make([]*besideBid, n), make([]int, n)
	steps := make([]step, n)
	var overs []step
	for at, i := range c.items {
		l := lease{key: i.call.key}
		if i.seen.mayStay(i.call) {
			l.over, l.token = holds(i.seen), c.newID()
			c.leases[at] = l
			continue
		}
		proposed := c.stamps.of(i.seen.stamps, i.call.tags)
		doc := document{Value: null, Header: &header{
			Version: entryVersion, ID: c.newID(), Lease: true, Created: time.Now().UnixMilli(),
			Delta: i.call.expected().Milliseconds(), Epoch: proposed.epoch, Stamps: proposed.tags,
		}}
		text, err := doc.encode()
		if err != nil {
			return err
		}
		l.over = holds(sight{text: text, doc: doc})
		c.leases[at] = l
		steps[at] = step{key: c.entryKey(l.key), old: holds(i.seen), absent: !i.seen.exists, text: text, ttl: c.leaseTTL()}
		if i.seen.exists {
			overs = append(overs, steps[at])
			c.over[at] = len(overs)
		}
	}
	var made []*pipeline.Queued[command.Null[string]]
	var err error
	c.done, err = c.swap(ctx, overs, func(p *pipeline.Pipeline) {
		made = queue(p, c.stamps.init) // first, as for one key
		for at := range c.items {
			switch l := c.leases[at]; {
			case l.token != "":
				c.beside[at] = &besideBid{
					p.SetWith(c.leaseKey(l.key), l.token, command.SetOptions{If: command.Absent, TTL: c.leaseTTL()}),
					p.Get(c.entryKey(l.key)),
				}
			case c.over[at] == 0:
				c.inNX[at] = pipeline.Queue(p, steps[at].cmd())
			}
		}
	})
	c.stamps.settle(made)
	return err
}

// came says what came of one bid. One whose fate is not known counts as won: the
// fill finds out.
func (c *claimOfMany[T]) came(at int, err error) bid {
	yes := func(done bool) bid {
		if done || upstash.OutcomeUnknown(err) {
			return won
		}
		return changed
	}
	switch b := c.beside[at]; {
	case c.inNX[at] != nil:
		return yes(c.inNX[at].Val())
	case b == nil:
		return yes(c.over[at] > 0 && c.done[c.over[at]-1])
	case upstash.OutcomeUnknown(err):
		return won
	case b.now.Val() != c.items[at].seen.text || errors.Is(b.now.Err(), upstash.ErrNil):
		return changed
	case b.took.Val():
		return won
	default:
		return busy
	}
}

// stampsOfMany are the stamps that several keys need and that were absent.
type stampsOfMany struct {
	made    stamps
	missing []string
	init    []command.Cmd[command.Null[string]]
}

// newStampsOf proposes one stamp for each that any of the items found absent.
func newStampsOf[T any](w *wire, items []*item[T]) *stampsOfMany {
	known, tags := stamps{epoch: "known"}, map[string]bool{}
	for _, i := range items {
		if !i.seen.looked {
			continue
		}
		if i.seen.stamps.epoch == "" {
			known.epoch = ""
		}
		for _, tag := range i.call.tags {
			if i.seen.stamps.tags[tag] == "" {
				tags[tag] = true
			}
		}
	}
	s := new(stampsOfMany)
	s.made, s.missing, s.init = w.propose(known, slices.Sorted(maps.Keys(tags)))
	return s
}

// settle takes over what was found where somebody else was faster.
func (s *stampsOfMany) settle(made []*pipeline.Queued[command.Null[string]]) {
	if len(made) == len(s.missing) {
		s.made = s.made.settle(s.missing, made)
	}
}

// of are the stamps of one key: those that were seen, and the new ones.
func (s *stampsOfMany) of(seen stamps, tags []string) stamps {
	own := seen.only(tags)
	if own.epoch == "" {
		own.epoch = s.made.epoch
	}
	for tag, stamp := range own.tags {
		if stamp == "" {
			own.tags[tag] = s.made.tags[tag]
		}
	}
	return own
}
