package cache

import (
	"math"
	"time"
)

// standing is what a stored entry is worth to a call at an instant.
type standing uint8

const (
	absent   standing = iota // nothing that this call can use
	fresh                    // within its TTL
	early                    // within its TTL, and chosen to be refreshed before it ends
	stale                    // past its TTL: served while it is refreshed
	expired                  // past that too: served when the loader fails
	negative                 // the source has no such thing
)

// found is an entry as a call sees it.
type found[T any] struct {
	value    T
	standing standing
	age      time.Duration
	body     body
}

// judge says what was seen is worth. Fresh or stale is a matter of clocks: of
// who stored the entry and of who reads it. Valid or not never is.
func judge[T any](w *wire, s *sight, c call) found[T] {
	if c.bare && s.exists {
		value, ok := bareValue[T](c, s.text)
		if !ok {
			w.count(&w.stats.undecodable)
			return found[T]{}
		}
		return found[T]{value: value, standing: fresh}
	}
	if c.foreign && s.exists && s.doc.Header == nil {
		value, ok := foreignValue[T](c, s.text)
		if ok {
			return found[T]{value: value, standing: fresh}
		}
	}
	if !s.valid || s.doc.Header.Lease {
		return found[T]{}
	}
	return open[T](w, s, c)
}

func open[T any](w *wire, s *sight, c call) found[T] {
	h := s.doc.Header
	now := time.Now()
	f := found[T]{age: max(0, now.Sub(time.UnixMilli(h.Created))), body: body{s.doc.Value, s.doc.Meta}}
	if h.Codec != c.codec.Name() || h.Type != c.typeName {
		s.spoiled = true
		return found[T]{}
	}
	past := now.Sub(time.UnixMilli(h.Fresh))
	if h.Fresh == 0 { // as long as Redis keeps it
		past = -1
	}
	if h.Negative {
		if f.standing = negative; past >= 0 {
			return found[T]{}
		}
		return f
	}
	var ok bool
	if f.value, ok = decodeValue[T](c, s.doc.Value, s.doc.Meta); !ok {
		s.spoiled = true
		w.count(&w.stats.undecodable)
		return found[T]{}
	}
	switch {
	case past < 0 && w.refreshEarly(h, c, past):
		f.standing = early
	case past < 0:
		f.standing = fresh
	case past < c.whileStale:
		f.standing = stale
	case past < c.ifError:
		f.standing = expired
	default:
		return found[T]{body: f.body}
	}
	return f
}

// refreshEarly throws the dice of XFetch (Vattani, Chierichetti, Lowenstein:
// "Optimal Probabilistic Cache Stampede Prevention", 2015): an entry that took
// long to load, and ends soon, is refreshed by one of its readers before all of
// them miss it. past is how long ago its TTL ended, negative as long as it lasts.
func (c *Cache) refreshEarly(h *header, call call, past time.Duration) bool {
	if call.early <= 0 || h.Delta <= 0 {
		return false
	}
	gap := -math.Log(1-c.random()) * call.early * float64(h.Delta) // 1-x is never 0
	return float64(-past.Milliseconds()) <= gap
}

// served makes the info of a stored value.
func (f found[T]) served(i *Info) T {
	i.Age = f.age
	switch f.standing {
	case stale, expired:
		i.State = Stale
	case negative:
		i.State = Negative
	case absent, fresh, early:
		i.State = Hit
	}
	return f.value
}
