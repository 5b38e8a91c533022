package upstash_test

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// A redirect would carry the token to whoever can answer for the URL.
func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	var elsewhere atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	t.Cleanup(other.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		for name, client := range map[string]*http.Client{
			"own pool":     nil,
			"user's":       {},
			"user follows": {CheckRedirect: func(*http.Request, []*http.Request) error { return nil }},
		} {
			var asked atomic.Int32
			first := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked.Add(1)
				http.Redirect(w, r, other.URL, status)
			}))
			rdb, err := upstash.New(upstash.Options{URL: first.URL, Token: testToken, HTTPClient: client})
			if err != nil {
				t.Fatal(err)
			}
			_, err = rdb.Incr(t.Context(), "k")
			// 302 and 303 may follow what was done; the others ask for it elsewhere.
			ran := status == http.StatusFound || status == http.StatusSeeOther
			want := verdict{Op: "INCR", Status: status, Index: -1, Sent: true, Attempts: 1, Safe: !ran, Unknown: ran}
			if diff := cmp.Diff(want, verdictOf(t, err)); diff != "" {
				t.Errorf("%s: %v (-want +got)\n%s", name, err, diff)
			}
			if n := asked.Load(); n != 1 {
				t.Errorf("%s, %d: %d requests were made", name, status, n)
			}
			rdb.CloseIdle()
			first.Close()
		}
	}
	if n := elsewhere.Load(); n != 0 {
		t.Errorf("the other host saw %d requests", n)
	}
}
