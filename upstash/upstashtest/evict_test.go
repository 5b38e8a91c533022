package upstashtest_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func TestEvict(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	must(t, srv, `"OK"`, "MSET", "a", "1", "b", "2", "c", "3")
	srv.Lag(upstashtest.Frozen)
	srv.Reset()
	if n := srv.Evict("a", "b", "no", "a"); n != 2 {
		t.Errorf("%d keys were evicted", n)
	}
	if n := srv.Evict(); n != 0 {
		t.Errorf("%d of no keys were evicted", n)
	}
	if len(srv.Requests()) != 0 || srv.Meter() != (upstashtest.Meter{}) {
		t.Errorf("it was a request: %v", srv.Requests())
	}
	must(t, srv, `["c"]`, "KEYS", "*") // on the replica
	srv.Lag(0)
	must(t, srv, `["c"]`, "KEYS", "*")
}

func TestEvictRandom(t *testing.T) {
	t.Parallel()
	volatile := []string{"v1", "v2", "v3", "v4"}
	filled := func() *upstashtest.Server {
		srv := newServer(t)
		for _, key := range volatile {
			must(t, srv, `"OK"`, "SET", key, "v", "EX", "60")
		}
		must(t, srv, `"OK"`, "MSET", "x1", "", "x2", "", "x3", "")
		return srv
	}
	random := func(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }
	firsts := map[string]bool{}
	for seed := range uint64(20) {
		got := filled().EvictRandom(5, random(seed))
		firsts[got[0]] = true
		if expire := slices.Sorted(slices.Values(got[:4])); len(got) != 5 || !slices.Equal(expire, volatile) {
			t.Errorf("keys that expire do not go first: %q", got)
		}
		if diff := cmp.Diff(got, filled().EvictRandom(5, random(seed))); diff != "" {
			t.Errorf("the same seed evicts (-once +again):\n%s", diff)
		}
	}
	if len(firsts) < 2 {
		t.Errorf("chance always takes %v first", firsts)
	}

	srv := filled()
	if got := srv.EvictRandom(0, random(0)); len(got) != 0 {
		t.Errorf("none are %q", got)
	}
	got := srv.EvictRandom(3, random(0))
	must(t, srv, `4`, "DBSIZE")
	for _, key := range got {
		must(t, srv, `0`, "EXISTS", key)
	}
	if rest := srv.EvictRandom(100, random(0)); len(rest) != 4 {
		t.Errorf("all the others are %q", rest)
	}
	must(t, srv, `0`, "DBSIZE")
}
