package ratelimit_test

import (
	"cmp"
	"fmt"
	"slices"
)

// decider says how one key of one algorithm must decide.
type decider interface {
	decide(now int64, op string, cost int64) (allowed bool, granted, remaining int64)
}

// judge has models decide the same calls in the order in which the server ran
// them, and looks whether more was granted than ever may be. It returns what is
// wrong.
func (r oracleRun) judge(all []asked) string {
	slices.SortFunc(all, func(a, b asked) int { return cmp.Compare(a.Order, b.Order) })
	keys := map[string]decider{}
	differ, first := 0, ""
	for i, a := range all {
		if a.Order != int64(i+1) {
			return fmt.Sprintf("decision %d has the number %d", i+1, a.Order)
		}
		if keys[a.Key] == nil {
			keys[a.Key] = r.model()
		}
		allowed, granted, remaining := keys[a.Key].decide(a.Now, a.Op, a.Cost)
		if a.Allowed != allowed || a.Granted != granted || a.Remaining != remaining {
			if differ++; differ == 1 {
				first = fmt.Sprintf("%+v: want %v, %d granted, %d left", a, allowed, granted, remaining)
			}
		}
	}
	if differ > 0 {
		return fmt.Sprintf("%d of %d decisions differ, the first: %s", differ, len(all), first)
	}
	return r.exceeds(all)
}

// bound is how much may be granted: in each window since 1970, or where window
// is zero in any time that is so long.
type bound struct {
	window int64
	within func(t int64) int64
}

func perWindow(limit, window int64) bound {
	return bound{window, func(int64) int64 { return limit }}
}

func overTime(within func(t int64) int64) bound { return bound{within: within} }

// exceeds looks for times in which more was granted than may be, without a
// model: of the key that nothing is given back of. Where each caller has a clock
// of its own there is no time that a bound could be over.
func (r oracleRun) exceeds(all []asked) string {
	all = slices.DeleteFunc(slices.Clone(all), func(a asked) bool { return a.Key != "k0" || a.Granted == 0 })
	switch {
	case r.bound.within == nil:
		return ""
	case r.bound.window > 0:
		used := map[int64]int64{}
		for _, a := range all {
			n := a.Now / r.bound.window
			if used[n] += a.Granted; used[n] > r.bound.within(0) {
				return fmt.Sprintf("%d were granted in window %d", used[n], n)
			}
		}
	case r.server:
		const far = 300 // grants: several windows
		for i, a := range all {
			sum := int64(0)
			for _, b := range all[i:min(len(all), i+far)] {
				if sum += b.Granted; sum > r.bound.within(b.Now-a.Now) {
					return fmt.Sprintf("%d were granted from %d to %d", sum, a.Now, b.Now)
				}
			}
		}
	}
	return ""
}
