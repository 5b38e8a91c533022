package upstashtest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// start is a fixed instant for servers whose time matters to a test.
var start = time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)

func fixedClock() time.Time { return start }

func newServer(t *testing.T) *upstashtest.Server {
	t.Helper()
	return upstashtest.New(t, upstashtest.Options{Clock: fixedClock})
}

// reply is what a test looks at in a response.
type reply struct {
	Status int
	Body   string
}

// request is one HTTP exchange with a server. Its zero value, with a body, is a
// single command.
type request struct {
	Method string // POST
	Path   string // "/"
	Body   string
	Header map[string]string
	NoAuth bool
}

func (q request) do(t *testing.T, srv *upstashtest.Server) (reply, http.Header) {
	t.Helper()
	if q.Method == "" {
		q.Method = http.MethodPost
	}
	if q.Path == "" {
		q.Path = "/"
	}
	req, err := http.NewRequestWithContext(t.Context(), q.Method, srv.URL+q.Path, strings.NewReader(q.Body))
	if err != nil {
		t.Fatal(err)
	}
	if !q.NoAuth {
		req.Header.Set("Authorization", "Bearer "+srv.Token)
	}
	for name, value := range q.Header {
		req.Header.Set(name, value)
	}
	return exchange(t, http.DefaultClient, req)
}

func exchange(t *testing.T, client *http.Client, req *http.Request) (reply, http.Header) {
	t.Helper()
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{resp.StatusCode, string(body)}, resp.Header
}

// array writes a command or a batch as a JSON body.
func array(t *testing.T, v any) string {
	t.Helper()
	body, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// run executes one command and returns status and body.
func run(t *testing.T, srv *upstashtest.Server, args ...string) reply {
	t.Helper()
	got, _ := request{Body: array(t, args)}.do(t, srv)
	return got
}

// must executes one command and wants exactly this result, given as JSON.
func must(t *testing.T, srv *upstashtest.Server, result string, args ...string) {
	t.Helper()
	want := reply{200, `{"result":` + result + `}`}
	if diff := cmp.Diff(want, run(t, srv, args...)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", args[0], diff)
	}
}

// mustFail executes one command and wants exactly this error.
func mustFail(t *testing.T, srv *upstashtest.Server, text string, args ...string) {
	t.Helper()
	want := reply{400, array(t, map[string]string{"error": text})}
	if diff := cmp.Diff(want, run(t, srv, args...)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", args[0], diff)
	}
}

const wrongType = "WRONGTYPE Operation against a key holding the wrong kind of value"

func unavailable(name string) string {
	return "ERR Command is not available: '" + name + "'. See https://upstash.com/docs/redis/overall/rediscompatibility for details"
}
