package upstashtest_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func TestRequestString(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("k", 100)
	many := strings.Fields("DEL a b c d e f")
	for name, tt := range map[string]struct {
		r    upstashtest.Request
		want string
	}{
		"zero":           {upstashtest.Request{}, " / -> no answer, 0 billed"},
		"key only":       {upstashtest.Request{Method: "POST", Path: "/", Commands: [][]string{{"get", "k"}}, Status: 200, Billed: 1}, "POST / GET k -> 200, 1 billed"},
		"value":          {upstashtest.Request{Method: "POST", Path: "/", Commands: [][]string{{"SET", "k", "secret"}}, Status: 200, Billed: 1}, "POST / SET k (+6 bytes) -> 200, 1 billed"},
		"path":           {upstashtest.Request{Method: "GET", Path: "/set/k/secret", Commands: [][]string{{"set", "k", "secret"}}, Status: 200, Billed: 1}, "GET / SET k (+6 bytes) -> 200, 1 billed"},
		"script":         {upstashtest.Request{Method: "POST", Path: "/", Commands: [][]string{{"EVAL", "return 1", "2", "a", "b", "x"}}, Status: 200, Billed: 1}, "POST / EVAL a b (+10 bytes) -> 200, 1 billed"},
		"pairs":          {upstashtest.Request{Method: "POST", Path: "/", Commands: [][]string{{"MSET", "a", "1", "b", "2"}}, Status: 200, Billed: 1}, "POST / MSET a b (+2 bytes) -> 200, 1 billed"},
		"batch":          {upstashtest.Request{Method: "POST", Path: "/pipeline", Commands: [][]string{{"GET", "k"}, {}, {"PING"}}, Status: 200, Billed: 1}, "POST /pipeline GET k; (empty); PING -> 200, 1 billed"},
		"many keys":      {upstashtest.Request{Method: "POST", Path: "/", Commands: [][]string{many}, Status: 200}, "POST / DEL a b c d and 2 keys -> 200, 0 billed"},
		"many commands":  {upstashtest.Request{Method: "POST", Path: "/multi-exec", Commands: make([][]string, 9), Status: 200}, "POST /multi-exec" + strings.Repeat(" (empty);", 8) + " and 1 command -> 200, 0 billed"},
		"long key":       {upstashtest.Request{Method: "POST", Path: "/", Commands: [][]string{{"GET", long}}, Status: 200}, `POST / GET "` + long[:64] + `"... -> 200, 0 billed`},
		"odd keys":       {upstashtest.Request{Method: "POST", Path: "/", Commands: [][]string{{"MGET", "", "a b", "\x00\xff", "né;"}}, Status: 200}, `POST / MGET "" "a b" "\x00\xff" "né;" -> 200, 0 billed`},
		"value for name": {upstashtest.Request{Method: "POST", Path: "/", Commands: [][]string{{"my secret", "x"}}, Status: 400}, "POST / (2 words) -> 400, 0 billed"},
		"fault":          {upstashtest.Request{Method: "POST", Path: "/", Commands: [][]string{{"PING"}}, Fault: "drop"}, "POST / PING -> no answer, 0 billed (intercepted: drop)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, tt.r.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
