package board

import (
	"math"
	"time"
)

// exactBits is how many bits of whole numbers a float64 holds.
const exactBits = 53

// step numbers an instant.
func (e EarliestFirst) step(at time.Time) int64 {
	since := at.Sub(e.Start)
	if since < 0 {
		return -1
	}
	return int64(since / e.Step)
}

// packing turns a score and a time into the number that Redis compares:
// score*2^bits + what is left of the time, so that less time left, which is
// later, is lower. Without ties bits is 0.
type packing struct{ bits int }

// late is the part below the score at an instant.
func (o Options) late(at time.Time) (int64, error) {
	if o.Ties == nil {
		return 0, nil
	}
	step, steps := o.Ties.step(at), int64(1)<<o.Ties.Bits
	if step < 0 || step >= steps {
		return 0, ErrOutsideSeason
	}
	return steps - 1 - step, nil
}

// fits reports whether a score is exact with all that may be below it.
func (p packing) fits(score int64) bool {
	bound := int64(1) << (exactBits - p.bits)
	return -bound <= score && (score < bound || score == bound && p.bits == 0)
}

func (p packing) pack(score, late int64) float64 { return float64(score<<p.bits + late) }

func (p packing) score(packed float64) int64 { return int64(math.Floor(packed)) >> p.bits }
