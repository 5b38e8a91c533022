package upstash_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

var sentinels = []error{upstash.ErrUnauthorized, upstash.ErrRateLimited, upstash.ErrTooLarge, upstash.ErrTxAborted, upstash.ErrNil}

// matched lists what an error is.
func matched(err error) []error {
	var list []error
	for _, sentinel := range sentinels {
		if errors.Is(err, sentinel) {
			list = append(list, sentinel)
		}
	}
	return list
}

var serverTexts = []struct {
	text string
	is   error
}{
	{"ERR max requests limit exceeded", upstash.ErrRateLimited},
	{"ERR max requests limit exceeded. Limit: 500000, Usage: 500001. See https://upstash.com/docs", upstash.ErrRateLimited},
	{"ERR max daily request limit exceeded. Limit: 10000, Usage: 10001. See https://upstash.com/docs", upstash.ErrRateLimited},
	{"ERR max request size exceeded. Limit: 1048576 bytes, Actual: 1048577 bytes", upstash.ErrTooLarge},
	{"ERR max single record size exceeded", upstash.ErrTooLarge},
	{"ERR max key size exceeded. Limit: 32768 bytes, Actual: 40000 bytes", upstash.ErrTooLarge},
	{"WRONGPASS invalid password", upstash.ErrUnauthorized},
	{"WRONGPASS invalid username-password pair or user is disabled", upstash.ErrUnauthorized},
	{"NOAUTH Authentication required", upstash.ErrUnauthorized},
	{"NOPERM this user has no permissions to run the 'set' command or its subcommand", nil},
	{"ERR DB capacity quota exceeded", nil},
	{"ERR value is not an integer or out of range", nil},
	{"WRONGTYPE max requests limit", nil},
}

func TestServerTextsAreRecognized(t *testing.T) {
	t.Parallel()
	two := []command.Args{command.Get("k").Args(), command.Incr("k").Args()}
	for _, test := range serverTexts {
		t.Run(test.text, func(t *testing.T) {
			t.Parallel()
			text, err := json.Marshal(test.text)
			if err != nil {
				t.Fatal(err)
			}
			object := `{"error":` + string(text) + `}`
			var want []error
			if test.is != nil {
				want = []error{test.is}
			}
			check := func(where string, err error, want []error) {
				t.Helper()
				_ = mustBeTyped(t, err)
				if diff := cmp.Diff(want, matched(err), cmp.Comparer(func(a, b error) bool { return a == b })); diff != "" { //nolint:errorlint // identity is meant
					t.Errorf("%s: %v (-want +got)\n%s", where, err, diff)
				}
			}
			for _, status := range []int{200, 400} {
				rdb := newClient(t, mock(answer(status, inJSON, object)))
				_, err := rdb.Get(t.Context(), "k")
				check("alone", err, want)
				_, err = rdb.Do(t.Context(), upstash.Batch{Commands: two})
				check("whole pipeline", err, want)
				_, err = rdb.Do(t.Context(), upstash.Batch{Commands: two, Atomic: true})
				check("whole transaction", err, append(slices.Clip(want), upstash.ErrTxAborted))
			}
			rdb := newClient(t, mock(answer(200, inJSON, `[`+object+`,`+object+`]`)))
			replies, err := rdb.Do(t.Context(), upstash.Batch{Commands: two})
			if err != nil {
				t.Fatal(err)
			}
			_, err = upstash.Decode(command.Incr("k"), replies[1], 1)
			check("item", err, want)
		})
	}
}

// A discarded transaction is told by the body, not by the status.
func TestDiscardedTransaction(t *testing.T) {
	t.Parallel()
	const body = `{"error":"EXECABORT Transaction discarded because of: ERR unknown command"}`
	two := []command.Args{command.Set("k", "v").Args(), command.Incr("n").Args()}
	for _, status := range []int{200, 400} {
		for op, b := range map[string]upstash.Batch{
			"transaction of 2": {Commands: two, Atomic: true},
			"transaction of 1": {Commands: two[:1], Atomic: true},
		} {
			m := mock(answer(status, inJSON, body))
			_, err := newClient(t, m).Do(t.Context(), b)
			want := verdict{Op: op, Code: "EXECABORT", Status: status, Index: -1, Sent: true, Attempts: 1, Safe: true}
			if diff := cmp.Diff(want, verdictOf(t, err)); diff != "" {
				t.Errorf("%d (-want +got)\n%s", status, diff)
			}
			if !errors.Is(err, upstash.ErrTxAborted) {
				t.Errorf("%d: %v is not ErrTxAborted", status, err)
			}
			var server *command.Error
			if !errors.As(err, &server) || server.Code != "EXECABORT" {
				t.Errorf("%d: the server's error is not reachable from %v", status, err)
			}
			if n := m.GetTotalCallCount(); n != 1 {
				t.Errorf("%d requests were made", n)
			}
		}
	}
}
