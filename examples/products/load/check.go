package load

import "slices"

// Ticks order what callers did: every request takes one when it begins and one
// when it is answered.
type tick = int64

// read is a request that only looks, and what it got.
type read struct {
	path       string
	begin, end tick
	answer     digest
}

// write is a change and how it was answered.
type write struct {
	begin tick
	acked tick // when it was answered with success; 0 if it was not
}

// verdict judges reads of one path.
type verdict struct {
	states []state
	writes []write   // of each state, by its place
	acks   []ackedAt // by tick
}

// ackedAt says from when on no state before this one may be shown.
type ackedAt struct {
	at    tick
	floor int
}

// newVerdict puts states and writes together. Of a change that nobody was
// answered about, or that was there from the beginning, the write is zero.
func newVerdict(states []state, writes map[int]write) *verdict {
	v := &verdict{states: states}
	for place, s := range states {
		w := writes[s.change]
		v.writes = append(v.writes, w)
		if w.acked > 0 {
			v.acks = append(v.acks, ackedAt{w.acked, place})
		}
	}
	slices.SortFunc(v.acks, func(a, b ackedAt) int { return int(a.at - b.at) })
	for i := 1; i < len(v.acks); i++ {
		v.acks[i].floor = max(v.acks[i].floor, v.acks[i-1].floor)
	}
	return v
}

// judge says whether an answer is stale, or wrong. It is neither when the path
// had that answer at some time between the last change that was acknowledged
// before the read began and the read's end.
func (v *verdict) judge(r read) (stale, wrong bool) {
	i, _ := slices.BinarySearchFunc(v.acks, r.begin, func(a ackedAt, t tick) int { return int(a.at - t) })
	floor := 0
	if i > 0 {
		floor = v.acks[i-1].floor
	}
	for place, s := range slices.Backward(v.states) {
		if s.answer == r.answer && v.writes[place].begin < r.end {
			return place < floor, false
		}
	}
	return false, true
}
