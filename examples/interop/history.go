package main

import (
	"math/rand/v2"
	"strconv"
)

const startMS = 1_700_000_003_123

// history makes up turns: what is asked in the same millisecond, of different
// identifiers, so that the order within a turn does not matter.
type history struct {
	limiting
	rng *rand.Rand
	now int64
}

const (
	identifiers, turnSize = 26, 20
	span                  = 1000 // milliseconds, about a window
)

func (h *history) next() []limitCall {
	h.now += h.rng.Int64N(span / 6)
	if h.rng.IntN(60) == 0 {
		h.now += h.rng.Int64N(4 * span)
	}
	if h.everything && h.rng.IntN(25) == 0 { // it concerns all identifiers, so it is a turn of its own
		if h.rng.IntN(2) == 0 {
			return []limitCall{{Op: "getDynamicLimit"}}
		}
		limit := h.rng.Int64N(2 * h.most) // 0 takes it away
		return []limitCall{{Op: "setDynamicLimit", N: &limit}}
	}
	var calls []limitCall
	for _, id := range h.rng.Perm(identifiers)[:turnSize] {
		calls = append(calls, h.call("u"+strconv.Itoa(id)))
	}
	return calls
}

func (h *history) call(id string) limitCall {
	switch n := int64(0); h.rng.IntN(40) {
	case 0, 1, 2:
		return limitCall{Op: "getRemaining", ID: id}
	case 3:
		return limitCall{Op: "resetUsedTokens", ID: id}
	case 4:
		return limitCall{Op: "limit", ID: id, N: &n}
	case 5, 6:
		n = -1 - h.rng.Int64N(h.most) // a refund
		return limitCall{Op: "limit", ID: id, N: &n}
	case 7, 8:
		n = 1 + h.rng.Int64N(h.most+2) // also more than there can be
		return limitCall{Op: "limit", ID: id, N: &n}
	case 9, 10, 11, 12:
		return limitCall{Op: "limit", ID: id}
	default:
		n = 1 + h.rng.Int64N(1+h.most/5)
		return limitCall{Op: "limit", ID: id, N: &n}
	}
}
