package upstash_test

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
)

// TestSyncTokenOrderInParallel is the same without a bubble, for the race
// detector. Where calls overlap, the order of what they learn is anybody's; a
// token is wrong only if another call began after its call had returned, and
// returned before the request was made.
func TestSyncTokenOrderInParallel(t *testing.T) {
	t.Parallel()
	const callers, calls = 16, 40
	type call struct {
		began, returned int64 // of one clock that ticks with every event
		shown, taught   int
	}
	var clock, issued atomic.Int64
	type key struct{}
	rdb := newClient(t, roundTripper(func(r *http.Request) (*http.Response, error) {
		c := r.Context().Value(key{}).(*call)               //nolint:errcheck,forcetypeassert // made below
		c.shown, _ = strconv.Atoi(r.Header.Get(syncHeader)) // 0 for none
		c.taught = int(issued.Add(1))
		resp, err := answer(200, inJSON, `{"result":1}`)(r)
		resp.Header.Set(syncHeader, strconv.Itoa(c.taught))
		return resp, err
	}))
	all := make([][calls]call, callers)
	var wg sync.WaitGroup
	for i := range all {
		wg.Go(func() {
			for j := range all[i] {
				c := &all[i][j]
				c.began = clock.Add(1)
				if _, err := rdb.Incr(context.WithValue(t.Context(), key{}, c), "k"); err != nil {
					t.Error(err)
				}
				c.returned = clock.Add(1)
			}
		})
	}
	wg.Wait()
	by := make(map[int]call, callers*calls)
	for i := range all {
		for _, c := range all[i] {
			by[c.taught] = c
		}
	}
	for _, c := range by {
		source, known := by[c.shown]
		if c.shown != 0 && (!known || source.began > c.returned) {
			t.Errorf("a request showed token %d, which nobody had then", c.shown)
		}
		for _, other := range by {
			if other.returned < c.began && (c.shown == 0 || other.began > source.returned) {
				t.Fatalf("a request showed token %d although %d was learned after it", c.shown, other.taught)
			}
		}
	}
	if token := rdb.SyncToken(); by[atoi(token)].taught == 0 {
		t.Errorf("the client ends with token %q, which no response had", token)
	}
}

func atoi(text string) int {
	n, _ := strconv.Atoi(text) // 0 for none
	return n
}
