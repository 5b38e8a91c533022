package load

import "testing"

func TestJudge(t *testing.T) {
	t.Parallel()
	// A path answered 10 at first; change 3 made it 11 and change 5 made it 12.
	states := []state{{-1, 10}, {3, 11}, {5, 12}}
	for _, tt := range []struct {
		name         string
		writes       map[int]write
		read         read
		stale, wrong bool
	}{
		{"as it was at first", nil, read{begin: 1, end: 2, answer: 10}, false, false},
		{"never so", nil, read{begin: 1, end: 2, answer: 13}, false, true},
		{"a change that is not acknowledged, before", nil, read{begin: 50, end: 60, answer: 10}, false, false},
		{"and after", nil, read{begin: 50, end: 60, answer: 12}, false, false},
		{"begun before the acknowledgment", map[int]write{3: {10, 20}}, read{begin: 19, end: 30, answer: 10}, false, false},
		{"begun after it", map[int]write{3: {10, 20}}, read{begin: 21, end: 30, answer: 10}, true, false},
		{"new, begun after it", map[int]write{3: {10, 20}}, read{begin: 21, end: 30, answer: 11}, false, false},
		{"a later change was acknowledged earlier", map[int]write{3: {10, 40}, 5: {11, 20}}, read{begin: 21, end: 30, answer: 11}, true, false},
		{"and stays the floor", map[int]write{3: {10, 40}, 5: {11, 20}}, read{begin: 41, end: 50, answer: 11}, true, false},
		{"from the future", map[int]write{5: {31, 40}}, read{begin: 21, end: 30, answer: 12}, false, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			stale, wrong := newVerdict(states, tt.writes).judge(tt.read)
			if stale != tt.stale || wrong != tt.wrong {
				t.Errorf("stale %t, wrong %t, want %t, %t", stale, wrong, tt.stale, tt.wrong)
			}
		})
	}
}
