package cache

import (
	"context"
	"slices"
	"time"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
)

// Explanation says why a key is a hit or a miss; see [View.Explain]. It holds
// neither the value nor a stamp. Times are by this process's clock, rounded to
// milliseconds.
type Explanation struct {
	// State is what GetOrLoad would find: [Hit], [Stale], [Negative] or
	// [Missed]; and Reason says why, in a few words.
	State  State
	Reason string

	Exists bool // something is stored under the key
	Entry  bool // it is an entry, or a placeholder, of this package
	Bytes  int  // of it

	// Namespace is the stamp that Purge deletes, Tags those of the entry and of
	// the reader, by name.
	Namespace Stamp
	Tags      []Stamp

	Age      time.Duration // since it was stored
	FreshFor time.Duration // of its TTL; negative when it is past
	KeptFor  time.Duration // until Redis drops it; 0 for without end
	Took     time.Duration // to load

	Lease Leased // who is loading it

	// Codec and Type are what the entry was stored with, empty where there is
	// no value, and WantCodec and WantType what the view reads.
	Codec, WantCodec string
	Type, WantType   string

	// Next is what the next GetOrLoad costs. Where somebody else has the lease it
	// is what the first look costs; waiting takes a command for each look more.
	Next Cost
}

// Stamp compares what an entry carries with what is valid now.
type Stamp struct {
	Tag      string // empty for the namespace's
	Declared bool   // the reader declares the tag
	Carried  bool   // the entry carries it
	Present  bool   // it is there: absent, everything that carries it is invalid
	Equal    bool   // both are the same
}

// Leased says who is loading a key, as far as can be seen.
type Leased struct {
	InPlace bool          // the key holds a placeholder
	Beside  bool          // a key beside the value keeps others from refreshing it
	For     time.Duration // how long so far
	Left    time.Duration // until it expires, if its holder has crashed
}

// Explain says what is stored under a key and what a GetOrLoad with the same
// options would do, for a person who asks why. It changes nothing, and does not
// look into [Options.Memory]. Two round trips and three billed commands, and one
// of each more for an entry with tags that are not declared.
func (v *View[T]) Explain(ctx context.Context, key string, opts ...Option) (Explanation, error) {
	c, err := v.call(key, opts)
	if err != nil {
		return Explanation{}, err
	}
	w := v.cache.wire(&c.info.Cost)
	seen, err := w.look(c.context(ctx), c)
	if err != nil {
		return Explanation{}, err
	}
	p := pipeline.New(w.doer)
	kept, lease := p.PTTL(w.entryKey(c.key)), p.PTTL(w.leaseKey(c.key))
	if err := p.Exec(c.context(ctx)); err != nil {
		return Explanation{}, err
	}
	e := Explanation{
		Exists: seen.exists, Entry: seen.doc.Header != nil, Bytes: len(seen.text),
		Namespace: Stamp{Declared: true, Present: seen.stamps.epoch != ""},
		WantCodec: c.codec.Name(), WantType: c.typeName, KeptFor: kept.Val().V,
	}
	if left := lease.Val(); left.Valid && left.V > 0 {
		e.Lease = Leased{Beside: true, Left: left.V, For: max(0, w.leaseTTL()-left.V)}
	}
	e.compare(seen, c.tags)
	if h := seen.doc.Header; h != nil {
		e.Codec, e.Type, e.Took = h.Codec, h.Type, time.Duration(h.Delta)*time.Millisecond
		e.Age = max(0, time.Since(time.UnixMilli(h.Created))).Round(time.Millisecond)
		if h.Fresh > 0 {
			e.FreshFor = time.Until(time.UnixMilli(h.Fresh)).Round(time.Millisecond)
		}
		if seen.valid && h.Lease {
			e.Lease = Leased{InPlace: true, For: e.Age, Left: e.KeptFor}
		}
	}
	c.early = 0
	f := judge[T](w, &seen, c)
	e.conclude(seen, f.standing)
	e.price(seen, f.standing, c)
	return e, nil
}

// compare lists the stamps of the entry and of the reader.
func (e *Explanation) compare(seen sight, declared []string) {
	tags := slices.Clone(declared)
	h := seen.doc.Header
	if h != nil {
		e.Namespace.Carried, e.Namespace.Equal = h.Epoch != "", h.Epoch != "" && h.Epoch == seen.stamps.epoch
		for tag := range h.Stamps {
			tags = append(tags, tag)
		}
	}
	slices.Sort(tags)
	for _, tag := range slices.Compact(tags) {
		s := Stamp{Tag: tag, Declared: slices.Contains(declared, tag), Present: seen.stamps.tags[tag] != ""}
		if h != nil {
			var stamp string
			stamp, s.Carried = h.Stamps[tag]
			s.Equal = s.Present && stamp == seen.stamps.tags[tag]
		}
		e.Tags = append(e.Tags, s)
	}
}

// conclude names the state and its reason.
func (e *Explanation) conclude(seen sight, what standing) {
	switch what {
	case fresh, early:
		e.State, e.Reason = Hit, "within its TTL"
		if !e.Entry {
			e.Reason = "an entry of another program"
		}
	case stale:
		e.State, e.Reason = Stale, "past its TTL, served while it is refreshed"
	case negative:
		e.State, e.Reason = Negative, "the source does not have it"
	case expired:
		e.Reason = "past its TTL, served only if the loader fails"
	case absent:
		e.Reason = e.whyMissed(seen)
	}
}

func (e *Explanation) whyMissed(seen sight) string {
	switch {
	case !e.Exists:
		return "nothing is stored"
	case !e.Entry:
		return "what is stored is no entry of this package"
	case e.Lease.InPlace:
		return "somebody is loading it"
	case seen.valid && e.Type != e.WantType:
		return "it was stored as another type"
	case seen.valid && e.Codec != e.WantCodec:
		return "it was written by another codec"
	case seen.spoiled:
		return "its value cannot be read"
	case seen.valid:
		return "past its TTL"
	case !e.Namespace.Equal:
		return "the namespace was purged"
	}
	for _, s := range e.Tags {
		switch {
		case !s.Carried:
			return "it lacks a tag that the reader declares"
		case !s.Equal:
			return "a tag was invalidated"
		}
	}
	return "it is not valid"
}

// price says what the next GetOrLoad costs.
func (e *Explanation) price(seen sight, what standing, c call) {
	looks := 1
	if len(undeclared(orEmpty(seen.doc.Header), c.tags)) > 0 {
		looks = 2
	}
	e.Next = Cost{looks, looks}
	leased := e.Lease.InPlace || e.Lease.Beside
	switch {
	case what == fresh || what == negative:
		return
	case leased && what == stale: // one look at the lease beside it
		e.Next.RoundTrips++
		e.Next.Commands += 2
		return
	case leased:
		return
	}
	stamps := 0
	if seen.stamps.epoch == "" {
		stamps++
	}
	for _, tag := range c.tags {
		if seen.stamps.tags[tag] == "" {
			stamps++
		}
	}
	e.Next.RoundTrips += 2
	e.Next.Commands += stamps + 2
	if seen.valid && !seen.spoiled || seen.exists && c.keepInvalid {
		e.Next.Commands += 2 // the lease is beside the value: looked at, and given back
	}
}

func orEmpty(h *header) *header {
	if h == nil {
		return new(header)
	}
	return h
}
