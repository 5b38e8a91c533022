package lock_test

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/seed-9937a0e6/upstash-go/upstash/lock"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// TestCost holds the package to the table in its documentation.
func TestCost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, k := newLocker(t, lock.Options{TTL: ttl})
		ctx := t.Context()
		promised := promises(t)
		costs := func(row string, f func()) {
			t.Helper()
			want, listed := promised[row]
			if !listed {
				t.Fatalf("%s: it is not in the table", row)
			}
			upstashtest.AssertCost(t, srv, want.Cost, f)
			want.measured = true
		}
		const try, end, fenceTry = "TryLock, each poll of Lock", "Extend, Release, Break", "TryLock with a fencing token"
		var lease *lock.Lease
		costs(try, func() { lease = got(k.TryLock(ctx, "job"))(t) })
		costs(try, func() { isErr(t, errOf(k.TryLock(ctx, "job")), lock.ErrNotAcquired) })
		costs(end, func() { noErr(t, lease.Extend(ctx)) })
		costs("Peek", func() { got(k.Peek(ctx, "job"))(t) })
		costs(end, func() { noErr(t, lease.Release(ctx)) })
		costs(try, func() { lease = got(k.Lock(ctx, "job"))(t) })
		costs(end, func() { got(k.Break(ctx, "job"))(t) })
		costs("Err, Done, Context, Remaining", func() {
			noErr(t, lease.Err())
			_, cancel := lease.Context(ctx)
			cancel()
			lease.Done()
			lease.Remaining()
		})

		fenced := lockerOver(t, srv.Client(), lock.Options{TTL: ttl, Prefix: "fenced", Fenced: true})
		warm(t, fenced)
		noErr(t, got(fenced.TryLock(ctx, "warm"))(t).GuardedSet(ctx, "report", "x"))
		costs(fenceTry+", the first of a key", func() { lease = got(fenced.TryLock(ctx, "job"))(t) })
		costs(fenceTry+", of a lock that is taken", func() { isErr(t, errOf(fenced.TryLock(ctx, "job")), lock.ErrNotAcquired) })
		costs("GuardedSet", func() { noErr(t, lease.GuardedSet(ctx, "report", "x")) })
		costs(end, func() { noErr(t, lease.Extend(ctx)) })
		costs(end, func() { noErr(t, lease.Release(ctx)) })
		costs(fenceTry, func() { lease = got(fenced.TryLock(ctx, "job"))(t) })
		got(fenced.Break(ctx, "job"))(t)
		costs(fenceTry, func() { got(fenced.TryLock(ctx, "job"))(t) })
		costs("GuardedSet that is refused", func() { isErr(t, lease.GuardedSet(ctx, "report", "x"), lock.ErrLost) })
		for row, p := range promised {
			if !p.measured {
				t.Errorf("%s: it is in the table, and was not measured", row)
			}
		}
	})
}

type promise struct {
	upstashtest.Cost

	measured bool
}

// promises is the table in the package documentation.
func promises(t *testing.T) map[string]*promise {
	t.Helper()
	text, err := os.ReadFile("doc.go")
	noErr(t, err)
	_, table, found := strings.Cut(string(text), "\n// # Cost\n")
	if !found {
		t.Fatal("doc.go has no table of costs")
	}
	rows := map[string]*promise{}
	for _, row := range regexp.MustCompile(`(?m)^//\t(\S.*?)\s{2,}(\d+)\s+(\d+)$`).FindAllStringSubmatch(table, -1) {
		rows[row[1]] = &promise{Cost: upstashtest.Cost{RoundTrips: got(strconv.Atoi(row[2]))(t), Commands: got(strconv.Atoi(row[3]))(t)}}
	}
	return rows
}

// TestWords shows what is sent, for who reads logs or writes another client.
func TestWords(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, k := newLocker(t, lock.Options{TTL: ttl, Prefix: "shop"})
		lease := got(k.TryLock(t.Context(), "job"))(t)
		noErr(t, lease.Extend(t.Context()))
		noErr(t, lease.Release(t.Context()))
		requests := srv.Requests()
		token := requests[0].Commands[0][2]
		check(t, "length of the token", 26, len(token))
		check(t, "sent", [][][]string{
			{{"SET", "shop:{job}", token, "NX", "GET", "EX", "10"}},
			{{"SET", "shop:{job}", token, "IFEQ", token, "EX", "10"}},
			{{"DELEX", "shop:{job}", "IFEQ", token}},
		}, [][][]string{requests[0].Commands, requests[1].Commands, requests[2].Commands})
	})
}
