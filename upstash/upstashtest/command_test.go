package upstashtest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Every argument reaches the engine as it was written in the JSON.
func TestArgumentsAreExact(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ body, want string }{
		"text":                 {`["ECHO","hello"]`, `"hello"`},
		"escapes":              {`["ECHO","a\n\"\\\u0000\u00e9\ud83d\ude00"]`, `"a\n\"\\\u0000é😀"`},
		"escaped backslash u":  {`["ECHO","\\ud800"]`, `"\\ud800"`},
		"15 digits":            {`["ECHO",123456789012345]`, `"123456789012345"`},
		"2^53+1":               {`["ECHO",9007199254740993]`, `"9007199254740993"`},
		"beyond int64":         {`["ECHO",123456789012345678901234567890]`, `"123456789012345678901234567890"`},
		"exponent":             {`["ECHO",1e5]`, `"1e5"`},
		"decimals":             {`["ECHO",15.087269000]`, `"15.087269000"`},
		"true":                 {`["ECHO",true]`, `"true"`},
		"false":                {`["ECHO",false]`, `"false"`},
		"empty":                {`["ECHO",""]`, `""`},
		"blanks around":        {" [ \"ECHO\" , \"x\" ] \n", `"x"`},
		"name in lower case":   {`["echo","x"]`, `"x"`},
		"html is left alone":   {`["ECHO","<&>"]`, `"<&>"`},
		"replacement sign":     {`["ECHO","\ufffd"]`, `"` + "\uFFFD" + `"`},
		"line separator stays": {`["ECHO","\u2028"]`, `"` + "\u2028" + `"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, header := request{Body: tt.body}.do(t, newServer(t))
			if diff := cmp.Diff(reply{200, `{"result":` + tt.want + `}`}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got := header.Get("Content-Type"); got != "application/json" {
				t.Errorf("content type %q", got)
			}
		})
	}
}

func TestIntegersAreExact(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	must(t, srv, `9007199254740993`, "INCRBY", "n", "9007199254740993")
	must(t, srv, `-9223372036854775808`, "INCRBY", "low", "-9223372036854775808")
}

func TestMalformedBodies(t *testing.T) {
	t.Parallel()
	const (
		badCommand = `{"error":"ERR failed to parse command"}`
		noCommand  = `{"error":"ERR empty command"}`
		badBatch   = `{"error":"ERR failed to parse pipeline request"}`
		noBatch    = `{"error":"ERR empty pipeline request"}`
	)
	srv := newServer(t)
	for name, tt := range map[string]struct{ path, body, want string }{
		"nothing":                 {"/", ``, noCommand},
		"blanks":                  {"/", " \n", noCommand},
		"empty array":             {"/", `[]`, noCommand},
		"object":                  {"/", `{"a":1}`, badCommand},
		"string":                  {"/", `"PING"`, badCommand},
		"cut":                     {"/", `["PING"`, badCommand},
		"two values":              {"/", `["PING"]["PING"]`, badCommand},
		"trailing comma":          {"/", `["PING",]`, badCommand},
		"null argument":           {"/", `["ECHO",null]`, badCommand},
		"nested array":            {"/", `["ECHO",["a"]]`, badCommand},
		"object argument":         {"/", `["ECHO",{}]`, badCommand},
		"invalid UTF-8":           {"/", "[\"ECHO\",\"\xff\"]", badCommand},
		"lone high surrogate":     {"/", `["ECHO","\ud800"]`, badCommand},
		"lone low surrogate":      {"/", `["ECHO","\udc00\ud800"]`, badCommand},
		"high surrogate and text": {"/", `["ECHO","\ud800x\udc00"]`, badCommand},
		"two high surrogates":     {"/", `["ECHO","\ud800\ud800"]`, badCommand},
		"pipeline: nothing":       {"/pipeline", ``, badBatch},
		"pipeline: empty":         {"/pipeline", `[]`, noBatch},
		"pipeline: object":        {"/pipeline", `{}`, badBatch},
		"pipeline: flat":          {"/pipeline", `["PING"]`, badBatch},
		"pipeline: null item":     {"/pipeline", `[["PING"],null]`, badBatch},
		"pipeline: null argument": {"/pipeline", `[["ECHO",null]]`, badBatch},
		"pipeline: deep":          {"/pipeline", `[[["PING"]]]`, badBatch},
		"multi-exec: nothing":     {"/multi-exec", ``, badBatch},
		"multi-exec: empty":       {"/multi-exec", `[]`, noBatch},
		"multi-exec: flat":        {"/multi-exec", `["PING"]`, badBatch},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, _ := request{Path: tt.path, Body: tt.body}.do(t, srv)
			if diff := cmp.Diff(reply{400, tt.want}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestBodyOverTheLimit(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	const limit = 10 << 20
	fits := `["SET","k","` + strings.Repeat("x", limit-len(`["SET","k",""]`)) + `"]`
	got, _ := request{Body: fits}.do(t, srv)
	if diff := cmp.Diff(reply{200, `{"result":"OK"}`}, got); diff != "" {
		t.Errorf("at the limit (-want +got):\n%s", diff)
	}
	got, _ = request{Body: fits + "  "}.do(t, srv)
	want := reply{400, `{"error":"ERR max request size exceeded. Limit: 10485760 bytes, Actual: 10485762 bytes"}`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("over the limit (-want +got):\n%s", diff)
	}
}

func TestCommandErrorsKeepTheirText(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	must(t, srv, `1`, "LPUSH", "list", "a")
	mustFail(t, srv, wrongType, "GET", "list")
	mustFail(t, srv, "NOSCRIPT No matching script. Please use EVAL.", "EVALSHA", strings.Repeat("0", 40), "0")
	mustFail(t, srv, "ERR wrong number of arguments for 'get' command", "GET")
	mustFail(t, srv, unavailable("NOSUCH"), "nosuch", "x")
	mustFail(t, srv, unavailable(strings.Repeat("X", 64)), strings.Repeat("x", 1000))
}

func TestMethodsAndPaths(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	for name, tt := range map[string]struct {
		ask  request
		want reply
	}{
		"DELETE":         {request{Method: http.MethodDelete}, reply{405, ""}},
		"PATCH":          {request{Method: http.MethodPatch, Body: `["PING"]`}, reply{405, ""}},
		"OPTIONS":        {request{Method: http.MethodOptions, NoAuth: true}, reply{405, ""}},
		"GET root":       {request{Method: http.MethodGet}, reply{400, `{"error":"ERR empty command"}`}},
		"GET pipeline":   {request{Method: http.MethodGet, Path: "/pipeline"}, reply{400, `{"error":"ERR failed to parse pipeline request"}`}},
		"empty segment":  {request{Path: "//x"}, reply{404, `{"error":"ERR not found"}`}},
		"PUT":            {request{Method: http.MethodPut, Body: `["PING"]`}, reply{200, `{"result":"PONG"}`}},
		"format json":    {request{Body: `["PING"]`, Header: map[string]string{"Upstash-Response-Format": "json"}}, reply{200, `{"result":"PONG"}`}},
		"format unknown": {request{Body: `["PING"]`, Header: map[string]string{"Upstash-Response-Format": "xml"}}, reply{400, `{"error":"ERR unsupported value of the Upstash-Response-Format header"}`}},
		"format ignored by multi-exec": {
			request{Path: "/multi-exec", Body: `[["PING"]]`, Header: map[string]string{"Upstash-Response-Format": "xml"}},
			reply{200, `[{"result":"PONG"}]`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, header := tt.ask.do(t, srv)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got.Status == 405 && header.Get("Allow") != "HEAD, GET, POST, PUT" {
				t.Errorf("Allow is %q", header.Get("Allow"))
			}
		})
	}
}
