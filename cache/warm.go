package cache

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"
)

// WarmOptions is how a [View.Warm] goes about it. Every field may stay zero.
type WarmOptions struct {
	// DryRun reads what is stored, writes nothing and asks no loader. The report
	// is an estimate of what the warm-up would take; EntryBytes is the size of
	// an entry where none is stored to go by. Default 1 KiB.
	DryRun     bool
	EntryBytes int

	// Progress is told of every batch that is finished, on the goroutine of the
	// call: the place to keep [WarmReport.After] for a later After.
	Progress func(soFar WarmReport)

	// After is where an earlier warm-up over the same keys ended: the report's
	// After. All keys up to it are passed over.
	After string

	// BatchKeys is how many keys are loaded at a time, and BatchBytes what a
	// request and a batch's values take at most, roughly: entries are as large
	// as those before them, and the first batch goes by BatchKeys alone.
	// Defaults 1,000 keys, the most that one command reads here, and 8 MiB, with
	// which a request stays below the limit of the smallest plan.
	BatchKeys  int
	BatchBytes int

	// Force loads also what is still fresh.
	Force bool
}

const (
	defaultBatchBytes = 8 << 20
	defaultEntryBytes = 1 << 10
)

// WarmReport is what a warm-up did, so far or in all, or what it would do.
type WarmReport struct {
	Keys      int  // looked at
	Fresh     int  // of them, those that were left as they are
	Stored    int  // entries stored, remembered absences too
	Absent    int  // what the source does not have
	Overtaken int  // not stored: meanwhile somebody else stored or deleted them
	Refused   int  // loaded, and too large or without a stored form; see [Options.OnError]
	Batches   int  // calls of the loader
	Bytes     int  // of the entries that were stored
	Cost      Cost // round trips and billed commands

	// After is the last key of the last batch that is finished. With a warm-up
	// that was cut short, WarmOptions.After takes it up there.
	After string

	// Estimated says that nothing was written: Stored, Batches, Bytes and Cost
	// are what the warm-up would take if the source has everything.
	Estimated bool
}

// Warm loads and stores what is not fresh, for example at a deployment. It works
// through keys in batches: one command to see what is stored, one call of the
// loader, one pipeline to store. The keys come in the same order each time, if
// After is to mean something.
//
// For m keys that are not fresh, in b batches of up to 1,000, that takes three
// round trips for each batch as long as its entries fit one request, and
// m + 2b billed commands, and one for each tag that is used the first time. It
// does not take a lease for each key, as callers of GetOrLoad do: those who need a
// key meanwhile load it themselves, and what they store stays. A server without
// the conditional forms takes a round trip for each entry.
//
// The promise of [View.GetOrLoad] holds: an Invalidate, a Delete or a Set while
// the warm-up runs is not undone by it.
//
// It ends at the first failure of the loader or of Redis; its report says how far
// it came, and a process that crashed passes over what it stored, because that is
// fresh. The loader has until ctx ends. [NoStore] and [ErrNotModified] have no
// meaning in it; [StoreFor] and [WatchTags] hold for its batch.
func (v *View[T]) Warm(ctx context.Context, keys iter.Seq[string], load ManyLoader[T], o WarmOptions, opts ...Option) (WarmReport, error) {
	info := infoOf(opts)
	switch {
	case v.cache == nil:
		return WarmReport{}, errNoView
	case load == nil && !o.DryRun:
		return WarmReport{}, errors.New("cache: the loader is nil")
	case o.BatchKeys < 0 || o.BatchBytes < 0 || o.EntryBytes < 0:
		return WarmReport{}, errors.New("cache: a size is negative: expected 0 for the default, or more")
	}
	orDefault(&o.BatchKeys, maxMany)
	orDefault(&o.BatchBytes, defaultBatchBytes)
	orDefault(&o.EntryBytes, defaultEntryBytes)
	o.BatchKeys = min(o.BatchKeys, maxMany)
	w := &warmUp[T]{view: v, options: o, load: load, opts: opts, info: info, stamps: map[string]bool{}}
	w.report.Estimated, w.report.After = o.DryRun, o.After
	passing := o.After != ""
	var batch []string
	for key := range keys {
		if passing {
			passing = key != o.After
			continue
		}
		if batch = append(batch, key); len(batch) >= w.batchKeys() {
			if err := w.next(ctx, batch); err != nil {
				return w.report, err
			}
			batch = nil
		}
	}
	switch {
	case passing:
		return w.report, errors.New("cache: WarmOptions.After is none of the keys: start without it, what is fresh is passed over all the same")
	case len(batch) > 0:
		return w.report, w.next(ctx, batch)
	}
	return w.report, nil
}

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
	for from := 0; from < len(s.steps); {
		to, bytes := from, 0
		for to < len(s.steps) && (to == from || bytes+len(s.steps[to].text) <= w.options.BatchBytes) {
			bytes += len(s.steps[to].text)
			to++
		}
		done, err := s.wire.swap(ctx, s.steps[from:to], nil)
		for at, step := range s.steps[from:to] {
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
		from = to
	}
	return nil
}
