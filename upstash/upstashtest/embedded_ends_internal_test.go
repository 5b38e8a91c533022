package upstashtest

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// twins are two engines on one clock: one lets time pass when something ends, the
// other one for every command.
type twins struct {
	rng  *rand.Rand
	now  time.Time
	both [2]*embedded
}

func newTwins(t *testing.T, seed uint64) *twins {
	t.Helper()
	w := &twins{rng: rand.New(rand.NewPCG(seed, 0)), now: time.UnixMilli(1_700_000_000_000).Add(123456)}
	for i := range w.both {
		e, err := newEmbedded(func() time.Time { return w.now }, users{}, freePlan)
		if err != nil {
			t.Fatal(err)
		}
		w.both[i] = e
	}
	w.both[1].eager = true
	return w
}

// run executes commands on both and returns what differs.
func (w *twins) run(t *testing.T, state int, commands ...[]string) string {
	t.Helper()
	var texts [2][]string
	for i, e := range w.both {
		replies, err := e.runOn(state, new(bytes.Buffer), operator, commands, false)
		if err != nil {
			t.Fatal(err)
		}
		for n, r := range replies {
			texts[i] = append(texts[i], fmt.Sprintf("%q: %q", commands[n], r.resp))
		}
	}
	return cmp.Diff(texts[1], texts[0])
}

// end is an end or what is left, short and long, past and wrong.
func (w *twins) end(unit string) string {
	n := w.rng.Int64N(60)
	switch w.rng.IntN(12) {
	case 0:
		n = -n
	case 4:
		n = -w.rng.Int64() >> w.rng.IntN(40)
	case 1:
		n = 0
	case 2:
		n = w.rng.Int64() >> w.rng.IntN(40)
	case 3:
		return "soon"
	}
	perUnit := int64(1)
	if strings.HasPrefix(unit, "P") {
		n, perUnit = n*100, 1000
	}
	if strings.HasSuffix(unit, "AT") && n < 1<<40 {
		n += w.now.Unix() * perUnit
	}
	return strconv.FormatInt(n, 10)
}

func (w *twins) pick(words ...string) string { return words[w.rng.IntN(len(words))] }

func (w *twins) command() []string {
	key, unit := w.pick("a", "b", "c", "d"), w.pick("EX", "PX", "EXAT", "PXAT")
	field := w.pick("f", "g")
	expire := map[string]string{"EX": "EXPIRE", "PX": "PEXPIRE", "EXAT": "EXPIREAT", "PXAT": "PEXPIREAT"}[unit]
	switch w.rng.IntN(20) {
	case 0:
		return []string{"SET", key, "v", w.pick(unit, strings.ToLower(unit)), w.end(unit)}
	case 1:
		return []string{"SET", key, w.pick("v", "EX"), w.pick("NX", "XX", "GET"), unit, w.end(unit)}
	case 2:
		return []string{"SET", key, "v", w.pick("KEEPTTL", "GET")}
	case 3:
		return []string{"SETEX", key, w.end("EX"), "v"}
	case 4:
		return []string{"PSETEX", key, w.end("PX"), "v"}
	case 5, 6:
		return []string{expire, key, w.end(unit)}
	case 7, 8:
		return []string{expire, key, w.end(unit), w.pick("NX", "XX", "GT", "LT", "ZZ")}
	case 9:
		return []string{"GETEX", key, unit, w.end(unit)}
	case 10:
		return []string{"GETEX", key, w.pick("PERSIST", "EX")}
	case 11:
		return []string{w.pick("PERSIST", "DEL", "GET", "TYPE"), key}
	case 12:
		return []string{w.pick("COPY", "RENAME"), key, w.pick("a", "b", "e")}
	case 13:
		return []string{"HSET", "h" + key, field, "1"}
	case 14:
		return []string{"H" + expire, "h" + key, w.end(unit), "FIELDS", "1", field}
	case 15:
		return []string{"HSETEX", "h" + key, unit, w.end(unit), "FIELDS", "1", field, "2"}
	case 16:
		return []string{"HGETEX", "h" + key, unit, w.end(unit), "FIELDS", "1", field}
	case 17:
		return []string{"EVAL", "redis.call('SET', KEYS[1], 'v', 'PX', ARGV[1]) return redis.call('PTTL', KEYS[1])", "1", key, w.end("PX")}
	case 18:
		return []string{"EVAL", "redis.call('PEXPIRE', KEYS[1], 700) redis.call('EXPIRE', KEYS[1], 'x')", "1", key}
	default:
		return []string{"RESTORE", key, "700", "bad"}
	}
}

// looks tell everything about ends.
func looks() (commands [][]string) {
	for _, key := range []string{"a", "b", "c", "d", "e"} {
		commands = append(commands, []string{"PTTL", key}, []string{"TTL", key}, []string{"PEXPIRETIME", key}, []string{"EXPIRETIME", key})
		h := "h" + key
		for _, name := range []string{"HPTTL", "HTTL", "HPEXPIRETIME"} {
			commands = append(commands, []string{name, h, "FIELDS", "2", "f", "g"})
		}
		commands = append(commands, []string{"PTTL", h})
	}
	return append(commands, []string{"DBSIZE"}, []string{"TIME"})
}

