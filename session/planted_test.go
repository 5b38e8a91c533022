package session_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// inScript is the package with another text in one of its scripts.
func inScript(script string, texts ...string) system {
	return func(t *testing.T, d upstash.Doer, o session.Options) *session.Manager[int] {
		t.Helper()
		m := shipped(t, d, o)
		if !m.Plant(script, texts...) {
			t.Fatal("the script has changed: plant this fault anew")
		}
		return m
	}
}

// onTheWay is the package with other commands than those it sends.
func onTheWay(do func(ctx context.Context, d upstash.Doer, b upstash.Batch) ([]command.Reply, error)) system {
	return func(t *testing.T, d upstash.Doer, o session.Options) *session.Manager[int] {
		t.Helper()
		return shipped(t, upstash.DoerFunc(func(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
			return do(ctx, d, b)
		}), o)
	}
}

// rewrite replaces the words of commands with a name.
func rewrite(name string, words func([]string) []string) system {
	return onTheWay(func(ctx context.Context, d upstash.Doer, b upstash.Batch) ([]command.Reply, error) {
		if b.Commands[0].Name() != name {
			return d.Do(ctx, b)
		}
		return d.Do(ctx, upstash.Batch{Commands: []command.Args{args(words(b.Commands[0].Words()))}})
	})
}

func args(words []string) command.Args {
	list := make([]any, len(words)-1)
	for i, word := range words[1:] {
		list[i] = word
	}
	return command.NewArgs(words[0], list...)
}

// fields are the words of a command after FIELDS and their number.
func fields(words []string) []string { return words[slices.Index(words, "FIELDS")+2:] }

// never is a condition that does not hold. Not the word false: the embedded
// script runner does not get over an elseif behind it.
const never = "#KEYS == 0"

const dropOld = "redis.call('HDEL', KEYS[2], old, old .. '#d', old .. '#m', old .. '#t')"

