package upstashtest

import (
	"strconv"
	"testing"
)

// The counts are what Redis 7.0.15 answers after PFADD of the numbers from 0 on.
func TestSketchCountsAsRedis(t *testing.T) {
	t.Parallel()
	s, n := newSketch(), 0
	for _, want := range []struct {
		added int
		count int64
	}{
		{0, 0}, {1, 1}, {100, 100}, {1000, 1001}, {10_000, 9987}, {300_000, 301_169},
	} {
		for ; n < want.added; n++ {
			s.add(strconv.Itoa(n))
		}
		if got := s.count(); got != want.count {
			t.Errorf("%d elements count as %d, want %d", want.added, got, want.count)
		}
	}
	if s.add("7") {
		t.Error("a known element changes the sketch")
	}
}
