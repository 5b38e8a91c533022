package upstashtest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

const (
	requestTooLarge = "ERR max request size exceeded. Limit: %d bytes, Actual: %d bytes"
	keyTooLarge     = "ERR max key size exceeded. Limit: %d bytes, Actual: %d bytes"
	recordTooLarge  = "ERR max single record size exceeded"
)

func limited(t *testing.T, l upstashtest.Limits) *upstashtest.Server {
	t.Helper()
	return upstashtest.New(t, upstashtest.Options{Clock: fixedClock, Limits: l})
}

func TestPlanLimits(t *testing.T) {
	t.Parallel()
	const mb = 1 << 20
	for plan, want := range map[string]upstashtest.Limits{
		"free":        {MaxRequest: 10 * mb, MaxRecord: 100 * mb, MaxKey: 32 << 10},
		"payg":        {MaxRequest: 10 * mb, MaxRecord: 100 * mb, MaxKey: 32 << 10},
		"fixed-250mb": {MaxRequest: 10 * mb, MaxRecord: 100 * mb, MaxKey: 32 << 10},
		"fixed-1gb":   {MaxRequest: 10 * mb, MaxRecord: 200 * mb, MaxKey: 32 << 10},
		"fixed-5gb":   {MaxRequest: 20 * mb, MaxRecord: 300 * mb, MaxKey: 32 << 10},
		"fixed-10gb":  {MaxRequest: 30 * mb, MaxRecord: 400 * mb, MaxKey: 32 << 10},
		"fixed-50gb":  {MaxRequest: 50 * mb, MaxRecord: 500 * mb, MaxKey: 32 << 10},
		"fixed-100gb": {MaxRequest: 75 * mb, MaxRecord: 1024 * mb, MaxKey: 32 << 10},
		"fixed-500gb": {MaxRequest: 100 * mb, MaxRecord: 5 * 1024 * mb, MaxKey: 32 << 10},
	} {
		got, err := upstashtest.PlanLimits(plan)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", plan, err, diff)
		}
	}
	if _, err := upstashtest.PlanLimits("fixed-2gb"); err == nil || !strings.Contains(err.Error(), `"fixed-2gb"`) {
		t.Errorf("unknown plan: %v", err)
	}
	if _, err := upstashtest.NewServer(upstashtest.Options{Limits: upstashtest.Limits{MaxKey: -1}}); err == nil {
		t.Error("a negative limit was taken")
	}
}

