package cache

import (
	"errors"
	"time"
)

// outcome is what became of a load of one key, and of writing its value.
type outcome struct {
	body           body
	encodeErr, err error // ErrNotFound says that there is no such thing
	took           time.Duration
}

// act is what a lease is used for when the load has ended.
type act uint8

const (
	release act = iota // it is given back, and what is stored stays
	drop               // what is stored goes
	store              // the document is stored
)

// verdict says how a load ends, the same for one key and for each of many.
type verdict struct {
	act act
	doc document
	ttl time.Duration
	err error // why there is nothing to store
}

// conclude decides what becomes of a load's outcome, with what its loader said.
func (w *wire) conclude(call call, t *task, stamps stamps, o outcome) verdict {
	call.ttl = t.ttlOr(call.ttl)
	switch {
	case errors.Is(o.err, ErrNotFound) && call.negativeTTL > 0 && !t.noStore:
		call.ttl = call.negativeTTL
		doc := w.document(call, stamps, absence, o.took)
		doc.Header.Negative = true
		return verdict{act: store, doc: doc, ttl: call.ttl}
	case errors.Is(o.err, ErrNotFound):
		return verdict{act: drop}
	case o.err != nil || t.noStore:
		return verdict{act: release}
	case o.encodeErr != nil:
		return verdict{act: release, err: o.encodeErr}
	default:
		return verdict{act: store, doc: w.document(call, stamps, o.body, o.took), ttl: call.hard()}
	}
}
