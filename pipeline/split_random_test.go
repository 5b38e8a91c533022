package pipeline_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// Whatever is queued and whatever the bounds are: the requests together are the
// queue, each is within the bounds, and none had room for what came next.
func TestSplitOfRandomPipelines(t *testing.T) {
	t.Parallel()
	alphabet := []rune("ab\"\\\n\r\t\x00\x1fé日🚀")
	seeds := uint64(150)
	if raceEnabled {
		seeds = 30
	}
	for seed := range seeds {
		rng := rand.New(rand.NewPCG(seed, 5))
		w, rdb := overWire(t)
		o := pipeline.Options{MaxCommands: 1 + rng.IntN(12), MaxBytes: 2 + rng.IntN(400)}
		p := pipeline.NewWith(rdb, o)
		var queue [][]string
		for range 1 + rng.IntN(60) {
			words := []string{"ECHO"}
			for range rng.IntN(4) {
				var b strings.Builder
				for range rng.IntN(1 << rng.IntN(6)) {
					b.WriteRune(alphabet[rng.IntN(len(alphabet))])
				}
				words = append(words, b.String())
			}
			queue = append(queue, words)
			args := make([]any, len(words)-1)
			for i, word := range words[1:] {
				args[i] = word
			}
			pipeline.Queue(p, command.New(command.Reply.Reply, "ECHO", args...))
		}
		if err := p.Exec(t.Context()); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		var sent [][]string
		requests := w.commands(t)
		for i, request := range requests {
			sent = append(sent, request...)
			size := len(w.bodies[i])
			if len(request) == 1 {
				size += len("[]") // alone it travels without
			}
			if len(request) > o.MaxCommands || len(request) > 1 && size > o.MaxBytes {
				t.Errorf("seed %d, %+v: request %d has %d commands and %d bytes", seed, o, i, len(request), size)
			}
			if i+1 == len(requests) {
				continue
			}
			next := firstOf(w.bodies[i+1])
			if len(request) < o.MaxCommands && size+len(",")+len(next) <= o.MaxBytes {
				t.Errorf("seed %d, %+v: request %d of %d commands and %d bytes had room for %s", seed, o, i, len(request), size, next)
			}
		}
		if diff := cmp.Diff(queue, sent); diff != "" {
			t.Fatalf("seed %d (-want +got)\n%s", seed, diff)
		}
	}
}

// firstOf is the text of the first command in a body.
func firstOf(body string) string {
	if !strings.HasPrefix(body, "[[") {
		return body
	}
	quoted := false
	for i := 1; i < len(body); i++ {
		switch body[i] {
		case '\\':
			i++
		case '"':
			quoted = !quoted
		case ']':
			if !quoted {
				return body[1 : i+1]
			}
		}
	}
	return body
}
