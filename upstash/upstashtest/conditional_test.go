package upstashtest_test

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// conditionalCase is one command on one prepared key, and what it leaves.
type conditionalCase struct {
	key   string // the value of k before: a string, "<absent>" or "<list>"
	words string
	want  string // the result as JSON, or an error text
	left  string // the value of k after, as key; "" means unchanged
}

var conditionalCases = []conditionalCase{
	{"old", "SET k new IFEQ old", `"OK"`, "new"},
	{"old", "SET k new IFEQ other", `null`, ""},
	{"<absent>", "SET k new IFEQ old", `null`, ""},
	{"<list>", "SET k new IFEQ old", wrongType, ""},
	{"old", "SET k new IFNE other", `"OK"`, "new"},
	{"old", "SET k new IFNE old", `null`, ""},
	{"<absent>", "SET k new IFNE old", `"OK"`, "new"},
	{"<list>", "SET k new IFNE old", wrongType, ""},
	{"old", "SET k new ifeq old get", `"old"`, "new"},
	{"old", "SET k new IFEQ other GET", `"old"`, ""},
	{"<absent>", "SET k new IFEQ old GET", `null`, ""},
	{"<absent>", "SET k new GET IFNE old", `null`, "new"},
	{"<list>", "SET k new IFNE old GET", wrongType, ""},
	{"old", "SET k new IFEQ old EX 100", `"OK"`, "new"},
	{"old", "SET k new PX 100 IFEQ old", `"OK"`, "new"},
	{"old", "SET k new IFEQ old KEEPTTL", `"OK"`, "new"},
	{"old", "SET k new IFEQ old NX", "ERR syntax error", ""},
	{"old", "SET k new XX IFNE old", "ERR syntax error", ""},
	{"old", "SET k new IFEQ old IFNE x", "ERR syntax error", ""},
	{"old", "SET k new IFEQ", "ERR syntax error", ""},
	{"old", "SET k new NX XX", "ERR syntax error", ""},
	{"old", "SET k new EX 1 KEEPTTL", "ERR syntax error", ""},
	{"old", "SET k new EX 1 PX 1", "ERR syntax error", ""},
	{"old", "SET k new EX", "ERR syntax error", ""},
	{"old", "SET k new BOGUS", "ERR syntax error", ""},
	{"old", "SET k new IFEQ other EX no", "ERR value is not an integer or out of range", ""},
	{"old", "SET k new IFEQ other EX 0", "ERR invalid expire time in 'set' command", ""},
	{"old", "SET k new EX 9223372036854775807", "ERR invalid expire time in 'set' command", ""},
	{"old", "SET k new IFEQ old PXAT 1", `"OK"`, "<absent>"},
	{"old", "SET k new NX GET", `"old"`, ""},
	{"IFEQ", "SET k new IFEQ IFEQ", `"OK"`, "new"},

	{"old", "DELEX k", `1`, "<absent>"},
	{"<list>", "DELEX k", `1`, "<absent>"},
	{"<absent>", "DELEX k", `0`, ""},
	{"old", "DELEX k IFEQ old", `1`, "<absent>"},
	{"old", "DELEX k IFEQ other", `0`, ""},
	{"<absent>", "DELEX k IFEQ old", `0`, ""},
	{"<list>", "DELEX k IFEQ old", "ERR Key should be of string type if conditions are specified", ""},
	{"old", "DELEX k ifne other", `1`, "<absent>"},
	{"old", "DELEX k IFNE old", `0`, ""},
	{"<absent>", "DELEX k IFNE old", `0`, ""},
	{"<list>", "DELEX k IFNE old", "ERR Key should be of string type if conditions are specified", ""},
	{"old", "DELEX k IFEQ", "ERR wrong number of arguments for 'delex' command", ""},
	{"old", "DELEX k IFEQ a b", "ERR wrong number of arguments for 'delex' command", ""},
	{"old", "DELEX k BOGUS a", "ERR Invalid condition. Use IFEQ, IFNE, IFDEQ, or IFDNE", ""},
}

// conditionalWays are how a command can get to a server.
var conditionalWays = []string{"directly", "in a pipeline", "in a transaction", "in a script"}

// The same commands in all ways.
func TestConditionalWrites(t *testing.T) {
	t.Parallel()
	for _, c := range slices.Concat(conditionalCases, digestCases) {
		for _, way := range conditionalWays {
			t.Run(c.key+": "+c.words+" "+way, func(t *testing.T) {
				t.Parallel()
				c.check(t, newServer(t), way)
			})
		}
	}
}

