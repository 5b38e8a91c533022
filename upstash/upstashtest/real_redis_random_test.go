package upstashtest_test

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest/internal/conform"
)

// TestRealRedisRandom lets the local server and a real one execute the same
// commands in random order on a few keys, and wants the same answers. A
// difference is shown with the shortest sequence that still has it.
func TestRealRedisRandom(t *testing.T) {
	t.Parallel()
	redis := dialRealRedis(t, "14")
	rounds := 150
	if os.Getenv("UPSTASH_LONG") != "" {
		rounds = 6000
	}
	forms := slices.Concat(randomForms, valueForms)
	if redis.version(t) >= 804 {
		forms = slices.Concat(forms, laterForms)
	}
	local := upstashtest.New(t, upstashtest.Options{InProcess: true})
	both := &twins{local, redis}
	for round := range rounds {
		rng := rand.New(rand.NewPCG(7, uint64(round)))
		sequence := make([][]string, 60)
		for i := range sequence {
			sequence[i] = randomCommand(rng, forms)
		}
		if i, diff := both.diverge(t, sequence); diff != "" {
			sequence, diff = both.shorten(t, sequence[:i+1], diff)
			t.Fatalf("round %d:\n%s\n(-real +local):\n%s", round, listing(sequence), diff)
		}
	}
	t.Logf("%d commands, all answered alike", rounds*60)
}

type twins struct {
	local *upstashtest.Server
	redis *realRedis
}

// diverge executes a sequence on empty databases and tells the first command
// whose answers differ.
func (w *twins) diverge(t *testing.T, sequence [][]string) (index int, diff string) {
	t.Helper()
	w.local.Flush()
	w.redis.flush(t)
	for i, words := range sequence {
		c := conform.Raw(words).Args()
		batch := upstash.Batch{Commands: []command.Args{c}}
		got, err := w.local.Client().Do(t.Context(), batch)
		if err != nil {
			t.Fatal(err)
		}
		want, err := w.redis.Do(t.Context(), batch)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(answer(c, want[0]), answer(c, got[0])); diff != "" {
			return i, diff
		}
	}
	return 0, ""
}

// shorten leaves out what does not matter to the difference at the end.
func (w *twins) shorten(t *testing.T, sequence [][]string, diff string) (shorter [][]string, same string) {
	t.Helper()
	for i := len(sequence) - 2; i >= 0; i-- {
		without := slices.Delete(slices.Clone(sequence), i, i+1)
		if at, d := w.diverge(t, without); d != "" && at == len(without)-1 {
			sequence, diff = without, d
		}
	}
	return sequence, diff
}

func listing(sequence [][]string) string {
	var b strings.Builder
	for _, words := range sequence {
		for _, word := range words {
			b.WriteString(" " + strconv.Quote(word))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// randomCommand fills in one of the forms.
func randomCommand(rng *rand.Rand, forms []string) []string {
	words := strings.Fields(forms[rng.IntN(len(forms))])
	for i, word := range words {
		choices, isPlace := randomWords[word]
		if !isPlace {
			continue
		}
		if strings.Contains("$s$h$e$z$q$b", word) && rng.IntN(12) == 0 {
			choices = randomWords["$key"] // most likely of another type
		}
		words[i] = choices[rng.IntN(len(choices))]
	}
	if words[0] == "COPY" && words[1] == words[2] {
		words[2] = "elsewhere" // to copy a key to itself is an error of Redis, and none of the service
	}
	return words
}