func TestRequestLimit(t *testing.T) {
	t.Parallel()
	srv := limited(t, upstashtest.Limits{MaxRequest: 100})
	for _, path := range []string{"/", "/pipeline", "/multi-exec", "/set/k"} {
		got, _ := request{Path: path, Body: strings.Repeat(" ", 101)}.do(t, srv)
		want := reply{400, `{"error":"` + fmt.Sprintf(requestTooLarge, 100, 101) + `"}`}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
	must(t, srv, `null`, "GET", "k")
}

// A reply that is too large is an error of its command. When replies are too
// large only together, the request fails; but everything was executed.
func TestReplyLimit(t *testing.T) {
	t.Parallel()
	srv := limited(t, upstashtest.Limits{MaxRequest: 100})
	half := strings.Repeat("x", 50)
	must(t, srv, `"OK"`, "SET", "k", half)
	must(t, srv, `"`+half+`"`, "GET", "k")
	must(t, srv, `100`, "APPEND", "k", half)

	tooLarge := fmt.Sprintf(requestTooLarge, 100, len("$100\r\n")+100+len("\r\n"))
	mustFail(t, srv, tooLarge, "GET", "k")
	for _, path := range []string{"/pipeline", "/multi-exec"} {
		got, _ := request{Path: path, Body: `[["PING"],["GET","k"]]`}.do(t, srv)
		if diff := cmp.Diff(reply{200, `[{"result":"PONG"},{"error":"` + tooLarge + `"}]`}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
		srv.Reset()
		got, _ = request{Path: path, Body: `[["SET","n",41],["GETRANGE","k",0,49],["GETRANGE","k",0,49],["INCR","n"]]`}.do(t, srv)
		want := reply{400, `{"error":"` + fmt.Sprintf(requestTooLarge, 100, len("+OK\r\n")+2*len("$50\r\n\r\n")+100+len(":42\r\n")) + `"}`}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
		if n := srv.Meter().Commands; n != 4 {
			t.Errorf("%d commands billed", n)
		}
		must(t, srv, `"42"`, "GET", "n")
	}
}

func TestKeyLimit(t *testing.T) {
	t.Parallel()
	srv := limited(t, upstashtest.Limits{MaxKey: 10})
	const fits, long = "0123456789", "0123456789a"
	refused := fmt.Sprintf(keyTooLarge, 10, 11)
	must(t, srv, `"OK"`, "SET", fits, long)
	must(t, srv, `1`, "HSET", "h", long, long)
	must(t, srv, `"`+long+`"`, "ECHO", long)
	for _, command := range []string{
		"SET LONG v", "GET LONG", "MGET a LONG", "MSET a 1 LONG 2", "RENAME a LONG", "BITOP AND d LONG",
		"ZUNIONSTORE d 2 a LONG", "ZUNIONSTORE LONG 1 a", "SINTERCARD 2 a LONG", "EVAL return(1) 1 LONG",
		"XREAD COUNT 1 STREAMS a LONG 0 0", "XINFO STREAM LONG", "DEL a LONG",
	} {
		mustFail(t, srv, refused, strings.Fields(strings.ReplaceAll(command, "LONG", long))...)
	}
	must(t, srv, `0`, "EXISTS", "a", "d")
	mustFail(t, srv, refused, "EVAL", "return redis.pcall('SET',ARGV[1],1)", "0", long)

	got, _ := request{Path: "/multi-exec", Body: `[["SET","a","1"],["SET","` + long + `","1"]]`}.do(t, srv)
	if diff := cmp.Diff(reply{400, `{"error":"EXECABORT Transaction discarded because of: ` + refused + `"}`}, got); diff != "" {
		t.Errorf("transaction (-want +got):\n%s", diff)
	}
	got, _ = request{Path: "/pipeline", Body: `[["SET","a","1"],["SET","` + long + `","1"]]`}.do(t, srv)
	if diff := cmp.Diff(reply{200, `[{"result":"OK"},{"error":"` + refused + `"}]`}, got); diff != "" {
		t.Errorf("pipeline (-want +got):\n%s", diff)
	}

	standard := newServer(t)
	must(t, standard, `null`, "GET", strings.Repeat("k", 32<<10))
	mustFail(t, standard, fmt.Sprintf(keyTooLarge, 32<<10, 32<<10+1), "GET", strings.Repeat("k", 32<<10+1))
}

// A record is refused when it gets too large, in one write or in many; it can be
// read and made smaller then.
func TestRecordLimit(t *testing.T) {
	t.Parallel()
	const limit = 1000
	part := strings.Repeat("x", 99)
	for name, tt := range map[string]struct {
		write []string // PART becomes different each time
		drop  []string
	}{
		"string":     {[]string{"APPEND", "k", "PART"}, []string{"DEL", "k"}},
		"list":       {[]string{"RPUSH", "k", "PART"}, []string{"LPOP", "k"}},
		"hash":       {[]string{"HSET", "k", "PART", ""}, []string{"DEL", "k"}},
		"set":        {[]string{"SADD", "k", "PART"}, []string{"SPOP", "k"}},
		"sorted set": {[]string{"ZADD", "k", "1", "PART"}, []string{"ZPOPMIN", "k"}},
		"stream":     {[]string{"XADD", "k", "*", "PART", ""}, []string{"XTRIM", "k", "MAXLEN", "5"}},
		"script":     {[]string{"EVAL", "return redis.pcall('RPUSH',KEYS[1],ARGV[1])", "1", "k", "PART"}, []string{"LPOP", "k"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := limited(t, upstashtest.Limits{MaxRecord: limit})
			writes := 0
			write := func() reply {
				command := strings.Split(strings.Join(tt.write, "\n"), "\n")
				for i, word := range command {
					if word == "PART" {
						command[i] = fmt.Sprintf("%s%d", part, writes%10)
					}
				}
				writes++
				return run(t, srv, command...)
			}
			var last reply
			for range 20 {
				if last = write(); last.Status != 200 {
					break
				}
			}
			if diff := cmp.Diff(reply{400, `{"error":"` + recordTooLarge + `"}`}, last); diff != "" || writes < 8 || writes > 11 {
				t.Fatalf("write %d (-want +got):\n%s", writes, diff)
			}
			if got := run(t, srv, "EXISTS", "k"); got.Body != `{"result":1}` {
				t.Errorf("%+v", got)
			}
			if got := run(t, srv, tt.drop...); got.Status != 200 {
				t.Errorf("%s: %+v", tt.drop[0], got)
			}
			if got := write(); got.Status != 200 {
				t.Errorf("after %s: %+v", tt.drop[0], got)
			}
		})
	}
}

func TestRecordLimitOfOneCommand(t *testing.T) {
	t.Parallel()
	srv := limited(t, upstashtest.Limits{MaxRecord: 1000})
	fits, long := strings.Repeat("x", 1000), strings.Repeat("x", 1001)
	must(t, srv, `"OK"`, "SET", "k", fits)
	mustFail(t, srv, recordTooLarge, "SET", "k", long)
	mustFail(t, srv, recordTooLarge, "MSET", "a", "1", "b", long)
	mustFail(t, srv, recordTooLarge, "APPEND", "k", "y")
	mustFail(t, srv, recordTooLarge, "SETRANGE", "other", "1000", "y")
	mustFail(t, srv, recordTooLarge, "SETBIT", "other", "8000", "1")
	mustFail(t, srv, recordTooLarge, "RPUSH", "list", fits, "y")
	must(t, srv, `1000`, "SETRANGE", "other", "999", "y")

	// What was made by other commands counts, too.
	must(t, srv, `"OK"`, "RENAME", "k", "moved")
	mustFail(t, srv, recordTooLarge, "APPEND", "moved", "y")
	must(t, srv, `"OK"`, "SET", "moved", "short")
	must(t, srv, `6`, "APPEND", "moved", "y")

	got, _ := request{Path: "/multi-exec", Body: `[["SET","a","1"],["SET","b","` + long + `"]]`}.do(t, srv)
	if diff := cmp.Diff(reply{400, `{"error":"EXECABORT Transaction discarded because of: ` + recordTooLarge + `"}`}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	must(t, srv, `0`, "EXISTS", "a")
}
