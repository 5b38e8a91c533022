package upstash_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// pages is a Doer that answers one page after the other, whatever the context
// says, and notes the cursors it was asked with.
type pages struct {
	list    []command.Reply
	cursors []string
}

func (p *pages) Do(_ context.Context, b upstash.Batch) ([]command.Reply, error) {
	p.cursors = append(p.cursors, b.Commands[0].At(1))
	if len(p.cursors) > len(p.list) {
		return nil, errors.New("asked for more pages than there are")
	}
	return []command.Reply{p.list[len(p.cursors)-1]}, nil
}

func pageOf(cursor string, items ...string) command.Reply {
	replies := make([]command.Reply, len(items))
	for i, item := range items {
		replies[i] = command.TextReply(item)
	}
	return command.ArrayReply(command.TextReply(cursor), command.ArrayReply(replies...))
}

// drained is all that an iterator yields.
func drained[T any](seq iter.Seq2[T, error]) (items []T, errs []error) {
	for item, err := range seq {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		items = append(items, item)
	}
	return items, errs
}

func TestScanAllFollowsCursors(t *testing.T) {
	t.Parallel()
	const beyondFloat = "18446744073709551615"
	p := &pages{list: []command.Reply{pageOf("7"), pageOf(beyondFloat, "a", "b"), pageOf("7"), pageOf("0", "c", "a")}}
	keys, errs := drained(upstash.Over(p).ScanAll(t.Context(), command.ScanOptions{}))
	if diff := cmp.Diff([]string{"a", "b", "c", "a"}, keys); diff != "" || errs != nil {
		t.Errorf("keys (-want +got):\n%s%v", diff, errs)
	}
	if diff := cmp.Diff([]string{"0", "7", beyondFloat, "7"}, p.cursors); diff != "" {
		t.Errorf("cursors (-want +got):\n%s", diff)
	}
}

func TestScanAllOfBigKeyspace(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t)
	rdb := srv.Client()
	values, want := map[string]any{}, []string{}
	for i := range 1000 {
		key := fmt.Sprintf("key:%03d", i)
		values[key] = "v"
		want = append(want, key)
	}
	if err := rdb.MSet(t.Context(), values); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		options command.ScanOptions
		want    []string
	}{
		"all":            {command.ScanOptions{Count: 50}, want},
		"empty pages":    {command.ScanOptions{Count: 50, Match: "key:77?"}, want[770:780]},
		"only the empty": {command.ScanOptions{Count: 50, Match: "none"}, nil},
		"of a type":      {command.ScanOptions{Count: 50, Type: "hash"}, nil},
	} {
		srv.Reset()
		keys, errs := drained(rdb.ScanAll(t.Context(), tt.options))
		slices.Sort(keys)
		if diff := cmp.Diff(tt.want, slices.Compact(keys)); diff != "" || errs != nil {
			t.Errorf("%s (-want +got):\n%s%v", name, diff, errs)
		}
		if m := srv.Meter(); m.RoundTrips < 1000/50 || m.RoundTrips != m.Commands {
			t.Errorf("%s: %+v, want a round trip and a command for each page", name, m)
		}
	}
}

// The others walk one key, over as many pages as a big one has.
func TestScanAllOfKeys(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t)
	rdb, ctx := srv.Client(), t.Context()
	const n = 700
	fields, members := map[string]any{}, []any{}
	for i := range n {
		fields[fmt.Sprintf("f%03d", i)] = i
		members = append(members, fmt.Sprintf("m%03d", i))
	}
	if _, err := rdb.HSet(ctx, "h", fields); err != nil {
		t.Fatal(err)
	}
	if _, err := rdb.SAdd(ctx, "s", members...); err != nil {
		t.Fatal(err)
	}
	for i, m := range members {
		if _, err := rdb.ZIncrBy(ctx, "z", float64(i), fmt.Sprint(m)); err != nil {
			t.Fatal(err)
		}
	}
	all := command.MatchOptions{Count: 100}

	pairs, errs := drained(rdb.HScanAll(ctx, "h", all))
	slices.SortFunc(pairs, func(a, b command.Pair) int { return strings.Compare(a.Key, b.Key) })
	if len(pairs) != n || errs != nil || pairs[42] != (command.Pair{Key: "f042", Value: "42"}) {
		t.Errorf("HScanAll: %d, %v", len(pairs), errs)
	}
	names, errs := drained(rdb.HScanNoValuesAll(ctx, "h", all))
	slices.Sort(names)
	if len(names) != n || errs != nil || names[42] != "f042" {
		t.Errorf("HScanNoValuesAll: %d, %v", len(names), errs)
	}
	inSet, errs := drained(rdb.SScanAll(ctx, "s", all))
	slices.Sort(inSet)
	if len(inSet) != n || errs != nil || inSet[42] != "m042" {
		t.Errorf("SScanAll: %d, %v", len(inSet), errs)
	}
	scored, errs := drained(rdb.ZScanAll(ctx, "z", command.MatchOptions{Match: "m04?"}))
	slices.SortFunc(scored, func(a, b command.Z) int { return strings.Compare(a.Member, b.Member) })
	if len(scored) != 10 || errs != nil || scored[2] != (command.Z{Member: "m042", Score: 42}) {
		t.Errorf("ZScanAll: %v, %v", scored, errs)
	}
	types, errs := drained(rdb.ScanWithTypesAll(ctx, command.ScanOptions{}))
	slices.SortFunc(types, func(a, b command.KeyType) int { return strings.Compare(a.Key, b.Key) })
	if diff := cmp.Diff([]command.KeyType{{Key: "h", Type: "hash"}, {Key: "s", Type: "set"}, {Key: "z", Type: "zset"}}, types); diff != "" || errs != nil {
		t.Errorf("ScanWithTypesAll (-want +got):\n%s%v", diff, errs)
	}
	if absent, errs := drained(rdb.SScanAll(ctx, "absent", all)); absent != nil || errs != nil {
		t.Errorf("an absent key: %v, %v", absent, errs)
	}
	if _, errs := drained(rdb.SScanAll(ctx, "h", all)); len(errs) != 1 || mustBeTyped(t, errs[0]).Code != "WRONGTYPE" {
		t.Errorf("a key of another type: %v", errs)
	}
}

