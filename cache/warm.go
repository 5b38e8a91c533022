package cache

import (
	"context"
	"errors"
	"iter"
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
