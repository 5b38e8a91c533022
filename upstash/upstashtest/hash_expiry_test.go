package upstashtest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// fieldEndCase is one command on a prepared database, and what it leaves.
type fieldEndCase struct {
	given string // commands, separated by semicolons
	words string
	want  string // the result as JSON, or an error text
	left  string // the hash k after: "a=1 b=2@5000", with the milliseconds left; "" when it is gone
}

const (
	hashGiven  = "HSET k a 1 b 2"
	hashEnding = hashGiven + "; HPEXPIRE k 5000 FIELDS 1 a"

	hashStays = "a=1 b=2"
	hashEnds  = "a=1@5000 b=2"

	fieldsMissing  = "ERR Mandatory argument FIELDS is missing or not at the right position"
	fieldsNumber   = "ERR Parameter `numFields` should be greater than 0"
	fieldsPositive = "ERR Number of fields must be a positive integer"
	fieldsMatch    = "ERR The `numfields` parameter must match the number of arguments"
	negativeEnd    = "ERR invalid expire time, must be >= 0"
	notInteger     = "ERR value is not an integer or out of range"
)

// The server's clock is at 1785585600000 milliseconds.
var fieldEndCases = []fieldEndCase{
	{hashGiven, "HEXPIRE k 5 FIELDS 1 a", `[1]`, hashEnds},
	{hashGiven, "HEXPIRE k 5 FIELDS 3 a x b", `[1,-2,1]`, "a=1@5000 b=2@5000"},
	{"", "HEXPIRE k 5 FIELDS 2 a b", `[-2,-2]`, ""},
	{hashGiven, "hpexpire k 1234 fields 1 a", `[1]`, "a=1@1234 b=2"},
	{hashGiven, "HEXPIREAT k 1785585605 FIELDS 1 a", `[1]`, hashEnds},
	{hashGiven, "HPEXPIREAT k 1785585601234 FIELDS 1 a", `[1]`, "a=1@1234 b=2"},
	{hashGiven, "HEXPIRE k 0 FIELDS 1 a", `[2]`, "b=2"},
	{hashGiven, "HEXPIREAT k 1785585600 FIELDS 2 a a", `[2,-2]`, "b=2"},
	{hashGiven, "HPEXPIREAT k 1 FIELDS 3 a b x", `[2,2,-2]`, ""},
	{hashEnding, "HEXPIRE k 9 NX FIELDS 2 a b", `[0,1]`, "a=1@5000 b=2@9000"},
	{hashEnding, "HEXPIRE k 9 xx FIELDS 2 a b", `[1,0]`, "a=1@9000 b=2"},
	{hashEnding, "HEXPIRE k 9 GT FIELDS 2 a b", `[1,0]`, "a=1@9000 b=2"},
	{hashEnding, "HEXPIRE k 5 GT FIELDS 1 a", `[0]`, hashEnds},
	{hashEnding, "HEXPIRE k 3 LT FIELDS 2 a b", `[1,1]`, "a=1@3000 b=2@3000"},
	{hashEnding, "HEXPIRE k 5 LT FIELDS 1 a", `[0]`, hashEnds},
	{hashEnding, "HEXPIRE k 0 NX FIELDS 2 a b", `[0,2]`, "a=1@5000"},
	{hashGiven, "HEXPIRE k 5 NX FIELDS 2 a a", `[1,0]`, hashEnds},
	{hashGiven, "HEXPIRE k -1 FIELDS 1 a", negativeEnd, hashStays},
	{hashGiven, "HEXPIRE k x FIELDS 1 a", notInteger, hashStays},
	{hashGiven, "HEXPIRE k 99999999999999 FIELDS 1 a", "ERR invalid expire time in 'hexpire' command", hashStays},
	{hashGiven, "HPEXPIREAT k 70368744177664 FIELDS 1 a", "ERR invalid expire time in 'hpexpireat' command", hashStays},
	{"", "HEXPIREAT k 1785585600000 FIELDS 1 a", `[-2]`, ""}, // the service looks for the key first
	{hashGiven, "HEXPIRE k 5 FIELDS 0 a", fieldsNumber, hashStays},
	{hashGiven, "HEXPIRE k 5 FIELDS x a", fieldsNumber, hashStays},
	{hashGiven, "HEXPIRE k 5 FIELDS 2 a", fieldsMatch, hashStays},
	{hashGiven, "HEXPIRE k 5 FIELDS 1 a b", fieldsMatch, hashStays},
	{hashGiven, "HEXPIRE k 5 a b c", fieldsMissing, hashStays},
	{hashGiven, "HEXPIRE k 5 NX XX FIELDS 1 a", fieldsMissing, hashStays},
	{hashGiven, "HEXPIRE k 5 FIELDS 1", "ERR wrong number of arguments for 'hexpire' command", hashStays},
	{"SET k v", "HEXPIRE k x FIELDS 1 a", wrongType, "string"},

	{hashEnding, "HTTL k FIELDS 4 a b x a", `[5,-1,-2,5]`, hashEnds},
	{hashEnding, "HPTTL k FIELDS 2 a b", `[5000,-1]`, hashEnds},
	{hashEnding, "HEXPIRETIME k FIELDS 3 a b x", `[1785585605,-1,-2]`, hashEnds},
	{hashEnding, "HPEXPIRETIME k FIELDS 1 a", `[1785585605000]`, hashEnds},
	{hashGiven + "; HPEXPIRE k 5001 FIELDS 1 a", "HTTL k FIELDS 1 a", `[6]`, "a=1@5001 b=2"}, // upwards
	{hashGiven + "; HPEXPIRE k 1 FIELDS 1 a", "HTTL k FIELDS 1 a", `[1]`, "a=1@1 b=2"},
	{hashGiven + "; HPEXPIRE k 5001 FIELDS 1 a", "HEXPIRETIME k FIELDS 1 a", `[1785585606]`, "a=1@5001 b=2"},
	{"", "HTTL k FIELDS 2 a b", `[-2,-2]`, ""},
	{hashGiven, "HTTL k FIELDS 0 a", fieldsPositive, hashStays},
	{hashGiven, "HPTTL k FIELDS 2 a", fieldsMatch, hashStays},
	{hashGiven, "HEXPIRETIME k FIELD 1 a", fieldsMissing, hashStays},
	{hashGiven, "HPEXPIRETIME k FIELDS x a", fieldsPositive, hashStays},
	{"SET k v", "HTTL k FIELDS 0 a", wrongType, "string"},

	{hashEnding, "HPERSIST k FIELDS 3 a b x", `[1,-1,-2]`, hashStays},
	{"", "HPERSIST k FIELDS 1 a", `[-2]`, ""},
	{hashGiven, "HPERSIST k FIELDS 0 a", fieldsPositive, hashStays},
	{hashGiven, "HPERSIST k FIELDS 3 a", fieldsMatch, hashStays},
	{"SET k v", "HPERSIST k FIELDS 1 a", wrongType, "string"},

	{hashEnding, "HGETEX k FIELDS 3 a b x", `["1","2",null]`, hashEnds},
	{hashGiven, "HGETEX k EX 5 FIELDS 2 a x", `["1",null]`, hashEnds},
	{hashGiven, "HGETEX k px 70 FIELDS 1 a", `["1"]`, "a=1@70 b=2"},
	{hashGiven, "HGETEX k EXAT 1785585605 FIELDS 1 a", `["1"]`, hashEnds},
	{hashGiven, "HGETEX k PXAT 1785585600007 FIELDS 2 a b", `["1","2"]`, "a=1@7 b=2@7"},
	{hashEnding, "HGETEX k PERSIST FIELDS 2 a b", `["1","2"]`, hashStays},
	{hashGiven, "HGETEX k EX 0 FIELDS 2 a a", `["1",null]`, "b=2"},
	{hashGiven, "HGETEX k PXAT 1 FIELDS 2 b a", `["2","1"]`, ""},
	{"", "HGETEX k EX 5 FIELDS 1 a", `[null]`, ""},
	{hashGiven, "HGETEX k EX -1 FIELDS 1 a", negativeEnd, hashStays},
	{hashGiven, "HGETEX k EX x FIELDS 1 a", notInteger, hashStays},
	{hashGiven, "HGETEX k EX 99999999999999 FIELDS 1 a", "ERR invalid expire time in 'hgetex' command", hashStays},
	{hashGiven, "HGETEX k NX FIELDS 1 a", fieldsMissing, hashStays},
	{hashGiven, "HGETEX k EX 5 PERSIST FIELDS 1 a", fieldsMissing, hashStays},
	{hashGiven, "HGETEX k EX 5 FIELDS", fieldsPositive, hashStays},
	{hashGiven, "HGETEX k FIELDS 0 a", fieldsPositive, hashStays},
	{hashGiven, "HGETEX k PERSIST FIELDS 2 a", fieldsMatch, hashStays},
	{"SET k v", "HGETEX k EX x FIELDS 1 a", wrongType, "string"},

	{hashGiven, "HSETEX k FIELDS 2 a 3 c 4", `1`, "a=3 b=2 c=4"},
	{"", "HSETEX k EX 5 FIELDS 1 a 1", `1`, "a=1@5000"},
	{hashGiven, "HSETEX k PX 70 FIELDS 2 a 3 c 4", `1`, "a=3@70 b=2 c=4@70"},
	{hashGiven, "HSETEX k EXAT 1785585605 FIELDS 1 a 1", `1`, hashEnds},
	{hashGiven, "HSETEX k PXAT 1785585605000 FIELDS 1 a 1", `1`, hashEnds},
	{hashEnding, "HSETEX k FIELDS 1 a 3", `1`, "a=3 b=2"},
	{hashEnding, "HSETEX k KEEPTTL FIELDS 2 a 3 c 4", `1`, "a=3@5000 b=2 c=4"},
	{hashGiven, "HSETEX k FXX FIELDS 2 a 3 b 4", `1`, "a=3 b=4"},
	{hashGiven, "HSETEX k FXX FIELDS 2 a 3 c 4", `0`, hashStays},
	{"", "HSETEX k FXX FIELDS 1 a 3", `0`, ""},
	{hashGiven, "HSETEX k FNX FIELDS 2 c 3 d 4", `1`, "a=1 b=2 c=3 d=4"},
	{hashGiven, "HSETEX k FNX FIELDS 2 c 3 a 4", `0`, hashStays},
	{"", "HSETEX k EX 5 FNX FIELDS 1 a 1", `1`, "a=1@5000"},
	{hashGiven, "HSETEX k FXX KEEPTTL FIELDS 1 a 3", `1`, "a=3 b=2"},
	{hashGiven, "HSETEX k EX 0 FIELDS 1 a 3", `1`, "b=2"},
	{"", "HSETEX k PXAT 1 FIELDS 2 a 3 b 4", `1`, ""},
	{hashGiven, "HSETEX k FIELDS 2 a 3 a 4", `1`, "a=4 b=2"},
	{hashGiven, "HSETEX k FNX FXX FIELDS 1 a 1", "ERR Only one of FXX or FNX arguments can be specified", hashStays},
	{hashGiven, "HSETEX k EX 5 KEEPTTL FIELDS 1 a 1", "ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified", hashStays},
	{hashGiven, "HSETEX k PX 5 EX 5 FIELDS 1 a 1", "ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified", hashStays},
	{hashGiven, "HSETEX k EX -1 FIELDS 1 a 1", negativeEnd, hashStays},
	{hashGiven, "HSETEX k EX x FIELDS 1 a 1", notInteger, hashStays},
	{hashGiven, "HSETEX k PX 70368744177664 FIELDS 1 a 1", "ERR invalid expire time in 'hsetex' command", hashStays},
	{hashGiven, "HSETEX k FIELDS 0 a 1", "ERR invalid number of fields", hashStays},
	{hashGiven, "HSETEX k FIELDS 2 a 1", "ERR wrong number of arguments for 'hsetex' command", hashStays},
	{hashGiven, "HSETEX k FIELDS 1 a 1 b", "ERR wrong number of arguments for 'hsetex' command", hashStays},
	{hashGiven, "HSETEX k a 1 b 2", "ERR unknown argument: a", hashStays},
	{hashGiven, "HSETEX k FNX KEEPTTL PX", "ERR wrong number of arguments for 'hsetex' command", hashStays},
	{"SET k v", "HSETEX k EX 5 FIELDS 1 a 1", wrongType, "string"},

	{hashEnding, "HGETDEL k FIELDS 3 a x a", `["1",null,null]`, "b=2"},
	{hashGiven, "HGETDEL k FIELDS 2 a b", `["1","2"]`, ""},
	{"", "HGETDEL k FIELDS 1 a", `[null]`, ""},
	{hashGiven, "HGETDEL k FIELDS 0 a", fieldsPositive, hashStays},
	{hashGiven, "HGETDEL k FIELDS 2 a", fieldsMatch, hashStays},
	{hashGiven, "HGETDEL k a 1 b", fieldsMissing, hashStays},
	{"SET k v", "HGETDEL k FIELDS 0 a", wrongType, "string"},

	{hashEnding, "HSET k a 3", `0`, "a=3 b=2"},
	{hashEnding, "HSET k a 3 b", "ERR wrong number of arguments for 'hset' command", hashEnds},
	{hashEnding, "HMSET k a 3", `"OK"`, "a=3 b=2"},
	{hashEnding, "HSETNX k a 3", `0`, hashEnds},
	{hashEnding, "HINCRBY k a 3", `4`, "a=4@5000 b=2"},
	{hashEnding, "HINCRBYFLOAT k a 0.5", `"1.5"`, "a=1.5@5000 b=2"},
	{hashEnding + "; HDEL k a", "HSET k a 1", `1`, hashStays},
	{hashEnding + "; HGETDEL k FIELDS 1 a", "HSETNX k a 1", `1`, hashStays},
	{hashEnding + "; RENAME k x", "RENAME x k", `"OK"`, hashEnds},
	{"HSET x a 1 b 2; HPEXPIRE x 5000 FIELDS 1 a", "COPY x k", `1`, hashEnds},
	{hashEnding + "; HSET x b 2 c 3", "COPY x k REPLACE", `1`, "b=2 c=3"},
	{hashEnding + "; DEL k", "HSET k a 1", `1`, "a=1"},
	{hashEnding + "; SET k v; DEL k", "HSET k a 1", `1`, "a=1"},
	{hashEnding + "; FLUSHALL", "HSET k a 1", `1`, "a=1"},
	{hashEnding, "HSCAN k 0 NOVALUES", `["0",["a","b"]]`, hashEnds},
	{hashEnding, "HSCAN k 0 MATCH a* COUNT 5 NOVALUES", `["0",["a"]]`, hashEnds},
	{"", "HSCAN k 0 NOVALUES", `["0",[]]`, ""},
	{"SET k v", "HSCAN k 0 NOVALUES", wrongType, "string"},
}

