package upstash_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// fault is an answer to which no command has a reply.
type fault struct {
	status      int
	contentType string
	body        string
	batchBody   string // where a batch is answered in another way
	code        string
	unknown     bool // the commands may have run
	is          error
	says        string
}

const (
	inJSON = "application/json"
	inHTML = "text/html; charset=utf-8"
	page   = "<html><body><h1>Bad gateway</h1></body></html>"
)

var faults = map[string]fault{
	"wrong token": {status: 401, contentType: inJSON, body: `{"error":"WRONGPASS invalid or missing auth token"}`,
		code: "WRONGPASS", is: upstash.ErrUnauthorized, says: "use the REST token"},
	"old wrong token":       {status: 401, contentType: inJSON, body: `{"error":"Unauthorized"}`, code: "ERR", is: upstash.ErrUnauthorized, says: "Unauthorized"},
	"wrong token, as text":  {status: 401, contentType: "text/plain", body: "Unauthorized", is: upstash.ErrUnauthorized, says: "use the REST token"},
	"forbidden":             {status: 403, contentType: inJSON, body: `{"error":"ERR address not allowed"}`, code: "ERR", says: "address not allowed"},
	"no such path":          {status: 404, contentType: "text/plain", body: "404 page not found", says: "text/plain instead of JSON"},
	"no such database":      {status: 404, contentType: inJSON, body: `{"error":"ERR not found"}`, code: "ERR", says: "not found"},
	"method, empty body":    {status: 405, says: "without an error of the protocol"},
	"too large":             {status: 413, contentType: inHTML, body: page, is: upstash.ErrTooLarge, says: "text/html instead of JSON"},
	"slow down":             {status: 429, is: upstash.ErrRateLimited, says: "HTTP status 429"},
	"slow down, as JSON":    {status: 429, contentType: inJSON, body: `{"error":"ERR slow down"}`, code: "ERR", is: upstash.ErrRateLimited, says: "slow down"},
	"bad request, not JSON": {status: 400, contentType: inHTML, body: page, says: "text/html instead of JSON"},
	"bad request, empty":    {status: 400, says: "the answer is empty"},
	"server error":          {status: 500, contentType: inJSON, body: `{"error":"ERR upstream is down"}`, code: "ERR", unknown: true, says: "upstream is down"},
	"proxy":                 {status: 502, contentType: inHTML, body: page, unknown: true, says: "text/html instead of JSON"},
	"unavailable":           {status: 503, unknown: true, says: "HTTP status 503"},
	"redirect":              {status: 301, says: "redirects are not followed"},
	"redirect after a POST": {status: 303, unknown: true, says: "redirects are not followed"},
	"other success":         {status: 202, contentType: inJSON, body: `{"result":"OK"}`, unknown: true, says: "HTTP status 202"},
	"page instead of JSON":  {status: 200, contentType: inHTML, body: page, unknown: true, says: "not what the protocol says"},
	"empty body":            {status: 200, contentType: inJSON, unknown: true, says: "the answer is empty"},
	"truncated": {status: 200, contentType: inJSON, body: `{"result":"aGVs`, batchBody: `[{"result":"aGVs"},{"resu`,
		unknown: true, says: "the body ends after"},
	"wrong base64": {status: 200, contentType: inJSON, body: `{"result":"` + marker + `"}`, batchBody: `[{"result":1},{"result":["` + marker + `"]}]`,
		unknown: true, says: "not base64"},
	"trailing": {status: 200, contentType: inJSON, body: `{"result":1}{}`, batchBody: `[{"result":1},{"result":1}]]`,
		unknown: true, says: "something follows"},
	"fraction": {status: 200, contentType: inJSON, body: `{"result":1.5}`, batchBody: `[{"result":1},{"result":1.5}]`,
		unknown: true, says: "64-bit integer"},
	"array and object exchanged": {status: 200, contentType: inJSON, body: `[{"result":1},{"result":2}]`, batchBody: `{"result":1}`,
		unknown: true, says: "belongs"},
	"fewer results":    {status: 200, contentType: inJSON, body: `{}`, batchBody: `[{"result":1}]`, unknown: true, says: "result"},
	"no results":       {status: 200, contentType: inJSON, body: `null`, batchBody: `[]`, unknown: true, says: "not what the protocol says"},
	"more results":     {status: 200, contentType: inJSON, body: `{"result":1,"result":2}`, batchBody: `[{"result":1},{"result":2},{"result":3}]`, unknown: true, says: "not what the protocol says"},
	"bare values":      {status: 200, contentType: inJSON, body: `1`, batchBody: `[1,2]`, unknown: true, says: "not what the protocol says"},
	"broken 500":       {status: 500, contentType: inJSON, body: `{"error":{"code":7}}`, unknown: true, says: "without an error of the protocol"},
	"result with 500":  {status: 500, contentType: inJSON, body: `{"result":"OK"}`, unknown: true, says: "without an error of the protocol"},
	"broken JSON, 400": {status: 400, contentType: inJSON, body: `{"error":`, says: "without an error of the protocol"},
}

