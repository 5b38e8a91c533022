package cache

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// warmUp is one call of Warm.
type warmUp[T any] struct {
	view    *View[T]
	options WarmOptions
	load    ManyLoader[T]
	opts    []Option
	info    *Info
	report  WarmReport
	stamps  map[string]bool // that a dry run has counted
	sizes   int             // bytes of the entries seen
	sized   int             // and their number
}

// batchKeys is how many keys the next batch takes.
func (w *warmUp[T]) batchKeys() int {
	if w.sized == 0 {
		return w.options.BatchKeys
	}
	return min(max(w.options.BatchBytes/max(w.entryBytes(), 1), 1), w.options.BatchKeys)
}

func (w *warmUp[T]) entryBytes() int {
	if w.sized == 0 {
		return w.options.EntryBytes
	}
	return w.sizes / w.sized
}

func (w *warmUp[T]) size(entry string) {
	w.sizes += len(entry)
	w.sized++
}

// next warms one batch.
func (w *warmUp[T]) next(ctx context.Context, keys []string) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("cache: warming: %w", context.Cause(ctx))
	}
	m, err := w.view.many(keys, w.opts)
	if err != nil {
		return err
	}
	m.wire = w.view.cache.wire(&w.report.Cost)
	items, err := w.pick(ctx, m)
	if err == nil && len(items) > 0 {
		if w.options.DryRun {
			w.estimate(items)
		} else {
			err = w.warm(ctx, m.wire, items)
		}
	}
	w.info.Cost = w.report.Cost
	if err != nil {
		return err
	}
	w.report.Keys += len(m.items)
	w.report.Fresh += len(m.items) - len(items)
	w.report.After = keys[len(keys)-1]
	if w.options.Progress != nil {
		w.options.Progress(w.report)
	}
	return nil
}

// pick looks at a batch and returns what is to be loaded.
func (w *warmUp[T]) pick(ctx context.Context, m *many[T]) (items []*item[T], err error) {
	for _, i := range m.items {
		i.call.early = 0
	}
	for part := range inRequests(m.items) {
		if err := w.view.lookAtRedis(ctx, m.wire, part); err != nil {
			return nil, err
		}
	}
	for _, i := range m.items {
		if s := i.seen; s.valid && !s.doc.Header.Lease && !s.doc.Header.Negative {
			w.size(s.text)
		}
		switch i.old.standing {
		case fresh, negative:
			if w.options.Force && !i.seen.isForeign(i.old.standing) {
				items = append(items, i)
			}
		case absent, early, stale, expired:
			items = append(items, i)
		}
	}
	return items, nil
}

// estimate adds what items would take if they were warmed.
func (w *warmUp[T]) estimate(items []*item[T]) {
	r, bytes, first := &w.report, len(items)*w.entryBytes(), 0
	for _, stamp := range newStampsOf(w.view.cache.wire(new(Cost)), items).missing {
		if !w.stamps[stamp] {
			w.stamps[stamp] = true
			first++
		}
	}
	if slices.ContainsFunc(items, func(i *item[T]) bool { return !i.seen.exists }) {
		first++
	}
	if first > 0 {
		r.Cost.RoundTrips++
	}
	r.Cost.RoundTrips += 1 + bytes/w.options.BatchBytes
	r.Cost.Commands += first + len(items)
	r.Stored += len(items)
	r.Batches++
	r.Bytes += bytes
}

// warm loads items and stores them over what was seen.
func (w *warmUp[T]) warm(ctx context.Context, wire *wire, items []*item[T]) error {
	all := len(items)
	items, err := watchMany(ctx, wire, items)
	w.report.Overtaken += all - len(items)
	if err != nil || len(items) == 0 {
		return errors.Join(err, w.giveUp(ctx, wire, items, err))
	}
	keys := make([]string, len(items))
	for at, i := range items {
		keys[at] = i.key
	}
	task := &task{wire: wire, call: items[0].call}
	wire.count(&wire.stats.loads)
	w.report.Batches++
	start := time.Now()
	got, err := askMany(context.WithValue(ctx, taskKey{}, task), keys, items, w.load)
	took := time.Since(start)
	task.finish()
	if err != nil {
		wire.count(&wire.stats.loadErrors)
		return errors.Join(err, w.giveUp(ctx, wire, items, err))
	}
	s := settlement[T]{wire: wire, task: task, took: took}
	for _, i := range items {
		s.add(i, got, nil)
	}
	for _, err := range s.errs {
		wire.report(ctx, err)
	}
	w.report.Absent += len(items) - len(got.values)
	w.report.Refused += len(s.errs)
	return w.store(ctx, &s)
}

// giveUp takes the marks of a batch away, whether or not ctx has ended.
func (w *warmUp[T]) giveUp(ctx context.Context, wire *wire, items []*item[T], err error) error {
	after, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaseMargin)
	defer cancel()
	s := settlement[T]{wire: wire, task: new(task)}
	for _, i := range items {
		s.add(i, answer[T]{}, err)
	}
	return s.settle(after)
}

// store sends what is to be stored, in requests of at most BatchBytes.
func (w *warmUp[T]) store(ctx context.Context, s *settlement[T]) error {
	defer s.wire.forgetNearby(s.keys...)
	w.report.Overtaken += len(s.fills)
	for steps := s.steps; len(steps) > 0; {
		n, bytes := 0, 0
		for n < len(steps) && (n == 0 || bytes+len(steps[n].text) <= w.options.BatchBytes) {
			bytes += len(steps[n].text)
			n++
		}
		done, err := s.wire.swap(ctx, steps[:n], nil)
		for at, step := range steps[:n] {
			if done[at] && step.text != "" {
				w.size(step.text)
				w.report.Bytes += len(step.text)
				w.report.Stored++
				w.report.Overtaken--
			}
		}
		if err != nil {
			return fmt.Errorf("cache: storing a batch: %w", err)
		}
		steps = steps[n:]
	}
	return nil
}
