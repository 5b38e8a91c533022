package upstashtest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPipelineGoesOnAfterAnError(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	got, _ := request{Path: "/pipeline", Body: `[["SET","k","v"],["LPUSH","k","x"],[],["NOSUCH"],["BLPOP","q",0],["GET"],["GET","k"]]`}.do(t, srv)
	want := reply{200, `[{"result":"OK"},{"error":"` + wrongType + `"},{"error":"ERR empty pipeline command"},` +
		`{"error":"` + unavailable("NOSUCH") + `"},{"error":"` + unavailable("BLPOP") + `"},` +
		`{"error":"ERR wrong number of arguments for 'get' command"},{"result":"v"}]`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTransactionKeepsGoingAfterARuntimeError(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	got, _ := request{Path: "/multi-exec", Body: `[["SET","k","v"],["INCR","k"],["SET","k","w","EX","no"],["GET","k"]]`}.do(t, srv)
	want := reply{200, `[{"result":"OK"},{"error":"ERR value is not an integer or out of range"},` +
		`{"error":"ERR value is not an integer or out of range"},{"result":"v"}]`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTransactionIsDiscardedAsAWhole(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ bad, reason string }{
		"unknown":       {`["NOSUCH","x"]`, unavailable("NOSUCH")},
		"refused":       {`["BLPOP","q",0]`, unavailable("BLPOP")},
		"blocking read": {`["XREAD","BLOCK",0,"STREAMS","s","$"]`, unavailable("XREAD")},
		"empty":         {`[]`, "ERR empty pipeline command"},
		"too few":       {`["GET"]`, "ERR wrong number of arguments for 'get' command"},
		"too many":      {`["GET","a","b"]`, "ERR wrong number of arguments for 'get' command"},
		"newer command": {`["GETDEL"]`, "ERR wrong number of arguments for 'getdel' command"},
		"supplement":    {`["DELEX"]`, "ERR wrong number of arguments for 'delex' command"},
		"nested multi":  {`["MULTI"]`, unavailable("MULTI")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := newServer(t)
			got, _ := request{Path: "/multi-exec", Body: `[["SET","a","1"],` + tt.bad + `,["SET","b","2"]]`}.do(t, srv)
			want := reply{400, `{"error":"EXECABORT Transaction discarded because of: ` + tt.reason + `"}`}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if billed := srv.Meter().Commands; billed != 0 {
				t.Errorf("%d commands billed", billed)
			}
			must(t, srv, `0`, "DBSIZE")
		})
	}
}

// Transfers between accounts keep the total, and a transaction that reads all
// accounts never sees half of one.
func TestTransactionsAreAtomic(t *testing.T) {
	t.Parallel()
	const accounts, clients, rounds = 4, 8, 25
	srv := newServer(t)
	for i := range accounts {
		must(t, srv, `"OK"`, "SET", fmt.Sprintf("account:%d", i), "100")
	}
	var readers []string
	for i := range accounts {
		readers = append(readers, fmt.Sprintf(`["GET","account:%d"]`, i))
	}
	read := `[` + strings.Join(readers, ",") + `]`

	var wg sync.WaitGroup
	for c := range clients {
		wg.Go(func() {
			for round := range rounds {
				from, to := (c+round)%accounts, (c+round+1+c%3)%accounts
				transfer := fmt.Sprintf(`[["DECRBY","account:%d",7],["ECHO","x"],["INCRBY","account:%d",7]]`, from, to)
				request{Path: "/multi-exec", Body: transfer}.do(t, srv)

				got, _ := request{Path: "/multi-exec", Body: read}.do(t, srv)
				var items []struct {
					Result json.Number `json:"result"`
				}
				if err := json.Unmarshal([]byte(got.Body), &items); err != nil {
					t.Errorf("%v in %s", err, got.Body)
					return
				}
				sum := int64(0)
				for _, item := range items {
					n, _ := item.Result.Int64()
					sum += n
				}
				if sum != accounts*100 {
					t.Errorf("total is %d in %s", sum, got.Body)
				}
			}
		})
	}
	wg.Wait()
}

// Every command that waits or that changes a connection is refused, alone, in
// batches and from scripts, and the server answers as before.
func TestCommandsThatRESTRefuses(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	for _, command := range []string{
		"BLPOP q 0", "BRPOP q 0", "BRPOPLPUSH q r 0", "BLMOVE q r LEFT LEFT 0", "BLMPOP 0 1 q LEFT",
		"BZPOPMIN z 0", "BZPOPMAX z 0", "BZMPOP 0 1 z MIN",
		"XREAD BLOCK 0 STREAMS s $", "XREAD COUNT 1 block 0 STREAMS s $",
		"XREADGROUP GROUP g c BLOCK 0 STREAMS s >", "XREADGROUP GROUP g c COUNT STREAMS BLOCK 0 STREAMS s >",
		"AUTH x", "HELLO 3", "SELECT 1", "QUIT", "RESET", "CLIENT SETNAME x", "READONLY",
		"MULTI", "EXEC", "DISCARD", "WATCH k", "UNWATCH",
		"SUBSCRIBE c", "PSUBSCRIBE c", "UNSUBSCRIBE", "PUNSUBSCRIBE", "SSUBSCRIBE c", "MONITOR",
		"CLUSTER INFO", "SWAPDB 0 1", "MOVE k 1", "OBJECT ENCODING k", "SHUTDOWN", "DEBUG SLEEP 9", "SORT k",
	} {
		words := strings.Fields(command)
		mustFail(t, srv, unavailable(strings.ToUpper(words[0])), words...)

		batch, _ := request{Path: "/pipeline", Body: "[" + array(t, words) + "]"}.do(t, srv)
		if diff := cmp.Diff(reply{200, `[{"error":"` + unavailable(words[0]) + `"}]`}, batch); diff != "" {
			t.Errorf("%s in a pipeline (-want +got):\n%s", command, diff)
		}
		script := `return redis.pcall('` + strings.Join(words, `','`) + `')`
		if got := run(t, srv, "EVAL", script, "0"); got.Status != 400 {
			t.Errorf("%s from a script: %+v", command, got)
		}
		must(t, srv, `"PONG"`, "PING")
	}
	must(t, srv, `0`, "DBSIZE")
}

// A group, a consumer or a stream may be called what an option is called.
func TestBlockAsAName(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	must(t, srv, `"OK"`, "XGROUP", "CREATE", "block", "block", "$", "MKSTREAM")
	must(t, srv, `null`, "XREADGROUP", "GROUP", "block", "BLOCK", "STREAMS", "block", ">")
	must(t, srv, `null`, "XREAD", "STREAMS", "BLOCK", "0")
}
