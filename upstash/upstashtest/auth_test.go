package upstashtest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func TestAuth(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t, upstashtest.Options{Token: "right"})
	yes, no := reply{200, `{"result":"PONG"}`}, reply{401, `{"error":"WRONGPASS invalid or missing auth token"}`}
	for name, tt := range map[string]struct {
		header, query string
		want          reply
	}{
		"bearer":             {"Bearer right", "", yes},
		"lower case scheme":  {"bearer right", "", yes},
		"query":              {"", "?_token=right", yes},
		"none":               {"", "", no},
		"wrong":              {"Bearer wrong", "", no},
		"prefix":             {"Bearer righ", "", no},
		"longer":             {"Bearer right1", "", no},
		"empty":              {"Bearer ", "", no},
		"no scheme":          {"right", "", no},
		"other scheme":       {"Basic right", "", no},
		"wrong query":        {"", "?_token=wrong", no},
		"the header counts":  {"Bearer wrong", "?_token=right", no},
		"query is malformed": {"", "?%zz&_token=right", reply{400, `{"error":"ERR failed to parse command"}`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ask := request{Path: "/ping" + tt.query, NoAuth: true}
			if tt.header != "" {
				ask.Header = map[string]string{"Authorization": tt.header}
			}
			got, header := ask.do(t, srv)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if authorized, token := got.Status != 401, header.Get("Upstash-Sync-Token"); authorized != (token != "") {
				t.Errorf("status %d with sync token %q", got.Status, token)
			}
		})
	}
}

func TestSyncTokensAreDistinct(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	seen := map[string]bool{}
	for _, ask := range []request{
		{Body: `["PING"]`}, {Body: `["PING"]`}, {Body: `nonsense`}, {Body: `["GET"]`}, {Path: "//"},
		{Path: "/pipeline", Body: `[["PING"]]`}, {Path: "/multi-exec", Body: `[["PING"]]`}, {Path: "/multi-exec", Body: `[["NO"]]`},
	} {
		_, header := ask.do(t, srv)
		token := header.Get("Upstash-Sync-Token")
		if token == "" || seen[token] {
			t.Errorf("%+v: token %q is empty or was there before", ask, token)
		}
		seen[token] = true
	}
}