// The same commands directly, in a pipeline, in a transaction and in a script,
// and one billed command each, with EVAL another.
func TestHashExpiry(t *testing.T) {
	t.Parallel()
	for _, c := range fieldEndCases {
		for _, way := range ways {
			t.Run(c.given+"/"+c.words+"/"+way, func(t *testing.T) {
				t.Parallel()
				srv := upstashtest.New(t, upstashtest.Options{Clock: fixedClock, InProcess: true})
				for line := range strings.SplitSeq(c.given, ";") {
					if line != "" {
						answered(t, srv, "directly", strings.Fields(line))
					}
				}
				srv.Reset()
				if diff := cmp.Diff(c.want, answered(t, srv, way, strings.Fields(c.words))); diff != "" {
					t.Errorf("reply (-want +got):\n%s", diff)
				}
				billed := 1
				if way == "in a script" {
					billed = 2
				}
				refused := strings.Contains(c.want, "wrong number") // by some ways before it is executed
				if got := srv.Meter().Commands; got != billed && !refused {
					t.Errorf("%d billed commands, want %d", got, billed)
				}
				if diff := cmp.Diff(c.left, hashState(t, srv, "k")); diff != "" {
					t.Errorf("left (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// hashState shows a hash as a [fieldEndCase] does.
func hashState(t *testing.T, srv *upstashtest.Server, key string) string {
	t.Helper()
	if kind := answered(t, srv, "directly", []string{"TYPE", key}); kind != `"hash"` {
		return strings.Trim(strings.Replace(kind, "none", "", 1), `"`)
	}
	var flat []string
	if err := json.Unmarshal([]byte(answered(t, srv, "directly", []string{"HGETALL", key})), &flat); err != nil {
		t.Fatal(err)
	}
	var fields []string
	for i := 0; i < len(flat); i += 2 {
		left := answered(t, srv, "directly", []string{"HPTTL", key, "FIELDS", "1", flat[i]})
		field := flat[i] + "=" + flat[i+1]
		if left = strings.Trim(left, "[]"); left != "-1" {
			field += "@" + left
		}
		fields = append(fields, field)
	}
	return strings.Join(fields, " ")
}

// Fields end by the server's clock and to the millisecond, for every command
// that looks at the hash.
func TestFieldsEndWithTheClock(t *testing.T) {
	t.Parallel()
	looks := []struct{ words, before, after string }{
		{"HGETALL k", `["a","1","b","2"]`, `["b","2"]`},
		{"HKEYS k", `["a","b"]`, `["b"]`},
		{"HVALS k", `["1","2"]`, `["2"]`},
		{"HLEN k", `2`, `1`},
		{"HGET k a", `"1"`, `null`},
		{"HMGET k a b", `["1","2"]`, `[null,"2"]`},
		{"HEXISTS k a", `1`, `0`},
		{"HSTRLEN k a", `1`, `0`},
		{"HSCAN k 0", `["0",["a","1","b","2"]]`, `["0",["b","2"]]`},
		{"HSCAN k 0 NOVALUES", `["0",["a","b"]]`, `["0",["b"]]`},
		{"HSETEX k FXX FIELDS 1 a 1", `1`, `0`},
		{"HSETEX k FNX FIELDS 1 a 1", `0`, `1`},
		{"HSETNX k a 1", `0`, `1`},
		{"HSET k a 1", `0`, `1`},
		{"HINCRBY k a 1", `2`, `1`},
		{"HDEL k a", `1`, `0`},
		{"HGETDEL k FIELDS 1 a", `["1"]`, `[null]`},
		{"HGETEX k FIELDS 1 a", `["1"]`, `[null]`},
		{"HPERSIST k FIELDS 1 a", `[1]`, `[-2]`},
		{"HEXPIRE k 9 FIELDS 1 a", `[1]`, `[-2]`},
		{"HPTTL k FIELDS 1 a", `[1]`, `[-2]`},
		{"HTTL k FIELDS 1 a", `[1]`, `[-2]`},
		{"HPEXPIRETIME k FIELDS 1 a", `[1785585605000]`, `[-2]`},
	}
	for _, look := range looks {
		for _, way := range ways {
			for moment, want := range map[time.Duration]string{4999 * time.Millisecond: look.before, 5 * time.Second: look.after} {
				t.Run(look.words+"/"+way+"/"+moment.String(), func(t *testing.T) {
					t.Parallel()
					srv := upstashtest.New(t, upstashtest.Options{Clock: fixedClock, InProcess: true})
					for line := range strings.SplitSeq(hashEnding, ";") {
						answered(t, srv, way, strings.Fields(line))
					}
					srv.Advance(moment)
					if got := answered(t, srv, way, strings.Fields(look.words)); got != want {
						t.Errorf("%s, want %s", got, want)
					}
				})
			}
		}
	}
}

// With its last field a hash is gone, and its key may become anything.
func TestHashEndsWithItsLastField(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	must(t, srv, `1`, "HSETEX", "k", "PX", "1500", "FIELDS", "2", "a", "1", "b", "2")
	must(t, srv, `1`, "EXPIRE", "k", "100")
	must(t, srv, `2`, "HLEN", "k")
	srv.Advance(1500 * time.Millisecond)
	must(t, srv, `0`, "EXISTS", "k")
	must(t, srv, `"none"`, "TYPE", "k")
	must(t, srv, `0`, "DBSIZE")
	must(t, srv, `[]`, "KEYS", "*")
	must(t, srv, `-2`, "TTL", "k")
	must(t, srv, `null`, "HRANDFIELD", "k")
	must(t, srv, `1`, "RPUSH", "k", "x")
	must(t, srv, `-1`, "TTL", "k")
}

// The clock need not stand at a whole millisecond.
func TestFieldsEndBetweenMilliseconds(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	srv.Advance(999_999 * time.Nanosecond)
	must(t, srv, `1`, "HSETEX", "k", "PX", "10", "FIELDS", "1", "a", "1")
	end := fmt.Sprintf("[%d]", start.UnixMilli()+10)
	for range 9 {
		must(t, srv, end, "HPEXPIRETIME", "k", "FIELDS", "1", "a")
		srv.Advance(time.Millisecond)
	}
	must(t, srv, `[1]`, "HPTTL", "k", "FIELDS", "1", "a")
	must(t, srv, end, "HPEXPIRETIME", "k", "FIELDS", "1", "a")
	srv.Advance(time.Nanosecond)
	must(t, srv, `0`, "EXISTS", "k")
}

// What is further off than the engine reaches is as far off as it reaches.
func TestFieldsEndInTheFarFuture(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	must(t, srv, `1`, "HSETEX", "k", "PXAT", "70368744177663", "FIELDS", "1", "a", "1")
	srv.Advance(100 * 365 * 24 * time.Hour)
	must(t, srv, `"1"`, "HGET", "k", "a")
	must(t, srv, `[1]`, "HPERSIST", "k", "FIELDS", "1", "a")
}

// Scripts that only read may ask for ends and digests, and may not set ends.
func TestReadOnlyScriptsAndAddedCommands(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	must(t, srv, `1`, "HSETEX", "k", "PX", "10", "FIELDS", "1", "a", "1")
	for words, reads := range map[string]bool{
		"HTTL k FIELDS 1 a": true, "HPTTL k FIELDS 1 a": true, "HEXPIRETIME k FIELDS 1 a": true,
		"HPEXPIRETIME k FIELDS 1 a": true, "DIGEST s": true,
		"HGETEX k FIELDS 1 a": false, "HGETDEL k FIELDS 1 a": false, "HPEXPIRE k 1 FIELDS 1 a": false,
		"HEXPIREAT k 1 FIELDS 1 a": false, "HPEXPIREAT k 1 FIELDS 1 a": false,
	} {
		call := `redis.call('` + strings.Join(strings.Fields(words), `','`) + `') return 1`
		got := run(t, srv, "EVAL_RO", call, "1", "k")
		if (got.Status == 200) != reads {
			t.Errorf("%s: %+v", words, got)
		}
	}
	must(t, srv, `["a","1"]`, "HGETALL", "k")
}
