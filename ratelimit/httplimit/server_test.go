package httplimit_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/ratelimit/httplimit"
)

// TestWriterIsTheServersOwn asks a handler behind a limit what its writer can do.
func TestWriterIsTheServersOwn(t *testing.T) {
	t.Parallel()
	var bare, behind http.ResponseWriter
	keep := func(to *http.ResponseWriter) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { *to = w })
	}
	both := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		keep(&bare).ServeHTTP(w, r)
		limited(t, perMinute("burst", 1), httplimit.Options{}, keep(&behind)).ServeHTTP(w, r)
	})
	get(t, both)
	if bare == nil || bare != behind {
		t.Fatalf("the handler got a %T, the server's is a %T", behind, bare)
	}
	_, flush := behind.(http.Flusher)
	_, hijack := behind.(http.Hijacker)
	_, readFrom := behind.(io.ReaderFrom)
	if !flush || !hijack || !readFrom {
		t.Errorf("Flusher %t, Hijacker %t, ReaderFrom %t", flush, hijack, readFrom)
	}
}

// answer is what a real client gets.
type answer struct {
	Status string
	Header http.Header
}

func get(t *testing.T, h http.Handler) answer {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := srv.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	return answer{response.Status, response.Header}
}

func TestOverTheWire(t *testing.T) {
	t.Parallel()
	a := get(t, limited(t, perMinute("burst", 0), httplimit.Options{}, nil))
	got := []string{a.Status, a.Header.Get("RateLimit"), a.Header.Get("RateLimit-Policy"), a.Header.Get("Retry-After")}
	want := []string{"429 Too Many Requests", `"burst";r=0;t=31`, `"burst";q=0;w=60`, "31"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestConcurrentRequests lets 64 clients at one limit of 10.
func TestConcurrentRequests(t *testing.T) {
	t.Parallel()
	h := limited(t, perMinute("burst", 10), httplimit.Options{}, nil)
	var statuses sync.Map
	var running sync.WaitGroup
	for i := range 64 {
		r := request(t, "/")
		running.Go(func() { statuses.Store(i, serve(h, r).Code) })
	}
	running.Wait()
	count := map[int]int{}
	statuses.Range(func(_, status any) bool { count[status.(int)]++; return true }) //nolint:errcheck // stored above
	if diff := cmp.Diff(map[int]int{200: 10, 429: 54}, count); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestNothingIsGivenAway looks for what must stay here in everything that
// leaves: answers, errors, and the middleware printed.
func TestNothingIsGivenAway(t *testing.T) {
	t.Parallel()
	const secret = "s3cret"
	leak := fmt.Errorf("dial https://%s.upstash.io: %s", secret, secret)
	o := httplimit.Options{
		Key:     httplimit.Hashed([]byte(secret), httplimit.ByHeader("X-Api-Key", nil)),
		Headers: httplimit.Standard | httplimit.Draft06 | httplimit.XRateLimit,
	}
	for _, l := range []answers{
		{ratelimit.Result{}, leak},
		{ratelimit.Result{}, nil},
		{ratelimit.Result{Reason: ratelimit.Denied}, nil},
		{ratelimit.Result{Allowed: true}, nil},
	} {
		m, err := httplimit.New(l, o)
		if err != nil {
			t.Fatal(err)
		}
		for _, fields := range [][]string{{"X-Api-Key", secret}, nil} {
			w := serve(limited(t, l, o, nil), request(t, "/"+secret, fields...))
			said := fmt.Sprint(w.Header(), w.Body)
			if l.err == nil {
				said += fmt.Sprintf("%v %+v %#v", m, m, *m)
			}
			if strings.Contains(said, secret) {
				t.Errorf("%q is in %s", secret, said)
			}
		}
	}
}