// schedule runs random commands while time passes, and returns the first
// difference between the twins, and how often each let time pass.
func (w *twins) schedule(t *testing.T, steps int) (diff string) {
	t.Helper()
	kept := 0
	for i := range steps {
		switch w.rng.IntN(12) {
		case 0:
			w.now = w.now.Add(time.Duration(w.rng.Int64N(int64(20 * time.Second))))
		case 1, 2, 3:
			w.now = w.now.Add(time.Duration(w.rng.Int64N(int64(200 * time.Millisecond))))
		case 4:
			w.now = w.now.Add(time.Duration(w.rng.Int64N(int64(2 * time.Millisecond))))
		case 5:
			if w.rng.IntN(10) == 0 {
				w.now = w.now.Add(-time.Duration(w.rng.Int64N(int64(3 * time.Second))))
			}
		case 6:
			if w.rng.IntN(5) == 0 {
				kept = 1 + w.rng.IntN(2)
				for _, e := range w.both {
					e.keep(kept)
				}
			}
		}
		command := w.command()
		if diff = w.run(t, newestState, command); diff == "" && w.rng.IntN(3) == 0 {
			if diff = w.run(t, newestState, looks()...); diff == "" && kept > 0 {
				diff = w.run(t, kept, looks()...)
			}
		}
		if diff != "" {
			return fmt.Sprintf("step %d, %q:\n%s", i, command, diff)
		}
	}
	return ""
}

// TestEndsOracle: whether time passes for every command or only when something
// ends, every reply is the same.
func TestEndsOracle(t *testing.T) {
	t.Parallel()
	seeds := uint64(15)
	if os.Getenv("UPSTASH_LONG") != "" {
		seeds = 400
	}
	for seed := range seeds {
		if diff := newTwins(t, seed).schedule(t, 300); diff != "" {
			t.Fatalf("seed %d: %s", seed, diff)
		}
	}
}

// TestEndsAreRare: commands that end nothing leave everything as it is.
func TestEndsAreRare(t *testing.T) {
	t.Parallel()
	w := newTwins(t, 1)
	e := w.both[0]
	for i := range 100 {
		w.run(t, newestState, []string{"SET", "k" + strconv.Itoa(i), "v", "PX", "60000"})
	}
	w.run(t, newestState, []string{"SET", "short", "v", "PX", "10"})
	w.now = w.now.Add(10 * time.Millisecond)
	w.run(t, newestState, []string{"GET", "short"})
	passed := e.passed
	if !passed.Equal(e.at) {
		t.Errorf("a key has ended, and time has passed until %v", passed)
	}
	for range 1000 {
		w.now = w.now.Add(time.Millisecond)
		w.run(t, newestState, []string{"GET", "k1"}, []string{"SET", "k2", "v", "EX", "60"}, []string{"EXPIRE", "k3", "60"}, []string{"PTTL", "k4"})
	}
	if !e.passed.Equal(passed) {
		t.Errorf("time has passed until %v", e.passed)
	}
	w.now = w.now.Add(59 * time.Second)
	if diff := w.run(t, newestState, []string{"DBSIZE"}); diff != "" || !e.passed.Equal(e.at) {
		t.Errorf("time has passed until %v: %s", e.passed, diff)
	}
}

// TestClockSetBack: what is left stays, as it does for the engine.
func TestClockSetBack(t *testing.T) {
	t.Parallel()
	w := newTwins(t, 1)
	left := func(want string) {
		t.Helper()
		for _, e := range w.both {
			replies, err := e.runOn(newestState, new(bytes.Buffer), operator, [][]string{{"PTTL", "k"}}, false)
			if err != nil || string(replies[0].resp) != want {
				t.Errorf("%q, %v, want %q", replies[0].resp, err, want)
			}
		}
	}
	w.run(t, newestState, []string{"SET", "k", "v", "PX", "10000"}, []string{"SET", "first", "v", "PX", "9000"})
	w.now = w.now.Add(time.Second)
	left(":9000\r\n")
	w.now = w.now.Add(-3 * time.Second)
	left(":9000\r\n")
	w.now = w.now.Add(8 * time.Second)
	left(":1000\r\n")
	w.run(t, newestState, []string{"PEXPIRE", "k", "500"})
	left(":500\r\n")
	w.now = w.now.Add(500 * time.Millisecond)
	left(":-2\r\n")
}

// TestFarEnds: what is beyond the engine's reach ends late, and what no number
// holds is refused in Redis's words.
func TestFarEnds(t *testing.T) {
	t.Parallel()
	w := newTwins(t, 1)
	const most = "9223372036854775807"
	for command, want := range map[string]string{
		"SET k v EX 9000000000000000": "+OK", // in 285 million years
		"EXPIRE k 9000000000000000":   ":1",
		"EXPIRE k " + most:            "-ERR invalid expire time in 'expire' command",
		"PEXPIRE k " + most:           "-ERR invalid expire time in 'pexpire' command",
		"EXPIREAT k -" + most:         "-ERR invalid expire time in 'expireat' command",
		"PEXPIREAT k " + most:         ":1",
		"SETEX k " + most + " v":      "-ERR invalid expire time in 'setex' command",
		"PSETEX k " + most + " v":     "-ERR invalid expire time in 'psetex' command",
		"GETEX k EX " + most:          "-ERR invalid expire time in 'getex' command",
		"SET k v PX " + most:          "-ERR invalid expire time in 'set' command",
		"SET k v PXAT " + most:        "+OK",
	} {
		e := w.both[0]
		replies, err := e.runOn(newestState, new(bytes.Buffer), operator, [][]string{{"SET", "k", "v"}, strings.Fields(command), {"GET", "k"}, {"TTL", "k"}}, false)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimSpace(string(replies[1].resp)); got != want {
			t.Errorf("%s: %s, want %s", command, got, want)
		}
		if strings.Contains(command, "PEXPIRE k -") { // it is gone
			if string(replies[2].resp) != nilBulk {
				t.Errorf("%s: %q", command, replies[2].resp)
			}
			continue
		}
		if ttl := string(replies[3].resp); want[0] != '-' && len(ttl) < len(":7884000000") || string(replies[2].resp) != "$1\r\nv\r\n" {
			t.Errorf("%s: %q, TTL %q", command, replies[2].resp, ttl)
		}
	}
}
