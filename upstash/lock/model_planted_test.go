package lock_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/lock"
)

// TestModelCatches plants the mistakes that locks are known for, and has the
// model find each, which is what makes its silence mean something.
func TestModelCatches(t *testing.T) {
	t.Parallel()
	slow := rates{late: 0.4, crash: 0.2}
	faulty := rates{drop: 0.05, lose: 0.1, duplicate: 0.05, late: 0.15, crash: 0.2}
	freezing, settingBack, evicting := faulty, faulty, faulty
	freezing.freeze = 0.5
	settingBack.setBack = 0.5
	evicting.evict = 0.1
	for _, tt := range []struct {
		name  string
		rates rates
		plant plant
		says  string
	}{
		{"release deletes whoever's lock it is", slow, plant{line: rewrite("DELEX", anybodys)}, "same instant"},
		{"extend does not ask whose lock it is", slow, plant{line: rewrite("SET", unconditional)}, "same instant"},
		{"the lock is taken whether it is free or not", slow, plant{take: mutant(t,
			`holder ~= ARGV[1]`, `false`, `'NX', `, ``)}, "same instant"},
		{"the server forgets after half of the TTL", slow, plant{take: mutant(t, `ARGV[2])`, `ARGV[2] / 2)`)}, "same instant"},
		{"the TTL is counted from the reply", slow, plant{clock: func(c *clock) { c.waitsUncounted = true }}, "same instant"},
		{"the monotonic clock alone is asked", freezing, plant{clock: func(c *clock) { c.monotonicOnly = true }}, "same instant"},
		{"the wall clock alone is asked", settingBack, plant{clock: func(c *clock) { c.wallOnly = true }}, "same instant"},
		{"clocks differ by more than the margin", slow, plant{clock: func(c *clock) { c.rate = 0.8 }}, "same instant"},
		{"a lock that is found to be one's own counts as new", faulty, plant{take: mutant(t,
			`{ 2, `, `{ 1, `, `2 or 1`, `1`)}, "same instant"},
		{"fencing tokens are not counted", slow, plant{take: mutant(t,
			`redis.call('INCR', KEYS[2])`, `redis.call('INCRBY', KEYS[2], 0)`)}, "came after"},
		{"fencing tokens start over when the counter is lost", evicting, plant{take: mutant(t, `token == 1`, `false`)}, "came after"},
		{"writes are not guarded", freezing, plant{line: unguarded}, "overwrote"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			const most = 1000
			for from, to := 0, 10; ; from, to = to, min(2*to, most) {
				sum := explore(t, from, to, tt.rates, tt.plant)
				found := slices.IndexFunc(sum.bad, func(text string) bool { return strings.Contains(text, tt.says) })
				if found >= 0 {
					t.Logf("within %d schedules, for example: %s", to, sum.bad[found])
					return
				}
				if to == most {
					t.Fatalf("not caught in %d schedules; otherwise found: %q", most, sum.bad[:min(len(sum.bad), 3)])
				}
			}
		})
	}
}

// mutant is the script with some of its text replaced.
func mutant(t *testing.T, replacements ...string) string {
	t.Helper()
	source := lock.TakeSource()
	for i := 0; i < len(replacements); i += 2 {
		if !strings.Contains(source, replacements[i]) {
			t.Fatalf("take.lua has no %s any more", replacements[i])
		}
		source = strings.ReplaceAll(source, replacements[i], replacements[i+1])
	}
	return source
}

// rewrite changes the words of single commands of a name.
func rewrite(name string, f func(words []string) []string) func(upstash.Doer) upstash.Doer {
	return func(next upstash.Doer) upstash.Doer {
		return upstash.DoerFunc(func(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
			if b.Commands[0].Name() == name {
				b = batchOf(f(b.Commands[0].Words()))
			}
			return next.Do(ctx, b)
		})
	}
}

func batchOf(words []string) upstash.Batch {
	args := make([]any, len(words)-1)
	for i, word := range words[1:] {
		args[i] = word
	}
	return upstash.Batch{Commands: []command.Args{command.New(command.Reply.Reply, words[0], args...).Args()}}
}

func anybodys(words []string) []string { return []string{"DEL", words[1]} }

func unconditional(words []string) []string {
	i := slices.Index(words, "IFEQ")
	return slices.Delete(slices.Clone(words), i, i+2)
}

// unguarded writes to the resource without asking.
func unguarded(next upstash.Doer) upstash.Doer {
	return upstash.DoerFunc(func(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
		words := b.Commands[0].Words()
		if !slices.Contains(words, resource) {
			return next.Do(ctx, b)
		}
		if _, err := next.Do(ctx, batchOf([]string{"SET", resource, words[len(words)-1]})); err != nil {
			return nil, err
		}
		return []command.Reply{command.IntReply(1)}, nil
	})
}
