package ratelimit_test

import (
	"maps"
	"slices"
	"testing"
)

// fault is another text in a script, and the run that has to notice it.
type fault struct {
	run   string
	texts []string // what is there and what comes in its place, in pairs
}

// planted are faults of decisions. That there is no fault in front of the
// scripts is what the fault matrix shows.
var planted = map[string]fault{
	"a decision is not counted":          {"GCRA", []string{"l.kind.commit(l, l.wanted)", ""}},
	"all that is asked for is taken":     {"TokenBucket", []string{"l.units = l.wanted", "l.units = l.cost"}},
	"up to is all or none":               {"SlidingLog", []string{"math.max(math.min(l.cost, available), 0)", "l.cost"}},
	"a Peek consumes":                    {"GCRA", []string{"or op == 'peek'", ""}},
	"what is refused is granted":         {"FixedWindow", []string{"l.wanted <= available", "l.cost > 0"}},
	"one too many":                       {"SlidingWindow", []string{"l.wanted <= available", "l.wanted <= available + 1"}},
	"one too few":                        {"SlidingLog", []string{"l.wanted <= available", "l.wanted < available"}},
	"a burst of one more":                {"GCRA burst", []string{"math.floor((burst * l.window", "math.floor(((burst + 1) * l.window"}},
	"parts of a millisecond are lost":    {"GCRA", []string{"parts % l.limit", "0"}},
	"GCRA rounds up":                     {"GCRA", []string{"l.a + math.floor(parts / l.limit)", "l.a + math.ceil(parts / l.limit)"}},
	"GCRA saves up":                      {"GCRA", []string{"if tonumber(whole) >= now then", "if tonumber(whole) >= now - 50 then"}},
	"GCRA gives nothing back":            {"GCRA", []string{"if l.a > now or l.b > 0 then", "if false then"}},
	"a window keeps what is refused":     {"FixedWindow", []string{"lower(l, l.raised)\n", "\n"}},
	"a window keeps what is not granted": {"FixedWindow", []string{"lower(l, l.raised - units)", ""}},
	"a window gives back too much":       {"FixedWindow", []string{"math.min(l.cost, l.a)", "l.cost"}},
	"the window before does not count":   {"SlidingWindow", []string{"/ l.window) * l.b) - l.a", "/ l.window) * 0) - l.a"}},
	"the window before counts whole":     {"SlidingWindow", []string{"(1 - (now % l.window) / l.window)", "1"}},
	"what is carried is rounded up":      {"SlidingWindow", []string{"l.limit - math.floor(", "l.limit - math.ceil("}},
	"a bucket overflows":                 {"TokenBucket", []string{"math.min(l.a + refills * l.extra, l.limit)", "l.a + refills * l.extra"}},
	"a bucket loses its phase":           {"TokenBucket", []string{"l.b = l.b + refills * l.window", "l.b = refills > 0 and now or l.b"}},
	"a bucket gives nothing back":        {"TokenBucket", []string{"if l.a < l.limit then\n      l.a", "if false then\n      l.a"}},
	"a refill too early":                 {"TokenBucket, server clock", []string{"math.floor((now - l.b) / l.window)", "math.ceil((now - l.b) / l.window)"}},
	"a log forgets too early":            {"SlidingLog", []string{"entry[1] > now - l.window", "entry[1] > now - l.window + 1"}},
	"a log remembers too long":           {"SlidingLog", []string{"entry[1] > now - l.window", "entry[1] >= now - l.window"}},
	"a log is not in order":              {"SlidingLog", []string{"while i > 0 and l.entries[i][1] > now do", "while false do"}},
	"a log gives the oldest back":        {"SlidingLog", []string{"local newest = l.entries[#l.entries]\n      local", "local newest = l.entries[1]\n      local", "table.remove(l.entries)", "table.remove(l.entries, 1)"}},
	"Compat does not count what it refuses": {"Compat FixedWindow", []string{
		"l.c = l.limit - l.a\n    return", "l.c = l.limit - l.a\n    if l.c < 0 then redis.call('DECRBY', l[1], l.cost) end\n    return",
	}},
	"Compat tests the cost":           {"Compat SlidingWindow", []string{"carried + l.a >= l.limit", "carried + l.a + l.cost > l.limit"}},
	"Compat lets a bucket owe":        {"Compat TokenBucket", []string{"l.a < l.cost", "l.a == 0"}},
	"a Compat bucket loses its phase": {"Compat TokenBucket", []string{"l.b = l.b + refills * l.window", "l.b = now"}},
}

// TestOracleCatches shows that the oracle finds planted faults, which is what
// makes its silence mean something.
func TestOracleCatches(t *testing.T) {
	t.Parallel()
	runs := oracleRuns()
	for _, name := range slices.Sorted(maps.Keys(planted)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := planted[name]
			run := runs[slices.IndexFunc(runs, func(r oracleRun) bool { return r.name() == f.run })]
			for run.seed = range 10 { // how the goroutines meet is chance
				if bad := inProcess(t, run, 250, f.texts); bad != "" {
					t.Log(bad)
					return
				}
			}
			t.Error("nothing was noticed")
		})
	}
}

// TestBoundsCatch shows that a unit too many is noticed without a model, and the
// last one that may be granted is not.
func TestBoundsCatch(t *testing.T) {
	t.Parallel()
	for _, run := range oracleRuns() {
		if run.bound.within == nil || run.bound.window == 0 && !run.server {
			continue
		}
		first, most := run.bound.within(0), run.bound.within(20)
		grants := []asked{{Key: "k0", Now: start, Granted: first - 1}, {Key: "k0", Now: start + 20, Granted: most - first + 1}}
		check(t, run.name()+": the last one", "", run.exceeds(grants))
		grants[1].Granted++
		check(t, run.name()+": one too many is noticed", true, run.exceeds(grants) != "")
	}
}
