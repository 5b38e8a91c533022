package upstashtest_test

import (
	"strings"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// The sorted set d is what is looked at after each command.
var sortedSetStoreCases = []struct{ words, want, left string }{
	{"ZDIFF 2 z y", `["a","c"]`, `[]`},
	{"ZDIFF 2 z y WITHSCORES", `["a","1","c","3"]`, `[]`},
	{"ZDIFF 2 z s", `["b"]`, `[]`},
	{"ZDIFF 2 s y withscores", `["a","1","c","1"]`, `[]`},
	{"ZDIFF 2 absent z", `[]`, `[]`},
	{"ZDIFF 2 z z", `[]`, `[]`},
	{"ZDIFF 0 z", "ERR at least 1 input key is needed for 'zdiff' command", `[]`},
	{"ZDIFF x z", notInteger, `[]`},
	{"ZDIFF 3 z y", "ERR syntax error", `[]`},
	{"ZDIFF 1 z LIMIT", "ERR syntax error", `[]`},
	{"ZDIFF 2 absent str", wrongType, `[]`},
	{"ZDIFF 1", "ERR wrong number of arguments for 'zdiff' command", `[]`},
	{"ZDIFFSTORE d 2 z y", `2`, `["a","1","c","3"]`},
	{"ZDIFFSTORE d 2 y z", `0`, `[]`},
	{"ZDIFFSTORE d 1 z WITHSCORES", "ERR syntax error", `[]`},
	{"ZDIFFSTORE d 0 z", "ERR at least 1 input key is needed for 'zdiffstore' command", `[]`},
	{"ZDIFFSTORE d 2 z str", wrongType, `[]`},
	{"ZINTERCARD 2 z y", `1`, `[]`},
	{"ZINTERCARD 2 z s", `2`, `[]`},
	{"ZINTERCARD 2 z s LIMIT 1", `1`, `[]`},
	{"ZINTERCARD 2 z z limit 0", `3`, `[]`},
	{"ZINTERCARD 2 z absent", `0`, `[]`},
	{"ZINTERCARD 0 z", "ERR at least 1 input key is needed for 'zintercard' command", `[]`},
	{"ZINTERCARD 2 z y LIMIT -1", "ERR LIMIT can't be negative", `[]`},
	{"ZINTERCARD 2 z y LIMIT x", "ERR LIMIT can't be negative", `[]`},
	{"ZINTERCARD 2 z y LIMIT", "ERR syntax error", `[]`},
	{"ZINTERCARD 2 absent str", wrongType, `[]`},
	{"ZRANGESTORE d z 0 1", `2`, `["a","1","b","2"]`},
	{"ZRANGESTORE d z (1 +inf BYSCORE LIMIT 1 1", `1`, `["c","3"]`},
	{"ZRANGESTORE d z + [b BYLEX REV", `2`, `["b","2","c","3"]`},
	{"ZRANGESTORE d z 5 9", `0`, `[]`},
	{"ZRANGESTORE d absent 0 -1", `0`, `[]`},
	{"ZRANGESTORE d z 0 -1 WITHSCORES", "ERR syntax error", `[]`},
	{"ZRANGESTORE d z 0 x", notInteger, `[]`},
	{"ZRANGESTORE d str 0 1", wrongType, `[]`},
	{"WAITAOF 0 1 10", `[0,0]`, `[]`},
	{"WAITAOF 1 0 10", "ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.", `[]`},
	{"WAITAOF 2 0 10", "ERR value is out of range, value must between 0 and 1", `[]`},
	{"WAITAOF 0 -1 10", "ERR value is out of range, must be positive", `[]`},
	{"WAITAOF 0 0 -1", "ERR timeout is negative", `[]`},
	{"WAITAOF 0 0 x", "ERR timeout is not an integer or out of range", `[]`},
	{"SCAN 0 WITHTYPE", `["0",["s","set","str","string","y","zset","z","zset"]]`, `[]`},
	{"SCAN 0 MATCH s* WITHTYPE COUNT 5 TYPE set", `["0",["s","set"]]`, `[]`},
	{"SCAN 0 MATCH withtype", `["0",[]]`, `[]`},
	{"SCAN x WITHTYPE", "ERR invalid cursor", `[]`},
	{"COPY z z", `0`, `[]`},
	{"COPY z z REPLACE", `0`, `[]`},
	{"COPY z d", `1`, `["a","1","b","2","c","3"]`},
}

func TestSortedSetStores(t *testing.T) {
	t.Parallel()
	for _, c := range sortedSetStoreCases {
		for _, way := range ways {
			t.Run(c.words+"/"+way, func(t *testing.T) {
				t.Parallel()
				srv := upstashtest.New(t, upstashtest.Options{Clock: fixedClock, InProcess: true})
				for _, line := range []string{"ZADD z 1 a 2 b 3 c", "ZADD y 5 b", "SADD s a c", "SET str v"} {
					answered(t, srv, "directly", strings.Fields(line))
				}
				if got := answered(t, srv, way, strings.Fields(c.words)); got != c.want {
					t.Errorf("%s, want %s", got, c.want)
				}
				if got := answered(t, srv, "directly", strings.Fields("ZRANGE d 0 -1 WITHSCORES")); got != c.left {
					t.Errorf("left %s, want %s", got, c.left)
				}
			})
		}
	}
}

// What is stored takes the place of what was there, whatever that was.
func TestSortedSetStoresReplace(t *testing.T) {
	t.Parallel()
	for _, words := range []string{"ZDIFFSTORE d 2 z y", "ZRANGESTORE d z 0 -1", "ZDIFFSTORE d 2 d y", "ZRANGESTORE d d 0 -1"} {
		srv := newServer(t)
		must(t, srv, `2`, "ZADD", "z", "1", "a", "2", "b")
		if strings.Contains(words, "d d") || strings.Contains(words, "2 d") {
			must(t, srv, `2`, "ZADD", "d", "1", "a", "2", "b")
		} else {
			must(t, srv, `1`, "HSETEX", "d", "EX", "9", "FIELDS", "1", "f", "v")
		}
		must(t, srv, `1`, "EXPIRE", "d", "100")
		must(t, srv, `2`, strings.Fields(words)...)
		must(t, srv, `-1`, "TTL", "d")
		must(t, srv, `["a","b"]`, "ZRANGE", "d", "0", "-1")
	}
}

// A dump carries every type but streams from one server to another.
func TestDumps(t *testing.T) {
	t.Parallel()
	values := map[string][]string{
		"string": {"SET k v", "GET k", `"v"`},
		"empty":  {"APPEND k ", "GET k", `""`},
		"list":   {"RPUSH k a b a", "LRANGE k 0 -1", `["a","b","a"]`},
		"set":    {"SADD k a b", "SMEMBERS k", `["a","b"]`},
		"zset":   {"ZADD k 1.5 a -inf b", "ZRANGE k 0 -1 WITHSCORES", `["b","-inf","a","1.5"]`},
		"hash":   {"HSETEX k PX 70 FIELDS 2 a 1 b 2", "HPTTL k FIELDS 2 a b", `[70,70]`},
	}
	for name, v := range values {
		srv, other := newServer(t), newServer(t)
		answered(t, srv, "directly", strings.Split(v[0], " "))
		payload := strings.Trim(answered(t, srv, "directly", []string{"DUMP", "k"}), `"`)
		must(t, other, `"OK"`, "RESTORE", "k", "1500", payload)
		if got := answered(t, other, "directly", strings.Fields(v[1])); got != v[2] {
			t.Errorf("%s: %s, want %s", name, got, v[2])
		}
		must(t, other, `1500`, "PTTL", "k")
		mustFail(t, other, "BUSYKEY Target key name already exists.", "RESTORE", "k", "0", payload)
		must(t, other, `"OK"`, "RESTORE", "k", "0", payload, "REPLACE", "IDLETIME", "5")
		must(t, other, `-1`, "PTTL", "k")
		must(t, other, `"OK"`, "RESTORE", "past", "1", payload, "ABSTTL", "FREQ", "255")
		must(t, other, `0`, "EXISTS", "past")
		for _, bad := range []struct{ ttl, payload, options, want string }{
			{"0", payload[1:], "", "ERR DUMP payload version or checksum are wrong"},
			{"0", "v", "", "ERR DUMP payload version or checksum are wrong"},
			{"-1", payload, "", "ERR Invalid TTL value, must be >= 0"},
			{"x", payload, "", notInteger},
			{"0", payload, "IDLETIME -1", "ERR Invalid IDLETIME value, must be >= 0"},
			{"0", payload, "FREQ 256", "ERR Invalid FREQ value, must be >= 0 and <= 255"},
			{"0", payload, "FREQ 3 IDLETIME 3", "ERR syntax error"},
		} {
			command := append([]string{"RESTORE", "new", bad.ttl, bad.payload}, strings.Fields(bad.options)...)
			if got := answered(t, other, "directly", command); got != bad.want {
				t.Errorf("%s: RESTORE %s: %s, want %s", name, bad.options, got, bad.want)
			}
		}
	}
}
