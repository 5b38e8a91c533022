package upstashtest_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func TestAssertCost(t *testing.T) {
	t.Parallel()
	type cost = upstashtest.Cost
	for name, tt := range map[string]struct {
		want cost
		code func(*testing.T, *upstashtest.Server)
		says string // nothing when the cost is as wanted
	}{
		"nothing": {cost{}, func(*testing.T, *upstashtest.Server) {}, ""},
		"as wanted": {cost{2, 3}, func(t *testing.T, srv *upstashtest.Server) {
			t.Helper()
			must(t, srv, `null`, "GET", "k")
			request{Path: "/pipeline", Body: `[["GET","a"],["GET","b"],["PING"]]`}.do(t, srv)
			request{Body: `["PING"]`, NoAuth: true}.do(t, srv) // is not served
		}, ""},
		"reset meanwhile": {cost{2, 2}, func(t *testing.T, srv *upstashtest.Server) {
			t.Helper()
			must(t, srv, `null`, "GET", "k")
			srv.Reset()
			must(t, srv, `null`, "GET", "k")
		}, ""},
		"none made": {cost{1, 1}, func(*testing.T, *upstashtest.Server) {},
			"the cost was 0 round trips and 0 billed commands, want 1 round trip and 1 billed command; requests: none"},
		"too many": {cost{1, 2}, func(t *testing.T, srv *upstashtest.Server) {
			t.Helper()
			must(t, srv, `"OK"`, "SET", "user:1", "secret")
			srv.Intercept(upstashtest.Duplicate)
			must(t, srv, `"secret"`, "GET", "user:1")
		}, "the cost was 2 round trips and 3 billed commands, want 1 round trip and 2 billed commands; requests:\n" +
			"   1  POST / SET user:1 (+6 bytes) -> 200, 1 billed\n" +
			"   2  POST / GET user:1 -> 200, 2 billed (intercepted: execute, execute)"},
		"lost from the log": {cost{}, func(t *testing.T, srv *upstashtest.Server) {
			t.Helper()
			must(t, srv, `null`, "GET", "k")
			srv.Reset()
		}, "the cost was 1 round trip and 1 billed command, want 0 round trips and 0 billed commands; requests:\n" +
			"      and others before, which the log does not hold any more"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := newServer(t)
			must(t, srv, `null`, "GET", "before")
			tb := &recordingTB{}
			upstashtest.AssertCost(tb, srv, tt.want, func() { tt.code(t, srv) })
			if diff := cmp.Diff(tt.says, strings.TrimPrefix(tb.failed, "upstashtest: ")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// printingTB is a test that says on standard output why it failed.
type printingTB struct{ *testing.T }

func (printingTB) Helper() {}
func (printingTB) Errorf(format string, args ...any) {
	_, _ = fmt.Fprintf(os.Stdout, format+"\n", args...)
}

func ExampleAssertCost() {
	t := printingTB{} // in a test, its t
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer srv.Close()
	ctx, rdb := context.Background(), srv.Client()

	upstashtest.AssertCost(t, srv, upstashtest.Cost{RoundTrips: 1, Commands: 1}, func() {
		for _, id := range []string{"1", "2"} {
			_ = rdb.Set(ctx, "user:"+id, "Ada")
		}
	})
	// Output:
	// upstashtest: the cost was 2 round trips and 2 billed commands, want 1 round trip and 1 billed command; requests:
	//    1  POST / SET user:1 (+3 bytes) -> 200, 1 billed
	//    2  POST / SET user:2 (+3 bytes) -> 200, 1 billed
}
