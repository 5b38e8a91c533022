package upstashtest_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The log shows what a path became.
func TestPathStyle(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		ask  request
		want []string
	}{
		"segments":               {request{Method: http.MethodGet, Path: "/ECHO/a"}, []string{"ECHO", "a"}},
		"slash inside":           {request{Path: "/echo/a%2Fb"}, []string{"echo", "a/b"}},
		"percent inside":         {request{Path: "/echo/100%25"}, []string{"echo", "100%"}},
		"blank":                  {request{Path: "/echo/a%20b"}, []string{"echo", "a b"}},
		"plus stays":             {request{Path: "/echo/a+b"}, []string{"echo", "a+b"}},
		"unicode":                {request{Path: "/echo/gr%C3%BC%C3%9F"}, []string{"echo", "grüß"}},
		"not UTF-8":              {request{Path: "/echo/%ff"}, []string{"echo", "\xff"}},
		"empty argument":         {request{Path: "/echo/"}, []string{"echo", ""}},
		"body last":              {request{Path: "/set/k", Body: "v"}, []string{"set", "k", "v"}},
		"body by PUT":            {request{Method: http.MethodPut, Path: "/set/k", Body: "v"}, []string{"set", "k", "v"}},
		"binary body":            {request{Path: "/set/k", Body: "\x00\xff\"\n"}, []string{"set", "k", "\x00\xff\"\n"}},
		"query after the body":   {request{Path: "/set/k?EX=100&NX", Body: "v"}, []string{"set", "k", "v", "EX", "100", "NX"}},
		"query keeps its order":  {request{Path: "/set/k/v?NX&EX=100&GET"}, []string{"set", "k", "v", "NX", "EX", "100", "GET"}},
		"query decoded":          {request{Path: "/echo?a%26b%2F=c+d"}, []string{"echo", "a&b/", "c d"}},
		"query without a value":  {request{Path: "/set/k/v?NX="}, []string{"set", "k", "v", "NX"}},
		"token is no argument":   {request{Path: "/set/k/v?EX=9&_token=secret&NX"}, []string{"set", "k", "v", "EX", "9", "NX"}},
		"encoded token neither":  {request{Path: "/get/k?%5Ftoken=secret"}, []string{"get", "k"}},
		"HEAD":                   {request{Method: http.MethodHead, Path: "/get/k"}, []string{"get", "k"}},
		"endpoint with argument": {request{Path: "/pipeline/x"}, []string{"pipeline", "x"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := newServer(t)
			tt.ask.do(t, srv)
			log := srv.Requests()
			if len(log) != 1 {
				t.Fatalf("%d requests logged", len(log))
			}
			if diff := cmp.Diff([][]string{tt.want}, log[0].Commands); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestPathStyleAnswers(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	base64 := map[string]string{"Upstash-Encoding": "base64"}
	steps := []struct {
		ask  request
		want reply
	}{
		{request{Path: "/set/bin?EX=100", Body: "\x00\xff"}, reply{200, `{"result":"OK"}`}},
		{request{Method: http.MethodGet, Path: "/get/bin", Header: base64}, reply{200, `{"result":"AP8="}`}},
		{request{Method: http.MethodGet, Path: "/get/bin"}, reply{200, `{"result":"\u0000` + "\uFFFD" + `"}`}},
		{request{Method: http.MethodHead, Path: "/get/bin"}, reply{200, ""}},
		{request{Path: "/ttl/bin"}, reply{200, `{"result":100}`}},
		{request{Path: "/lpush/bin/x"}, reply{400, `{"error":"` + wrongType + `"}`}},
		{request{Path: "/get/bin?%zz"}, reply{400, `{"error":"ERR failed to parse command"}`}},
	}
	for _, s := range steps {
		got, _ := s.ask.do(t, srv)
		if diff := cmp.Diff(s.want, got); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", s.ask.Method, s.ask.Path, diff)
		}
	}
}
