package upstashtest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// readOnly has the read-only user ask.
func readOnly(srv *upstashtest.Server, ask request) request {
	ask.NoAuth = true
	ask.Header = map[string]string{"Authorization": "Bearer " + srv.ReadOnlyToken}
	return ask
}

func noPermission(name string) string {
	return "NOPERM this user has no permissions to run the '" + name + "' command or its subcommand"
}

func TestReadOnlyToken(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t, upstashtest.Options{ReadOnlyToken: "reader"})
	one, other := newServer(t), newServer(t)
	if srv.ReadOnlyToken != "reader" || one.ReadOnlyToken == other.ReadOnlyToken {
		t.Errorf("the tokens are %q, %q and %q", srv.ReadOnlyToken, one.ReadOnlyToken, other.ReadOnlyToken)
	}
	must(t, srv, `"OK"`, "SET", "k", "v")
	for command, want := range map[string]string{
		"GET k":                            `{"result":"v"}`,
		"PING":                             `{"result":"PONG"}`,
		"TTL k":                            `{"result":-1}`,
		"HSCAN h 0":                        `{"result":["0",[]]}`,
		"DBSIZE":                           `{"result":1}`,
		"acl whoami":                       `{"result":"default_ro"}`,
		"set k w":                          "set",
		"GETEX k":                          "getex",
		"GETDEL k":                         "getdel",
		"SCAN 0":                           "scan",
		"KEYS *":                           "keys",
		"EVAL return(1) 0":                 "eval",
		"EVAL_RO return(1) 0":              "eval_ro",
		"EVALSHA 00 0":                     "evalsha",
		"EVALSHA_RO 00 0":                  "evalsha_ro",
		"SCRIPT LOAD return(1)":            "script",
		"PUBLISH c m":                      "publish",
		"FLUSHDB":                          "flushdb",
		"ACL USERS":                        "acl",
		"XREADGROUP GROUP g c STREAMS s >": "xreadgroup",
		"GEORADIUS g 0 0 1 km":             "georadius",
	} {
		status, refused := 200, ""
		if !strings.HasPrefix(want, "{") {
			status, refused = 400, noPermission(want)
			want = `{"error":"` + refused + `"}`
		}
		body := array(t, strings.Fields(command))
		got, _ := readOnly(srv, request{Body: body}).do(t, srv)
		if diff := cmp.Diff(reply{status, want}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", command, diff)
		}
		got, _ = readOnly(srv, request{Path: "/pipeline", Body: "[" + body + "]"}).do(t, srv)
		if diff := cmp.Diff(reply{200, "[" + want + "]"}, got); diff != "" {
			t.Errorf("%s in a pipeline (-want +got):\n%s", command, diff)
		}
		if refused == "" {
			continue
		}
		got, _ = readOnly(srv, request{Path: "/multi-exec", Body: `[["GET","k"],` + body + `]`}).do(t, srv)
		if diff := cmp.Diff(reply{400, `{"error":"EXECABORT Transaction discarded because of: ` + refused + `"}`}, got); diff != "" {
			t.Errorf("%s in a transaction (-want +got):\n%s", command, diff)
		}
	}
	must(t, srv, `"v"`, "GET", "k")

	// The query carries either token, and a wrong one is wrong.
	got, _ := request{Path: "/set/k/w?_token=reader", NoAuth: true}.do(t, srv)
	if diff := cmp.Diff(reply{400, `{"error":"` + noPermission("set") + `"}`}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	f := followBy(t, http.DefaultClient, srv.URL, srv.ReadOnlyToken, "/subscribe/c", "subscribe,c,1")
	must(t, srv, `1`, "PUBLISH", "c", "m")
	f.want(t, "message,c,m")
}

func TestTokensFromACL(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t, upstashtest.Options{Token: "writer", ReadOnlyToken: "reader"})
	must(t, srv, `"writer"`, "ACL", "RESTTOKEN", "default", "writer")
	must(t, srv, `"reader"`, "acl", "resttoken", "default_ro", "reader")
	mustFail(t, srv, `ERR Wrong password or user "default" does not exist`, "ACL", "RESTTOKEN", "default", "reader")
	mustFail(t, srv, `ERR Wrong password or user "nobody" does not exist`, "ACL", "RESTTOKEN", "nobody", "")
	must(t, srv, `"default"`, "ACL", "WHOAMI")
	must(t, srv, `["default","default_ro"]`, "ACL", "USERS")
	mustFail(t, srv, "ERR wrong number of arguments for 'acl|resttoken' command", "ACL", "RESTTOKEN", "default")
	mustFail(t, srv, "ERR wrong number of arguments for 'acl' command", "ACL")
	mustFail(t, srv, unavailable("ACL"), "ACL", "SETUSER", "x")
	if got := run(t, srv, "EVAL", "return redis.call('ACL','RESTTOKEN','default','writer')", "0"); got.Status != 400 {
		t.Errorf("from a script: %+v", got)
	}
}

func TestTokensThatAreTheSame(t *testing.T) {
	t.Parallel()
	tb := &recordingTB{}
	upstashtest.New(tb, upstashtest.Options{Token: "s3cret", ReadOnlyToken: "s3cret"})
	if !strings.Contains(tb.fatal, "the same") || strings.Contains(tb.fatal, "s3cret") {
		t.Errorf("%q", tb.fatal)
	}
}
