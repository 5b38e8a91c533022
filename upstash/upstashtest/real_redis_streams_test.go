package upstashtest_test

import (
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// streamAnswer is a reply about a stream without what two servers cannot agree
// on: times, and what came with version 7.2, which has more to tell about
// consumers and makes one for whoever asks, also when there is nothing to get.
func streamAnswer(c command.Args, value any) any {
	list, _ := value.([]any)
	switch c.Name() {
	case "XADD":
		if slices.Contains(c.Words(), "*") {
			return nil // the clock is in the ID
		}
	case "XGROUP CREATECONSUMER":
		return nil
	case "XPENDING":
		for _, item := range list {
			if entry, isEntry := item.([]any); isEntry && len(entry) == 4 {
				entry[2] = int64(0) // for how long it waits
			}
		}
	case "XINFO CONSUMERS", "XINFO GROUPS", "XINFO STREAM":
		return leveled(list)
	}
	return value
}

func leveled(list []any) []any {
	level := []any{}
	for i := 0; i < len(list); i++ {
		switch v := list[i].(type) {
		case []any:
			if !isIdler(v) {
				level = append(level, leveled(v))
			}
			continue
		case int64:
			if v > 1e12 { // Unix milliseconds
				list[i] = int64(0)
			}
		case string:
			switch v {
			case "idle", "inactive", "active-time":
				i++
				continue
			case "consumers":
				if _, isNumber := list[i+1].(int64); isNumber {
					i++
					continue
				}
			}
		}
		level = append(level, list[i])
	}
	return level
}

// isIdler tells a consumer for whom nothing is pending.
func isIdler(list []any) bool {
	told := func(name string) any {
		if i := slices.Index(list, any(name)); i >= 0 && i+1 < len(list) {
			return list[i+1]
		}
		return nil
	}
	return told("idle") != nil && told("pending") == int64(0) || told("seen-time") != nil && told("pel-count") == int64(0)
}

// TestRealRedisRandomStreams is TestRealRedisRandom of streams, whose state has
// more to it than values: what was delivered to whom and how often, and how many
// entries there were.
func TestRealRedisRandomStreams(t *testing.T) {
	t.Parallel()
	redis := dialRealRedis(t, "10")
	rounds := 150
	if os.Getenv("UPSTASH_LONG") != "" {
		rounds = 6000
	}
	both := &twins{upstashtest.New(t, upstashtest.Options{InProcess: true}), redis}
	for round := range rounds {
		rng := rand.New(rand.NewPCG(11, uint64(round)))
		sequence := make([][]string, 60)
		for i := range sequence {
			sequence[i] = randomStreamCommand(rng)
		}
		if i, diff := both.diverge(t, sequence); diff != "" {
			sequence, diff = both.shorten(t, sequence[:i+1], diff)
			t.Fatalf("round %d:\n%s\n(-real +local):\n%s", round, listing(sequence), diff)
		}
	}
	t.Logf("%d commands, all answered alike", rounds*60)
}

var streamWords = map[string][]string{
	"$x":     {"x1", "x2", "x1", "x2", "text"},
	"$new":   {"1-*", "2-*", "3-*", "1-1", "2-1", "2", "4-4", "5-*", "6", "0-0", "x"},
	"$id":    {"1-0", "1-1", "2-0", "2-1", "2", "3-0", "4-4", "9-9", "0-0"},
	"$from":  {"-", "+", "1", "2", "(2-0", "(1-1", "3-0", "0"},
	"$g":     {"g1", "g1", "g2"},
	"$c":     {"c1", "c2", "c3"},
	"$start": {"0", "$", "1-1", "2-0", "2", "x"},
	"$after": {">", ">", ">", "0", "1-1", "2"},
	"$idle":  {"0", "0", "0", "100000"},
	"$n":     {"1", "2", "3"},
	"$len":   {"0", "1", "3", "10", "-1"},
}

var streamForms = []string{
	"XADD $x $new f v", "XADD $x $new f v", "XADD $x $new f v", "XADD $x $new a 1 b 2", "XADD $x NOMKSTREAM $new f v", "XADD $x MAXLEN $len $new f v",
	"XADD $x MINID = $id $new f v", "XADD $x $new a", "XADD $x MAXLEN 3 LIMIT 1 $new f v", "SET text v",
	"XDEL $x $id", "XDEL $x $id $id", "XTRIM $x MAXLEN $len", "XTRIM $x MINID $id", "XTRIM $x MAXLEN = $n LIMIT 1", "XLEN $x", "DEL $x", "RENAME $x $x", "COPY x1 x2", "COPY $x x3 REPLACE", "RENAME x3 x2",
	"XRANGE $x $from $from", "XRANGE $x - + COUNT $n", "XREVRANGE $x $from $from", "XREVRANGE $x + - COUNT $len", "XREAD COUNT $n STREAMS $x $x $id $id",
	"XREAD STREAMS $x 0", "XGROUP CREATE $x $g $start", "XGROUP CREATE $x $g $start MKSTREAM", "XGROUP CREATE $x $g $start ENTRIESREAD $n", "XGROUP SETID $x $g $start",
	"XGROUP SETID $x $g $start ENTRIESREAD $n", "XGROUP CREATECONSUMER $x $g $c", "XGROUP DELCONSUMER $x $g $c", "XGROUP DESTROY $x $g",
	"XREADGROUP GROUP $g $c COUNT $n STREAMS $x $after", "XREADGROUP GROUP $g $c STREAMS $x $after", "XREADGROUP GROUP $g $c COUNT $n STREAMS $x $x $after $after",
	"XACK $x $g $id", "XACK $x $g $id $id", "XPENDING $x $g", "XPENDING $x $g - + 10", "XPENDING $x $g $from $from $n", "XPENDING $x $g IDLE $idle - + 10 $c",
	"XCLAIM $x $g $c $idle $id", "XCLAIM $x $g $c $idle $id $id", "XCLAIM $x $g $c 0 $id FORCE", "XCLAIM $x $g $c 0 $id FORCE JUSTID", "XCLAIM $x $g $c 0 $id IDLE 200000",
	"XCLAIM $x $g $c 0 $id RETRYCOUNT $n LASTID $id", "XAUTOCLAIM $x $g $c $idle $id", "XAUTOCLAIM $x $g $c $idle $id COUNT $n", "XAUTOCLAIM $x $g $c $idle 0 JUSTID",
	"XINFO STREAM $x", "XINFO STREAM $x FULL", "XINFO STREAM $x FULL COUNT $n", "XINFO GROUPS $x", "XINFO CONSUMERS $x $g",
}

func randomStreamCommand(rng *rand.Rand) []string {
	words := strings.Fields(streamForms[rng.IntN(len(streamForms))])
	for i, word := range words {
		if choices, isPlace := streamWords[word]; isPlace {
			words[i] = choices[rng.IntN(len(choices))]
		}
	}
	return words
}