// planted are faults that one client alone runs into.
var planted = map[string]system{
	"a rotation leaves the old session alive":            inScript("place", dropOld, ""),
	"a rotation leaves the old payload":                  inScript("place", dropOld, "redis.call('HDEL', KEYS[2], old)"),
	"a rotation does not compare":                        inScript("place", "have[1] ~= ARGV[10] or not have[2]", "not have[1]"),
	"a rotation needs no living session":                 inScript("place", "have[1] ~= ARGV[10] or not have[2]", never),
	"a rotation leaves no mark":                          inScript("place", "redis.call('HSETEX', KEYS[2], 'PX', ARGV[11], 'FIELDS', 1, old .. '#x', ARGV[12])", ""),
	"a rotation counts its own session for the cap":      inScript("place", "field ~= old and not", "not"),
	"the repeat of a rotation is not noticed":            inScript("place", "redis.call('HEXISTS', KEYS[1], id) == 1", never),
	"the repeat of a create is not noticed":              inScript("place", "field == id", never),
	"the cap is one too high":                            inScript("place", "#ids >= limit", "#ids > limit", "#ids - limit + 1", "#ids - limit"),
	"the newest makes room":                              inScript("place", "a[1] < b[1]", "a[1] > b[1]"),
	"what makes room leaves its payload":                 inScript("place", "out, out .. '#d', out .. '#m', out .. '#t'", "out"),
	"an update does not compare":                         inScript("update", "header ~= ARGV[i + 1]", never),
	"an update creates":                                  inScript("update", "not header or not payload", never, "header ~= ARGV[i + 1]", "header and header ~= ARGV[i + 1]", "'FXX', 'KEEPTTL'", "'PX', 1800000"),
	"an update prolongs":                                 inScript("update", "'KEEPTTL'", "'PX', 1800000"),
	"the repeat of an update is not noticed":             inScript("update", "header == ARGV[i + 2]", never),
	"DestroyOthers ends its own session":                 inScript("others", "string.sub(field, 1, #stays) ~= stays and", "#KEYS > 0 and"),
	"DestroyOthers leaves payloads":                      inScript("others", "out[#out + 1] = field\n", "if not string.find(field, '#', 1, true) then out[#out + 1] = field end\n"),
	"DestroyOthers ends what its session was renewed to": inScript("others", "stays = string.match(mark or '', '^%d+:[^:]+:([^:]+)$') or stays", ""),
	"DestroyOthers takes the marks along":                inScript("others", " and string.sub(field, -2) ~= '#x'", ""),
	"a renewal is counted for the cap":                   inScript("place", "if limit > 0 then", "if #KEYS > 0 then limit = 1"),
	"a renewal leaves a mark without an end":             inScript("place", "'PX', ARGV[11], 'FIELDS', 1, old .. '#x'", "'FIELDS', 1, old .. '#x'"),
	"an update loses the session that was renewed":       inScript("update", "say(mark and 'moved' or 'gone', there[1], there[2], mark)", "say(mark and 'moved' or 'gone', nil, nil, '1')"),
	"Destroy does not follow a renewal": rewrite("HGETEX", func(w []string) []string {
		if len(fields(w)) == 1 {
			return []string{"HMGET", w[1], "nothing"}
		}
		return w
	}),
	"Destroy leaves the payload": rewrite("HDEL", func(w []string) []string { return w[:3] }),
	"Destroy leaves the session": rewrite("HDEL", func(w []string) []string { return append(w[:2], w[3:]...) }),
	"DestroyAll does nothing":    rewrite("DEL", func(w []string) []string { return []string{"EXISTS", w[1]} }),
	"a touch does not touch":     rewrite("HGETEX", func(w []string) []string { return append([]string{"HMGET", w[1]}, fields(w)...) }),
	"a touch moves the absolute limit": rewrite("HGETEX", func(w []string) []string {
		return append([]string{"HGETEX", w[1], "EX", "1800", "FIELDS", "5"}, fields(w)...)
	}),
	"a touch forgets the payload": rewrite("HGETEX", func(w []string) []string {
		return append([]string{"HGETEX", w[1], w[2], w[3], "FIELDS", "5"}, append(fields(w)[:1], "a", "b", "c", "d")...)
	}),
	"a Peek touches": rewrite("HMGET", func(w []string) []string {
		return append([]string{"HGETEX", w[1], "EX", "1800", "FIELDS", "5"}, w[2:]...)
	}),
	"a create does not end": rewrite("HSETEX", func(w []string) []string { return append([]string{"HSETEX", w[1], "FNX", "FIELDS", "4"}, fields(w)...) }),
	"List forgets one":      onTheWay(forgetOne),
	"a Get asks twice": onTheWay(func(ctx context.Context, d upstash.Doer, b upstash.Batch) ([]command.Reply, error) {
		if b.Commands[0].Name() == "HGETEX" {
			if _, err := d.Do(ctx, b); err != nil {
				return nil, err
			}
		}
		return d.Do(ctx, b)
	}),
	"an update keeps its version": onTheWay(func(ctx context.Context, d upstash.Doer, b upstash.Batch) ([]command.Reply, error) {
		w := b.Commands[0].Words()
		if w[0] != "EVALSHA" || len(w) != 8 { // update.lua for one session: its header before, and after
			return d.Do(ctx, b)
		}
		before, after := strings.Split(w[5], ":"), strings.Split(w[6], ":")
		after[1] = before[1]
		w[6] = strings.Join(after, ":")
		return send(ctx, d, w...)
	}),
}

func forgetOne(ctx context.Context, d upstash.Doer, b upstash.Batch) ([]command.Reply, error) {
	replies, err := d.Do(ctx, b)
	if err != nil || b.Commands[0].Name() != "HGETALL" {
		return replies, err
	}
	items, _ := replies[0].Array()
	return []command.Reply{command.ArrayReply(items[min(8, len(items)):]...)}, nil
}

// TestModelCatches shows that the model test finds planted faults, which is what
// makes its silence mean something. All of them are found, and there are not less
// of them: 28 of sessions as such, 6 of renewals.
func TestModelCatches(t *testing.T) { //nolint:tparallel // the rate is known when all of them are through
	t.Parallel()
	o := session.Options{Cap: 2, Absolute: modelAbsolute}
	var killed atomic.Int64
	t.Run("faults", func(t *testing.T) {
		for _, name := range slices.Sorted(maps.Keys(planted)) {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				for seed := range uint64(20) {
					if bad := runModel(t, seed, 400, o, planted[name]); bad != "" {
						killed.Add(1)
						t.Log(bad)
						return
					}
				}
				t.Error("not caught")
			})
		}
	})
	rate := 100 * float64(killed.Load()) / float64(len(planted))
	t.Logf("%d of %d planted faults are caught, %.0f percent", killed.Load(), len(planted), rate)
	if len(planted) < 28+6 || rate < 90 {
		t.Error("the model test is too weak: 34 faults or more, and at the very least 90 percent of them, are to be caught")
	}
}
