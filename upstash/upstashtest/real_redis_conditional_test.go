package upstashtest_test

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zeebo/xxh3"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest/internal/conform"
)

// conditionBeforeExistence is what Redis 8.4 takes, although it refuses the same
// options in the other order. The embedded engine refuses both, and so does what
// is filled in: nobody should come to rely on it.
var conditionBeforeExistence = regexp.MustCompile(`IF\S+ \S+ (NX|XX)$`)

// The conditional writes of the embedded engine, on a Redis of any version. What
// scripts call is up to that Redis.
func TestRealRedisConditionalWrites(t *testing.T) {
	t.Parallel()
	srv := newRedisServer(t)
	filledIn := redisVersion(t, srv) < 804
	for _, c := range slices.Concat(conditionalCases, digestCases) {
		for _, way := range conditionalWays {
			if filledIn && way == "in a script" {
				continue
			}
			if !filledIn && conditionBeforeExistence.MatchString(c.words) {
				continue
			}
			srv.Flush()
			c.check(t, srv, way)
		}
	}
}

func TestRealRedisConditionalWritesAndExpiry(t *testing.T) {
	t.Parallel()
	srv := newRedisServer(t)
	must(t, srv, `"OK"`, "SET", "k", "a", "EX", "100")
	must(t, srv, `"OK"`, "SET", "k", "b", "IFEQ", "a", "KEEPTTL")
	must(t, srv, `100`, "TTL", "k")
	must(t, srv, `null`, "SET", "k", "c", "IFEQ", "a", "EX", "5")
	must(t, srv, `100`, "TTL", "k")
	must(t, srv, `"OK"`, "SET", "k", "c", "IFEQ", "b")
	must(t, srv, `-1`, "TTL", "k")
	must(t, srv, `"c"`, "SET", "k", "d", "IFEQ", "c", "EXAT", "4102444800", "GET")
	must(t, srv, `4102444800`, "EXPIRETIME", "k")
	must(t, srv, `"OK"`, "SET", "k", "e", "PXAT", "4102444800123", "IFNE", "x")
	must(t, srv, `4102444800123`, "PEXPIRETIME", "k")

	must(t, srv, `"OK"`, "SET", "", "x")
	must(t, srv, `0`, "DELEX", "", "IFEQ", "y")
	must(t, srv, `1`, "DELEX", "", "IFEQ", "x")
	request{Path: "/set/bin", Body: "\xff\r\n"}.do(t, srv)
	got, _ := request{Path: "/delex/bin/ifeq", Body: "\xff\r\n"}.do(t, srv)
	if diff := cmp.Diff(reply{200, `{"result":1}`}, got); diff != "" {
		t.Errorf("binary (-want +got):\n%s", diff)
	}
}

// Each command of a transaction sees what those before it did.
func TestRealRedisConditionalWritesInATransaction(t *testing.T) {
	t.Parallel()
	srv := newRedisServer(t)
	got, _ := request{Path: "/multi-exec", Body: `[["SET","k","a"],["SET","k","b","IFEQ","a"],["SET","k","c","IFEQ","a","GET"],` +
		`["SET","k","c","IFEQ","b","BOGUS"],["DIGEST","k"],["DELEX","k","IFNE","b"],["DELEX","k","IFEQ","b"],["DIGEST","k"],["DELEX","k"]]`}.do(t, srv)
	want := reply{200, `[{"result":"OK"},{"result":"OK"},{"result":"b"},{"error":"ERR syntax error"},` +
		`{"result":"` + fmt.Sprintf("%016x", xxh3.HashString("b")) + `"},{"result":0},{"result":1},{"result":null},{"result":0}]`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Of many writers that saw the same value exactly one gets its own in, alone and
// in transactions.
func TestRealRedisConditionalWritesAreAtomic(t *testing.T) {
	t.Parallel()
	const writers, rounds = 64, 8
	srv := newRedisServer(t)
	client := manyConnections(t, srv)
	must(t, srv, `"OK"`, "SET", "k", "0")
	for round := range rounds {
		old, next := strconv.Itoa(round), strconv.Itoa(round+1)
		condition := []string{"IFEQ", old}
		if round%2 == 1 {
			condition = []string{"IFDEQ", fmt.Sprintf("%016x", xxh3.HashString(old))}
		}
		write := conform.Raw(append([]string{"SET", "k", next}, condition...)).Args()
		var won atomic.Int64
		var wg sync.WaitGroup
		for range writers {
			wg.Go(func() {
				replies, err := client.Do(t.Context(), upstash.Batch{Atomic: round >= rounds/2, Commands: []command.Args{write}})
				if err != nil || len(replies) != 1 || replies[0].Err() != nil {
					t.Errorf("%v, %v", replies, err)
					return
				}
				if replies[0].Kind() != command.KindNil {
					won.Add(1)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Errorf("round %d: %d writers won", round, won.Load())
		}
	}
}

// The digest of Lua is that of the library, for values of every length up to a
// kilobyte and some longer ones.
func TestRealRedisDigest(t *testing.T) {
	t.Parallel()
	srv := newRedisServer(t)
	rng := rand.New(rand.NewPCG(1, 2))
	lengths := []int{1025, 1087, 1088, 1089, 2047, 2048, 2049, 4096, 10_000, 65_536}
	for n := range 1025 {
		lengths = append(lengths, n)
	}
	for some := range slices.Chunk(lengths, 50) {
		var commands []command.Args
		var want []string
		for _, n := range some {
			value := make([]byte, n)
			for i := range value {
				value[i] = byte(rng.Uint32())
			}
			want = append(want, fmt.Sprintf("%016x", xxh3.Hash(value)))
			// In hexadecimal, because a body of JSON cannot hold all bytes.
			const set = "return redis.call('SET',KEYS[1],(ARGV[1]:gsub('..',function(d) return string.char(tonumber(d,16)) end)))"
			commands = append(commands,
				conform.Raw([]string{"EVAL", set, "1", "k", hex.EncodeToString(value)}).Args(),
				conform.Raw([]string{"DIGEST", "k"}).Args())
		}
		replies, err := srv.Client().Do(t.Context(), upstash.Batch{Commands: commands})
		if err != nil {
			t.Fatal(err)
		}
		for i, n := range some {
			if got, _ := replies[2*i+1].Text(); got != want[i] {
				t.Errorf("length %d: %s, want %s", n, got, want[i])
			}
		}
	}
}