// check executes a case in one of the ways on a server that holds nothing.
func (c conditionalCase) check(t *testing.T, srv *upstashtest.Server, way string) {
	t.Helper()
	switch c.key {
	case "<absent>":
	case "<list>":
		must(t, srv, `1`, "RPUSH", "k", "x")
	default:
		must(t, srv, `"OK"`, "SET", "k", c.key)
	}
	ask, want := c.request(t, way)
	got, _ := ask.do(t, srv)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: %s, %s (-want +got):\n%s", c.key, c.words, way, diff)
	}
	left := c.left
	if left == "" {
		left = c.key
	}
	switch left {
	case "<absent>":
		must(t, srv, `"none"`, "TYPE", "k")
	case "<list>":
		must(t, srv, `["x"]`, "LRANGE", "k", "0", "-1")
	default:
		must(t, srv, `"`+left+`"`, "GET", "k")
	}
}

// request is the command in one of the ways, and the wanted answer.
func (c conditionalCase) request(t *testing.T, way string) (request, reply) {
	t.Helper()
	item, status := `{"result":`+c.want+`}`, 200
	if strings.Contains(c.want, " ") {
		item, status = array(t, map[string]string{"error": c.want}), 400
	}
	command := strings.Fields(c.words)
	switch way {
	case "in a pipeline":
		return request{Path: "/pipeline", Body: "[" + array(t, command) + "]"}, reply{200, "[" + item + "]"}
	case "in a transaction":
		return request{Path: "/multi-exec", Body: "[" + array(t, command) + "]"}, reply{200, "[" + item + "]"}
	case "in a script":
		call := `return redis.pcall('` + strings.Join(command, `','`) + `')`
		return request{Body: array(t, []string{"EVAL", call, "1", "k"})}, reply{status, item}
	}
	return request{Body: array(t, command)}, reply{status, item}
}

func TestConditionalWritesAndExpiry(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	must(t, srv, `"OK"`, "SET", "k", "a", "EX", "100")
	must(t, srv, `"OK"`, "SET", "k", "b", "IFEQ", "a", "KEEPTTL")
	must(t, srv, `100`, "TTL", "k")
	must(t, srv, `null`, "SET", "k", "c", "IFEQ", "a", "EX", "5")
	must(t, srv, `100`, "TTL", "k")
	must(t, srv, `"OK"`, "SET", "k", "c", "IFEQ", "b")
	must(t, srv, `-1`, "TTL", "k")
	must(t, srv, `"OK"`, "SET", "k", "d", "IFEQ", "c", "PX", "1500")
	must(t, srv, `1500`, "PTTL", "k")

	// The empty key is a key, and binary values compare as bytes.
	must(t, srv, `"OK"`, "SET", "", "x")
	must(t, srv, `0`, "DELEX", "", "IFEQ", "y")
	must(t, srv, `1`, "DELEX", "", "IFEQ", "x")
	request{Path: "/set/bin", Body: "\xff\r\n"}.do(t, srv)
	got, _ := request{Path: "/delex/bin/ifeq", Body: "\xff\r\n"}.do(t, srv)
	if diff := cmp.Diff(reply{200, `{"result":1}`}, got); diff != "" {
		t.Errorf("binary (-want +got):\n%s", diff)
	}
}

// Of many writers that saw the same value exactly one gets its own in.
func TestConditionalWritesAreAtomic(t *testing.T) {
	t.Parallel()
	const writers, rounds = 64, 5
	srv := newServer(t)
	must(t, srv, `"OK"`, "SET", "k", "0")
	for round := range rounds {
		var won atomic.Int64
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				next := strconv.Itoa(round + 1)
				got := run(t, srv, "SET", "k", next, "IFEQ", strconv.Itoa(round))
				if got.Body == `{"result":"OK"}` {
					won.Add(1)
				} else if got.Body != `{"result":null}` {
					t.Errorf("writer %d: %+v", w, got)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Errorf("round %d: %d writers won", round, won.Load())
		}
	}
}

// Offsets that Redis refuses must not make the engine allocate them.
func TestOffsetsAreLimited(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	const tooLong = "ERR string exceeds maximum allowed size (proto-max-bulk-len)"
	mustFail(t, srv, tooLong, "SETRANGE", "k", "536870912", "x")
	mustFail(t, srv, tooLong, "SETRANGE", "k", "9223372036854775807", "x")
	mustFail(t, srv, "ERR offset is out of range", "SETRANGE", "k", "-1", "x")
	mustFail(t, srv, "ERR bit offset is not an integer or out of range", "SETBIT", "k", "4294967296", "1")
	must(t, srv, `3`, "SETRANGE", "k", "2", "x")
	must(t, srv, `0`, "SETBIT", "k", "1", "1")
}
