package ratelimit_test

import "testing"

// compare has models decide the same calls one after the other.
func compare(t *testing.T, all []asked, fresh func() model, most int64) {
	t.Helper()
	keys := map[string]model{}
	differ := 0
	for _, a := range all {
		if keys[a.key] == nil {
			keys[a.key] = fresh()
		}
		m := keys[a.key]
		allowed, granted := true, int64(0)
		free := m.free(a.now)
		switch a.op {
		case "refund":
			m.refund(a.now, a.cost)
		case "upto":
			if granted = max(min(a.cost, free), 0); granted > 0 {
				m.take(a.now, granted)
			}
			allowed = granted > 0
		default:
			if allowed = free >= a.cost; allowed {
				m.take(a.now, a.cost)
			}
		}
		remaining := min(max(m.free(a.now), 0), most)
		if a.result.Allowed != allowed || a.granted != granted || a.result.Remaining != remaining {
			if differ++; differ < 4 {
				t.Errorf("%s %d of %s at %d, %d free: want %v %d, %d left; got %+v", a.op, a.cost, a.key, a.now, free, allowed, granted, remaining, a)
			}
		}
	}
	check(t, "differences", 0, differ)
}
