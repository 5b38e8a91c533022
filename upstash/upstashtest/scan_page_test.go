package upstashtest_test

import (
	"fmt"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// A key that is there all along comes once, whatever else is made and deleted
// between the pages.
func TestScanPages(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	rdb, ctx := srv.Client(), t.Context()
	stay, leave := map[string]any{}, []string{}
	for i := range 200 {
		stay["stay:"+strconv.Itoa(i)] = i
		leave = append(leave, "leave:"+strconv.Itoa(i))
		if err := rdb.Set(ctx, leave[i], "v"); err != nil {
			t.Fatal(err)
		}
	}
	if err := rdb.MSet(ctx, stay); err != nil {
		t.Fatal(err)
	}
	var found []string
	beyondFloat, empty, cursor := false, false, ""
	for i := 0; ; i++ {
		page, err := rdb.Scan(ctx, cursor, command.ScanOptions{Match: "stay:*", Count: 3})
		if err != nil || len(page.Items) > 3 || i > 400 {
			t.Fatalf("page %d has %d keys: %v", i, len(page.Items), err)
		}
		found = append(found, page.Items...)
		if page.Done() {
			break
		}
		cursor = page.Cursor
		n, err := strconv.ParseUint(cursor, 10, 64)
		beyondFloat = beyondFloat || err == nil && n > 1<<53
		empty = empty || len(page.Items) == 0
		if i < len(leave) {
			if _, err := rdb.Del(ctx, leave[i]); err != nil {
				t.Fatal(err)
			}
			if err := rdb.Set(ctx, fmt.Sprintf("new:%d", i), "v"); err != nil {
				t.Fatal(err)
			}
		}
	}
	want := make([]string, 0, len(stay))
	for key := range stay {
		want = append(want, key)
	}
	slices.Sort(want)
	slices.Sort(found)
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !beyondFloat || !empty {
		t.Errorf("a cursor beyond 2^53: %v; an empty page: %v", beyondFloat, empty)
	}
}

// A key with few elements comes whole, as Redis keeps it in one piece.
func TestScanPagesOfKeys(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	rdb, ctx := srv.Client(), t.Context()
	for size, want := range map[int]bool{128: true, 129: false} {
		fields, members := map[string]any{}, []any{}
		for i := range size {
			fields["f"+strconv.Itoa(i)] = i
			members = append(members, "m"+strconv.Itoa(i))
		}
		key := strconv.Itoa(size)
		if _, err := rdb.HSet(ctx, "h"+key, fields); err != nil {
			t.Fatal(err)
		}
		if _, err := rdb.SAdd(ctx, "s"+key, members...); err != nil {
			t.Fatal(err)
		}
		if _, err := rdb.ZUnionStore(ctx, "z"+key, command.ZCombine{}, "s"+key); err != nil {
			t.Fatal(err)
		}
		hash, err := rdb.HScan(ctx, "h"+key, "", command.MatchOptions{})
		if err != nil || hash.Done() != want || want != (len(hash.Items) == size) {
			t.Errorf("HSCAN of %d: %d, done %v, %v", size, len(hash.Items), hash.Done(), err)
		}
		names, err := rdb.HScanNoValues(ctx, "h"+key, "", command.MatchOptions{Count: 1000})
		if err != nil || !names.Done() || len(names.Items) != size {
			t.Errorf("HSCAN of %d without values: %d, done %v, %v", size, len(names.Items), names.Done(), err)
		}
		set, err := rdb.SScan(ctx, "s"+key, "", command.MatchOptions{})
		if err != nil || set.Done() != want || want != (len(set.Items) == size) {
			t.Errorf("SSCAN of %d: %d, done %v, %v", size, len(set.Items), set.Done(), err)
		}
		sorted, err := rdb.ZScan(ctx, "z"+key, "", command.MatchOptions{})
		if err != nil || sorted.Done() != want || want != (len(sorted.Items) == size) {
			t.Errorf("ZSCAN of %d: %d, done %v, %v", size, len(sorted.Items), sorted.Done(), err)
		}
	}
}

func TestScanErrors(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	must(t, srv, `1`, "RPUSH", "list", "a")
	mustFail(t, srv, "ERR invalid cursor", "SCAN", "x")
	mustFail(t, srv, "ERR invalid cursor", "SSCAN", "k", "x")
	mustFail(t, srv, wrongType, "HSCAN", "list", "0")
	mustFail(t, srv, wrongType, "HSCAN", "list", "0", "NOVALUES")
	mustFail(t, srv, wrongType, "ZSCAN", "list", "5")
	mustFail(t, srv, "ERR syntax error", "SCAN", "0", "NOVALUES")
	mustFail(t, srv, "ERR syntax error", "SCAN", "0", "COUNT", "0")
	mustFail(t, srv, "ERR value is not an integer or out of range", "SCAN", "0", "COUNT", "x")
	mustFail(t, srv, "ERR syntax error", "SSCAN", "k", "0", "MATCH")
	must(t, srv, `["0",[]]`, "SSCAN", "k", "7")
}