func (f fault) answer(op operation) string {
	if op.batch && f.batchBody != "" {
		return f.batchBody
	}
	return f.body
}

func TestFaults(t *testing.T) {
	t.Parallel()
	for name, f := range faults {
		for _, op := range operations() {
			t.Run(name+"/"+op.name, func(t *testing.T) {
				t.Parallel()
				m := mock(answer(f.status, f.contentType, f.answer(op)))
				err := op.run(t, newClient(t, m))
				if n := m.GetTotalCallCount(); n != 1 {
					t.Errorf("%d requests were made", n)
				}
				want := verdict{
					Op: op.name, Code: f.code, Status: f.status, Index: -1, Sent: true, Attempts: 1,
					Safe: !f.unknown || op.repeatable, Unknown: f.unknown,
				}
				if diff := cmp.Diff(want, verdictOf(t, err)); diff != "" {
					t.Errorf("%v (-want +got)\n%s", err, diff)
				}
				if !strings.Contains(err.Error(), f.says) {
					t.Errorf("%q does not say %q", err, f.says)
				}
				for _, sentinel := range sentinels {
					if errors.Is(err, sentinel) != (sentinel == f.is) { //nolint:errorlint // identity is meant
						t.Errorf("%v: errors.Is %v is %v", err, sentinel, sentinel != f.is) //nolint:errorlint // as above
					}
				}
			})
		}
	}
}

// A command's own error is an answer, whatever the status it comes with.
func TestCommandErrors(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 400} {
		m := mock(answer(status, inJSON, `{"error":"WRONGTYPE Operation against a key"}`))
		_, err := newClient(t, m).Incr(t.Context(), "k")
		want := verdict{Op: "INCR", Code: "WRONGTYPE", Sent: true, Attempts: 1}
		if diff := cmp.Diff(want, verdictOf(t, err)); diff != "" {
			t.Errorf("%d: %v (-want +got)\n%s", status, err, diff)
		}
		var server *command.Error
		if !errors.As(err, &server) || server.Code != "WRONGTYPE" || err.Error() != "upstash: INCR: WRONGTYPE Operation against a key" {
			t.Errorf("%d: got %v", status, err)
		}
		if n := m.GetTotalCallCount(); n != 1 {
			t.Errorf("%d: %d requests were made", status, n)
		}
	}
}

func TestReplyOfAnotherShape(t *testing.T) {
	t.Parallel()
	m := mock(answer(200, inJSON, `{"result":["YQ=="]}`))
	_, err := newClient(t, m).Get(t.Context(), "k")
	if diff := cmp.Diff(verdict{Op: "GET", Sent: true, Attempts: 1}, verdictOf(t, err)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	var decode *command.DecodeError
	if !errors.As(err, &decode) || decode.Got != "array of 1" {
		t.Errorf("got %v", err)
	}
}

// A pipeline's items fail one by one.
func TestErrorsInsideAPipeline(t *testing.T) {
	t.Parallel()
	m := mock(answer(200, inJSON, `[{"error":"NOSCRIPT no"},{"result":7}]`))
	replies, err := newClient(t, m).Do(t.Context(), upstash.Batch{Commands: []command.Args{
		command.EvalSha("00", nil).Args(), command.Incr("k").Args(),
	}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = upstash.Decode(command.EvalSha("00", nil), replies[0], 4)
	if diff := cmp.Diff(verdict{Op: "EVALSHA", Code: "NOSCRIPT", Index: 4, Sent: true, Attempts: 1}, verdictOf(t, err)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if !upstash.IsNoScript(err) || upstash.IsNoScript(context.Canceled) {
		t.Errorf("IsNoScript does not know %v", err)
	}
	if n, err := upstash.Decode(command.Incr("k"), replies[1], 1); n != 7 || err != nil {
		t.Error(n, err)
	}
}
