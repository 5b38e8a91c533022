package upstashtest_test

import (
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// A reader sends the token it was given last, or none at all.
type reader struct {
	srv    *upstashtest.Server
	remind bool
	token  string
}

func (r *reader) ask(t *testing.T, path, body string) string {
	t.Helper()
	header := map[string]string{}
	if r.remind {
		header["Upstash-Sync-Token"] = r.token
	}
	got, h := request{Path: path, Body: body, Header: header}.do(t, r.srv)
	r.token = h.Get("Upstash-Sync-Token")
	return got.Body
}

func (r *reader) want(t *testing.T, want string, args ...string) {
	t.Helper()
	if diff := cmp.Diff(`{"result":`+want+`}`, r.ask(t, "/", array(t, args))); diff != "" {
		t.Errorf("%v (-want +got):\n%s", args, diff)
	}
}

func TestFrozenReplica(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	forgetful, mindful := &reader{srv: srv}, &reader{srv: srv, remind: true}
	mindful.want(t, `"OK"`, "SET", "k", "old")
	srv.Lag(upstashtest.Frozen)
	forgetful.want(t, `"OK"`, "SET", "k", "new")
	forgetful.want(t, `"old"`, "GET", "k")
	mindful.want(t, `"old"`, "GET", "k") // its token is from before
	mindful.want(t, `3`, "APPEND", "new", "new")
	mindful.want(t, `"new"`, "GET", "k") // a write sees everything, and so does who made one
	forgetful.want(t, `null`, "GET", "new")
	forgetful.want(t, `1`, "DBSIZE")

	other := &reader{srv: srv, remind: true, token: mindful.token} // passed on
	other.want(t, `"new"`, "GET", "new")
	strange := &reader{srv: srv, remind: true, token: "unheard-of"}
	strange.want(t, `"old"`, "GET", "k")

	// A batch that writes goes to the newest data, with its reads.
	if diff := cmp.Diff(`[{"result":"new"},{"result":2}]`, forgetful.ask(t, "/pipeline", `[["GET","k"],["APPEND","more","xx"]]`)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(`[{"result":"old"},{"result":0}]`, forgetful.ask(t, "/multi-exec", `[["GET","k"],["EXISTS","more"]]`)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	forgetful.want(t, `"old"`, "EVAL_RO", "return redis.call('GET',KEYS[1])", "1", "k")
	forgetful.want(t, `"new"`, "EVAL", "return redis.call('GET',KEYS[1])", "1", "k") // it might write

	srv.Replicate()
	forgetful.want(t, `"new"`, "GET", "k")
	forgetful.want(t, `"OK"`, "SET", "k", "newer")
	forgetful.want(t, `"new"`, "GET", "k")
	srv.Lag(0)
	forgetful.want(t, `"newer"`, "GET", "k")
	srv.Replicate() // of no replica
	forgetful.want(t, `"newer"`, "GET", "k")
}

func TestReplicaThatIsSomeWritesBehind(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	r := &reader{srv: srv}
	write := func(n int) { r.want(t, `"OK"`, "SET", "n", strconv.Itoa(n)) }
	sees := func(n int) { t.Helper(); r.want(t, `"`+strconv.Itoa(n)+`"`, "GET", "n") }
	write(0)
	srv.Lag(2)
	for n := range 5 {
		write(n + 1)
		r.want(t, `"PONG"`, "PING") // no write
		sees(max(0, n+1-2))
	}
	srv.Lag(1)
	sees(4)
	srv.Lag(3) // the replica does not go back
	sees(4)
	for n := range 3 {
		write(6 + n)
		sees(max(4, 6+n-3))
	}
	srv.Lag(upstashtest.Frozen)
	write(9)
	sees(5)
	srv.Lag(1) // what was not kept meanwhile is lost: the replica waits for what is
	sees(5)
	write(10)
	sees(9)
	srv.Lag(-1)
	sees(10)
}

// A replica has values of every type, to the end of every field.
func TestReplicaHasEverything(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	r := &reader{srv: srv}
	for _, command := range []string{
		`["SET","string","v","EX",60]`, `["RPUSH","list","a","b"]`, `["SADD","set","a","b"]`,
		`["ZADD","zset",1,"a",2.5,"b"]`, `["HSET","hash","a","1","b","2","c","3"]`, `["HEXPIRE","hash",60,"FIELDS",1,"a"]`,
		`["HPEXPIRE","hash",1500,"FIELDS",1,"b"]`,
		`["XADD","stream","1-1","f","v"]`, `["XADD","stream","1-2","f","w"]`, `["XGROUP","CREATE","stream","g","0"]`, `["XREADGROUP","GROUP","g","c","STREAMS","stream",">"]`,
		`["PFADD","hll","a","b","c"]`, `["GEOADD","geo",13.3,38.1,"x"]`, `["SETBIT","bits",7,1]`,
	} {
		if got := r.ask(t, "/", command); strings.Contains(got, "error") {
			t.Fatal(command, got)
		}
	}
	reads := `[["DBSIZE"],["PTTL","string"],["LRANGE","list",0,-1],["SCARD","set"],["ZRANGE","zset",0,-1,"WITHSCORES"],` +
		`["HGETALL","hash"],["HPTTL","hash","FIELDS",3,"a","b","c"],["XRANGE","stream","-","+"],["XPENDING","stream","g"],` +
		`["PFCOUNT","hll"],["GEOPOS","geo","x"],["GETBIT","bits",7]]`
	before := r.ask(t, "/pipeline", reads)
	srv.Lag(upstashtest.Frozen)
	replica := r.ask(t, "/pipeline", reads)
	if diff := cmp.Diff(before, replica); diff != "" || strings.Contains(before, "error") {
		t.Errorf("(-newest +replica):\n%s\n%s", diff, before)
	}
	for _, command := range []string{
		`["RPUSH","list","c"]`, `["SREM","set","a"]`, `["ZINCRBY","zset",1,"a"]`, `["HDEL","hash","a"]`, `["XADD","stream","2-1","f","v"]`,
		`["XACK","stream","g","1-1"]`, `["XDEL","stream","1-1"]`, `["PFADD","hll","d"]`, `["GEOADD","geo",1,1,"x"]`, `["SETBIT","bits",7,0]`, `["FLUSHALL"]`, `["HSET","hash","a","1"]`,
	} {
		if got := r.ask(t, "/", command); strings.Contains(got, "error") {
			t.Fatal(command, got)
		}
	}
	if diff := cmp.Diff(before, r.ask(t, "/pipeline", reads)); diff != "" {
		t.Errorf("writes reached the replica (-before +after):\n%s", diff)
	}
	// Time passes there, too.
	srv.Advance(2 * time.Second)
	r.want(t, `[58000,-2,-1]`, "HPTTL", "hash", "FIELDS", "3", "a", "b", "c")
	srv.Advance(time.Minute)
	r.want(t, `null`, "GET", "string")
	r.want(t, `["c","3"]`, "HGETALL", "hash")

	srv.Flush()
	r.want(t, `0`, "DBSIZE")
}

// With its sync tokens a client always reads its own writes, however the replica
// lags; a client without them sees some state the data once had, and never an
// older one than before.
func TestTokensReadTheirOwnWrites(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, 0))
			srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
			mindful := srv.Client()
			written, seen := int64(0), int64(0)
			for range 60 {
				switch rng.IntN(5) {
				case 0:
					srv.Lag([]int{0, 1, 2, 5, upstashtest.Frozen}[rng.IntN(5)])
				case 1:
					srv.Replicate()
				case 2:
					n, err := mindful.Incr(t.Context(), "n")
					if written++; err != nil || n != written {
						t.Fatalf("INCR gave %d, %v; want %d", n, err, written)
					}
				case 3:
					if written == 0 {
						continue
					}
					if got, err := mindful.Get(t.Context(), "n"); err != nil || got != strconv.FormatInt(written, 10) {
						t.Fatalf("wrote %d and read %q, %v", written, got, err)
					}
				default:
					n := withoutToken(t, srv)
					if n < seen || n > written {
						t.Fatalf("saw %d after %d, with %d written", n, seen, written)
					}
					seen = n
				}
			}
		})
	}
}

// withoutToken is what a client reads that sends no token; zero when it is absent.
func withoutToken(t *testing.T, srv *upstashtest.Server) int64 {
	t.Helper()
	req := inProcessRequest(t, srv, http.MethodPost, "/", `["GET","n"]`)
	got, _ := exchange(t, &http.Client{Transport: srv.Transport()}, req)
	if got.Body == `{"result":null}` {
		return 0
	}
	digits := strings.TrimSuffix(strings.TrimPrefix(got.Body, `{"result":"`), `"}`)
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
