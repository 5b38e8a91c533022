package upstashtest_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// Whatever the body, the answer is below 500 and JSON of the right shape.
func FuzzRequestBody(f *testing.F) {
	for _, body := range []string{
		`["PING"]`, `[["PING"],["GET","k"]]`, `[]`, `[[]]`, `["SET","k",1e5,"EX",10]`, `["ECHO","\ud83d\ude00"]`,
		`["ECHO","\ud800"]`, `{"a":[1]}`, `[null]`, `["SETRANGE","k",99999999999,"x"]`, "[\"ECHO\",\"\xff\"]",
		`["SCRIPT","LOAD","#!lua flags=allow-key-locking\nreturn 1"]`, `["SET","k","v","IFEQ"]`, `["XREAD","BLOCK",0]`,
		`["DELEX","k","IFNE","v"]`, `["COMMAND"]`, `["ZADD","z","nan","m"]`, `["LPOP","l","-1"]`,
	} {
		for _, path := range []string{"/", "/pipeline", "/multi-exec"} {
			f.Add(path, []byte(body))
		}
	}
	srv, err := upstashtest.NewServer(upstashtest.Options{InProcess: true, Clock: fixedClock})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(srv.Close)
	client := &http.Client{Transport: srv.Transport()}

	f.Fuzz(func(t *testing.T, path string, body []byte) {
		switch path {
		case "/", "/pipeline", "/multi-exec":
		default:
			t.Skip("a path of the other fuzz target")
		}
		srv.Flush() // an input that fails must fail alone
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL+path, strings.NewReader(string(body)))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+srv.Token)
		if len(body)%2 == 0 {
			req.Header.Set("Upstash-Encoding", "base64")
		}
		got, _ := exchange(t, client, req)
		if got.Status >= 500 || !json.Valid([]byte(got.Body)) {
			t.Fatalf("%d %s", got.Status, got.Body)
		}
		array := path != "/" && got.Status == http.StatusOK
		if want := map[bool]byte{true: '[', false: '{'}[array]; got.Body[0] != want {
			t.Fatalf("%d %s", got.Status, got.Body)
		}
	})
}
