package upstashtest_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func TestAdvanceExpiresKeys(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	must(t, srv, `"OK"`, "SET", "k", "v", "EX", "10")
	must(t, srv, `10`, "TTL", "k")
	must(t, srv, `10000`, "PTTL", "k")
	must(t, srv, strconv.FormatInt(start.Unix()+10, 10), "EXPIRETIME", "k")

	srv.Advance(9*time.Second + 400*time.Millisecond)
	must(t, srv, `1`, "TTL", "k") // 600 ms, rounded
	must(t, srv, `600`, "PTTL", "k")
	srv.Advance(200 * time.Millisecond)
	must(t, srv, `0`, "TTL", "k")
	must(t, srv, `"v"`, "GET", "k")
	srv.Advance(400 * time.Millisecond)
	must(t, srv, `null`, "GET", "k")
	must(t, srv, `-2`, "TTL", "k")
	must(t, srv, `-2`, "EXPIRETIME", "k")
	must(t, srv, `0`, "DBSIZE")

	must(t, srv, `"OK"`, "SET", "forever", "v")
	must(t, srv, `-1`, "TTL", "forever")
	must(t, srv, `-1`, "EXPIRETIME", "forever")
}

func TestAdvanceMovesTimeAndAbsoluteExpiry(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	must(t, srv, `["`+strconv.FormatInt(start.Unix(), 10)+`","0"]`, "TIME")
	srv.Advance(time.Hour + 5*time.Microsecond)
	must(t, srv, `["`+strconv.FormatInt(start.Unix()+3600, 10)+`","5"]`, "TIME")
	if got, want := srv.Now(), start.Add(time.Hour+5*time.Microsecond); !got.Equal(want) {
		t.Errorf("Now is %v, want %v", got, want)
	}

	at := strconv.FormatInt(srv.Now().Add(time.Minute).UnixMilli(), 10)
	must(t, srv, `"OK"`, "SET", "k", "v", "PXAT", at)
	must(t, srv, at, "PEXPIRETIME", "k")
	srv.Advance(time.Minute)
	must(t, srv, `null`, "GET", "k")
}

func TestAdvanceExpiresHashFields(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	must(t, srv, `2`, "HSET", "h", "a", "1", "b", "2")
	must(t, srv, `[1]`, "HEXPIRE", "h", "2", "FIELDS", "1", "a")
	srv.Advance(2 * time.Second)
	must(t, srv, `["b","2"]`, "HGETALL", "h")
}

func TestTimeDoesNotRunBackwards(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	srv.Advance(-time.Hour)
	srv.Advance(0)
	if got := srv.Now(); !got.Equal(start) {
		t.Errorf("Now is %v, want %v", got, start)
	}
}

func TestRealClock(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t)
	must(t, srv, `"OK"`, "SET", "k", "v", "EX", "10")
	must(t, srv, `10`, "TTL", "k") // the engine alone says 9
	if off := time.Since(srv.Now()).Abs(); off > time.Minute {
		t.Errorf("the server's clock is off by %v", off)
	}
}

// TestSetWithPastEnd: nothing is left of the key, nor of the end.
func TestSetWithPastEnd(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	for _, options := range [][]string{{"PXAT", "1"}, {"EXAT", "1"}, {"XX", "PXAT", "1"}, {"IFEQ", "old", "PXAT", "1"}} {
		must(t, srv, `"OK"`, "SET", "k", "old")
		must(t, srv, `"OK"`, append([]string{"SET", "k", "v"}, options...)...)
		must(t, srv, `null`, "GET", "k")
		must(t, srv, `"OK"`, "SET", "k", "new")
		srv.Advance(time.Second)
		must(t, srv, `"new"`, "GET", "k")
	}
	must(t, srv, `null`, "SET", "k", "v", "NX", "PXAT", "1")
	must(t, srv, `"new"`, "SET", "k", "v", "GET", "NX", "PXAT", "1")
	must(t, srv, `"new"`, "SET", "k", "v", "PXAT", "1", "GET")
	must(t, srv, `null`, "SET", "k", "v", "XX", "PXAT", "1")
	must(t, srv, `null`, "GET", "k")
	must(t, srv, `"OK"`, "SET", "k", "v", "NX", "PXAT", "1")
	must(t, srv, `0`, "EXISTS", "k")
}
