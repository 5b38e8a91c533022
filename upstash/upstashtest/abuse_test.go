package upstashtest_test

import (
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// endless is a body of n bytes that takes no memory.
func endless(n int64) io.Reader { return io.LimitReader(blanks{}, n) }

type blanks struct{}

func (blanks) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// A body ten times over the limit is an error, and is not kept in memory. It runs
// alone, for it looks at the memory of all.
func TestHugeBody(t *testing.T) { //nolint:paralleltest // see above
	const size = 100 << 20
	srv := newServer(t)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL, endless(size))
	if err != nil {
		t.Fatal(err)
	}
	req.ContentLength = size
	req.Header.Set("Authorization", "Bearer "+srv.Token)
	got, _ := exchange(t, http.DefaultClient, req)
	runtime.ReadMemStats(&after)
	want := reply{400, `{"error":"` + fmt.Sprintf(requestTooLarge, 10<<20, size) + `"}`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if allocated := after.TotalAlloc - before.TotalAlloc; allocated >= size {
		t.Errorf("%d MiB were allocated", allocated>>20)
	}
	must(t, srv, `"PONG"`, "PING")
}

func TestBodiesThatAreTooMuch(t *testing.T) {
	t.Parallel()
	const (
		badCommand = `{"error":"ERR failed to parse command"}`
		badBatch   = `{"error":"ERR failed to parse pipeline request"}`
	)
	million := func(item string) string {
		return "[" + strings.Repeat(item+",", 999_999) + item + "]"
	}
	deep := strings.Repeat("[", 5_000_000)
	for name, tt := range map[string]struct {
		path, body string
		want       reply
	}{
		"deep command":    {"/", deep, reply{400, badCommand}},
		"deep pipeline":   {"/pipeline", deep, reply{400, badBatch}},
		"deep objects":    {"/", strings.Repeat(`{"a":`, 1_000_000), reply{400, badCommand}},
		"closed and deep": {"/", strings.Repeat("[", 5000) + strings.Repeat("]", 5000), reply{400, badCommand}},
		"million items":   {"/pipeline", million(`["PING"]`), reply{200, million(`{"result":"PONG"}`)}},
		"million nothings": {"/pipeline", million(`[]`), reply{400,
			`{"error":"` + fmt.Sprintf(requestTooLarge, 10<<20, 1_000_000*len("-ERR empty pipeline command\r\n")) + `"}`}},
		"discarded million": {"/multi-exec", million(`["NO"]`), reply{400,
			`{"error":"EXECABORT Transaction discarded because of: ` + unavailable("NO") + `"}`}},
		"million arguments": {"/", `["DEL"` + strings.Repeat(`,"k"`, 1_000_000) + `]`, reply{200, `{"result":0}`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := newServer(t)
			got, _ := request{Path: tt.path, Body: tt.body}.do(t, srv)
			if got != tt.want { // a difference would be as long
				t.Errorf("%d %.200s", got.Status, got.Body)
			}
			must(t, srv, `"PONG"`, "PING")
		})
	}
}