func TestScanAllStopsWithTheLoop(t *testing.T) {
	t.Parallel()
	p := &pages{list: []command.Reply{pageOf("7", "a", "b"), pageOf("0", "c")}}
	seq := upstash.Over(p).ScanAll(t.Context(), command.ScanOptions{})
	if p.cursors != nil {
		t.Error("asked before anybody walks")
	}
	for key, err := range seq {
		if err != nil {
			t.Fatal(err)
		}
		if key == "b" {
			break
		}
	}
	if diff := cmp.Diff([]string{"0"}, p.cursors); diff != "" {
		t.Errorf("cursors (-want +got):\n%s", diff)
	}
}

// Every loop begins anew.
func TestScanAllTwice(t *testing.T) {
	t.Parallel()
	p := &pages{list: []command.Reply{pageOf("7", "a"), pageOf("0", "b"), pageOf("8", "c"), pageOf("0", "d")}}
	seq := upstash.Over(p).ScanAll(t.Context(), command.ScanOptions{})
	for _, want := range [][]string{{"a", "b"}, {"c", "d"}} {
		keys, errs := drained(seq)
		if diff := cmp.Diff(want, keys); diff != "" || errs != nil {
			t.Errorf("(-want +got):\n%s%v", diff, errs)
		}
	}
	if diff := cmp.Diff([]string{"0", "7", "0", "8"}, p.cursors); diff != "" {
		t.Errorf("cursors (-want +got):\n%s", diff)
	}
}

func TestScanAllEndsWithAnError(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		second command.Reply
		want   string
	}{
		"of the server": {command.ErrorReply("ERR invalid cursor"), "upstash: SCAN: ERR invalid cursor"},
		"another shape": {command.IntReply(1), "upstash: SCAN: reply is not a cursor and a list but integer"},
	} {
		p := &pages{list: []command.Reply{pageOf("7", "a"), tt.second, pageOf("0", "b")}}
		var got []string
		for key, err := range upstash.Over(p).ScanAll(t.Context(), command.ScanOptions{}) {
			got = append(got, key+"|"+fmt.Sprint(err))
		}
		if diff := cmp.Diff([]string{"a|<nil>", "|" + tt.want}, got); diff != "" || len(p.cursors) != 2 {
			t.Errorf("%s: %d round trips (-want +got):\n%s", name, len(p.cursors), diff)
		}
	}
	failed := errors.New("failed")
	broken := upstash.DoerFunc(func(context.Context, upstash.Batch) ([]command.Reply, error) { return nil, failed })
	if keys, errs := drained(upstash.Over(broken).ScanAll(t.Context(), command.ScanOptions{})); keys != nil || len(errs) != 1 || !errors.Is(errs[0], failed) {
		t.Errorf("a failing round trip: %v, %v", keys, errs)
	}
	p := &pages{}
	if _, errs := drained(upstash.Over(p).ScanAll(t.Context(), command.ScanOptions{Count: -1})); len(errs) != 1 || p.cursors != nil {
		t.Errorf("an option that makes no sense: %v after %d round trips", errs, len(p.cursors))
	}
}

// A page that is here already is used up; the next one is not asked for.
func TestScanAllEndsWithTheContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	p := &pages{list: []command.Reply{pageOf("7", "a", "b"), pageOf("0", "c")}}
	var got []string
	for key, err := range upstash.Over(p).ScanAll(ctx, command.ScanOptions{}) {
		if err != nil {
			if !errors.Is(err, context.Canceled) || !upstash.SafeToRetry(err) {
				t.Errorf("error = %v", err)
			}
			got = append(got, "end")
			continue
		}
		got = append(got, key)
		cancel()
	}
	if diff := cmp.Diff([]string{"a", "b", "end"}, got); diff != "" || len(p.cursors) != 1 {
		t.Errorf("%d round trips (-want +got):\n%s", len(p.cursors), diff)
	}
}
