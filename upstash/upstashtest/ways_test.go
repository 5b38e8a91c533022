package upstashtest_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// ways are how a command can get to a server, for [answered].
var ways = []string{"directly", "in a pipeline", "in a transaction", "in a script"}

// answered executes a command in one of the ways, without a socket, and returns
// its result as JSON or its error text.
func answered(t *testing.T, srv *upstashtest.Server, way string, command []string) string {
	t.Helper()
	path, body := "/", any(command)
	switch way {
	case "in a pipeline":
		path, body = "/pipeline", [][]string{command}
	case "in a transaction":
		path, body = "/multi-exec", [][]string{command}
	case "in a script":
		body = append([]string{"EVAL", "return redis.pcall(unpack(ARGV))", "0"}, command...)
	}
	req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(array(t, body)))
	req.Header.Set("Authorization", "Bearer "+srv.Token)
	rec := httptest.NewRecorder()
	srv.Handler().ServeHTTP(rec, req)

	text := strings.TrimSpace(rec.Body.String())
	if strings.HasPrefix(text, "[") {
		text = text[1 : len(text)-1]
	}
	var item struct {
		Result json.RawMessage
		Error  *string
	}
	if err := json.Unmarshal([]byte(text), &item); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	if item.Error == nil {
		return string(item.Result)
	}
	if *item.Error == "ERR Wrong number of args calling Redis command from script" { // as Redis words it there
		return "ERR wrong number of arguments for '" + strings.ToLower(command[0]) + "' command"
	}
	return strings.TrimPrefix(*item.Error, "EXECABORT Transaction discarded because of: ")
}
