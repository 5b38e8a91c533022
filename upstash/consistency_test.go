package upstash_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const syncHeader = "Upstash-Sync-Token"

// replicas is a server that issues counters and records what it was shown.
type replicas struct {
	mu     sync.Mutex
	issued int
	shown  [][]string // the header of each request, nil where there was none
	status func(n int) (status int, body string, withToken bool)
}

func (s *replicas) RoundTrip(req *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shown = append(s.shown, req.Header.Values(syncHeader))
	s.issued++
	status, body, withToken := 200, `{"result":1}`, true
	if s.status != nil {
		status, body, withToken = s.status(s.issued)
	}
	resp, err := answer(status, inJSON, body)(req)
	if withToken {
		resp.Header.Set(syncHeader, strconv.Itoa(s.issued))
	}
	return resp, err
}

func TestSyncTokenOfTheLastResponse(t *testing.T) {
	t.Parallel()
	srv := &replicas{}
	rdb := newClient(t, srv)
	for range 4 {
		if _, err := rdb.Incr(t.Context(), "k"); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([][]string{nil, {"1"}, {"2"}, {"3"}}, srv.shown); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	other := newClient(t, srv)
	if _, err := other.Incr(t.Context(), "k"); err != nil {
		t.Fatal(err)
	}
	if got := srv.shown[4]; got != nil {
		t.Errorf("another client showed %v", got)
	}
}

func TestSyncTokenOfEveryKindOfRequest(t *testing.T) {
	t.Parallel()
	srv := &replicas{status: func(int) (int, string, bool) { return 200, `[{"result":1},{"result":1}]`, true }}
	rdb := newClient(t, srv)
	want := [][]string{}
	for i, op := range operations() {
		_ = op.run(t, rdb) // some expect another reply
		want = append(want, []string{strconv.Itoa(i)})
	}
	want[0] = nil
	if diff := cmp.Diff(want, srv.shown); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestSyncTokenOutlivesResponsesWithout(t *testing.T) {
	t.Parallel()
	srv := &replicas{status: func(n int) (int, string, bool) { return 200, `{"result":1}`, n == 2 }}
	rdb := newClient(t, srv)
	for range 5 {
		if _, err := rdb.Incr(t.Context(), "k"); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([][]string{nil, nil, {"2"}, {"2"}, {"2"}}, srv.shown); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestSyncTokenIsLearnedFromFailures(t *testing.T) {
	t.Parallel()
	answers := []struct {
		status int
		body   string
	}{{400, `{"error":"ERR no"}`}, {500, `{"error":"ERR no"}`}, {502, page}, {200, `{"broken`}, {200, ``}, {401, `x`}}
	srv := &replicas{status: func(n int) (int, string, bool) { return answers[n-1].status, answers[n-1].body, true }}
	rdb := newClient(t, srv)
	for range answers {
		if _, err := rdb.Incr(t.Context(), "k"); err == nil {
			t.Error("no failure")
		}
	}
	if diff := cmp.Diff([][]string{nil, {"1"}, {"2"}, {"3"}, {"4"}, {"5"}}, srv.shown); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A request without an answer takes nothing away.
func TestSyncTokenOutlivesABrokenConnection(t *testing.T) {
	t.Parallel()
	srv := &replicas{}
	fail := false
	rdb := newClient(t, roundTripper(func(req *http.Request) (*http.Response, error) {
		resp, err := srv.RoundTrip(req)
		if fail {
			return nil, errors.New("the connection broke")
		}
		return resp, err
	}))
	for i := range 3 {
		fail = i == 1
		if _, err := rdb.Incr(t.Context(), "k"); (err != nil) != fail {
			t.Error(err)
		}
	}
	if diff := cmp.Diff([][]string{nil, {"1"}, {"1"}}, srv.shown); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestSyncTokenWithManyGoroutines(t *testing.T) {
	t.Parallel()
	srv := &replicas{}
	rdb := newClient(t, srv)
	if _, err := rdb.Incr(t.Context(), "k"); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			for range 10 {
				if _, err := rdb.Incr(t.Context(), "k"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for i, shown := range srv.shown[1:] {
		// One token each, of a response that had been written before.
		n := 0
		if len(shown) == 1 {
			n, _ = strconv.Atoi(shown[0])
		}
		if n < 1 || n > i+1 {
			t.Errorf("request %d showed %q", i+1, shown)
		}
	}
	if distinct := len(slices.Compact(slices.Sorted(slices.Values(flat(srv.shown))))); distinct < 10 {
		t.Errorf("only %d tokens were learned", distinct)
	}
}

func flat(lists [][]string) []string { return slices.Concat(lists...) }

// Requests carry the token, what they are, and nothing about their content.
func TestHeaders(t *testing.T) {
	t.Parallel()
	var got []string
	rdb := newClient(t, roundTripper(func(req *http.Request) (*http.Response, error) {
		for _, name := range []string{"Authorization", "Content-Type", "Upstash-Encoding", "User-Agent", "Cookie"} {
			got = append(got, fmt.Sprintf("%s: %s", name, req.Header.Get(name)))
		}
		return answer(200, inJSON, `{"result":"OK"}`)(req)
	}))
	for _, value := range []string{"text", "\xff"} {
		if err := rdb.Set(t.Context(), "k", value); err != nil {
			t.Fatal(err)
		}
	}
	common := []string{"Upstash-Encoding: base64", "User-Agent: upstash-go", "Cookie: "}
	want := slices.Concat(
		[]string{"Authorization: Bearer " + testToken, "Content-Type: application/json"}, common,
		[]string{"Authorization: Bearer " + testToken, "Content-Type: application/octet-stream"}, common,
	)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
