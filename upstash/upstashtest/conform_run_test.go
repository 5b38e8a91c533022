package upstashtest_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// failuresTB keeps all failures of a test.
type failuresTB struct {
	recordingTB
	all []string
}

func (tb *failuresTB) Errorf(format string, a ...any) {
	tb.all = append(tb.all, fmt.Sprintf(format, a...))
}

// endingTB is a test that is over.
type endingTB struct {
	failuresTB
	ctx context.Context
}

func (tb *endingTB) Context() context.Context { return tb.ctx }

// The local server conforms, in real time, and what else is in it stays there.
func TestConform(t *testing.T) {
	t.Parallel()
	needs64Bits(t)
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	names := []string{"a", "absent", "b", "d", "k", "list", "s", "src"} // as the cases call their own
	mine := map[string]any{}
	for _, name := range names {
		mine[name] = "mine"
	}
	if err := srv.Client().MSet(t.Context(), mine); err != nil {
		t.Fatal(err)
	}
	srv.Reset()
	upstashtest.Conform(t, srv.Client(), upstashtest.ConformOptions{Lacks: engineLacks})
	if m := srv.Meter(); m.RoundTrips > 5000 || m.Commands > 8000 {
		t.Errorf("%+v is more than Conform says it costs", m)
	}
	wantKeys(t, srv, names...)
	for _, name := range names {
		if got, err := srv.Client().Get(t.Context(), name); got != "mine" || err != nil {
			t.Errorf("%s has %q, %v", name, got, err)
		}
	}
}

func TestConformEmptyDatabase(t *testing.T) {
	t.Parallel()
	needs64Bits(t)
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	empty := upstashtest.ConformOptions{EmptyDatabase: true, Lacks: engineLacks}
	upstashtest.Conform(t, srv.Client(), empty)
	wantKeys(t, srv)

	if err := srv.Client().Set(t.Context(), "k", "mine"); err != nil {
		t.Fatal(err)
	}
	srv.Reset()
	tb := &failuresTB{}
	upstashtest.Conform(tb, srv.Client(), empty)
	if diff := cmp.Diff("upstashtest: Conform: the database is not empty: DBSIZE is 1", tb.fatal); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n := srv.Meter().RoundTrips; n != 1 {
		t.Errorf("refused after %d round trips", n)
	}
}

// A database that counts in another way is found out, and may be said to do so.
func TestConformReports(t *testing.T) {
	t.Parallel()
	needs64Bits(t)
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	odd := upstash.DoerFunc(func(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
		replies, err := srv.Client().Do(ctx, b)
		for i, r := range replies {
			if b.Commands[i].Name() == "SUBSTR" && r.Err() == nil {
				replies[i] = command.TextReply("odd")
			}
		}
		return replies, err
	})
	for name, tt := range map[string]struct {
		lacks map[string]string
		want  []string
	}{
		"not told": {nil, []string{
			`directly: SubStr: ["SUBSTR" "k" "1" "3"]: want "ell", got "odd"`,
			`directly: SubStr: absent key: ["SUBSTR" "k" "0" "-1"]: want "", got "odd"`,
			`in a batch: SubStr: ["SUBSTR" "k" "1" "3"]: want "ell", got "odd"`,
			`in a batch: SubStr: absent key: ["SUBSTR" "k" "0" "-1"]: want "", got "odd"`,
			`in an atomic batch: SubStr: ["SUBSTR" "k" "1" "3"]: want "ell", got "odd"`,
			`in an atomic batch: SubStr: absent key: ["SUBSTR" "k" "0" "-1"]: want "", got "odd"`,
		}},
		"told": {map[string]string{"SUBSTR": "odd", "KEYS": "not executed, and so not judged"}, nil},
		"not true": {map[string]string{"SubStr": "odd", "SubStr: absent key": "odd", "GET": "", "NOSUCH": ""}, []string{
			"the database has GET now: take it out of ConformOptions.Lacks",
			"NOSUCH is in ConformOptions.Lacks, and neither a case nor a command of one",
		}},
	} {
		tb, lacks := &failuresTB{}, maps.Clone(engineLacks)
		maps.Copy(lacks, tt.lacks)
		upstashtest.Conform(tb, odd, upstashtest.ConformOptions{Lacks: lacks})
		if diff := cmp.Diff(tt.want, tb.all); diff != "" || tb.fatal != "" {
			t.Errorf("%s: %s (-want +got):\n%s", name, tb.fatal, diff)
		}
		wantKeys(t, srv)
	}
}

// Without an answer, and with a test that is over, Conform does not go on.
func TestConformEndsEarly(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	gone, ended := errors.New("gone"), 0
	ctx, end := context.WithCancel(t.Context())
	breaks := func(at int, what func() error) upstash.Doer {
		n := 0
		return upstash.DoerFunc(func(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
			if n++; n >= at {
				ended = n
				if err := what(); err != nil {
					return nil, err
				}
			}
			return srv.Client().Do(ctx, b)
		})
	}
	broken := func() error { return gone }

	tb := &failuresTB{}
	upstashtest.Conform(tb, breaks(1, broken))
	if tb.fatal != "upstashtest: Conform: gone" || ended != 1 {
		t.Errorf("%q after %d", tb.fatal, ended)
	}

	tb = &failuresTB{}
	upstashtest.Conform(tb, breaks(100, broken))
	said := strings.Join(tb.all, "\n")
	if !strings.Contains(said, "Conform ends early: the database does not answer: gone") ||
		!strings.Contains(said, "Conform leaves keys that begin with {upstashtest-") || ended > 110 {
		t.Errorf("after %d: %s", ended, said)
	}
	srv.Flush()

	over := &endingTB{ctx: ctx}
	upstashtest.Conform(over, breaks(100, func() error { end(); return nil }))
	if !slices.Contains(over.all, "upstashtest: Conform ends early: context canceled") || ended > 110 {
		t.Errorf("after %d: %q", ended, over.all)
	}
	wantKeys(t, srv)

	tb = &failuresTB{}
	upstashtest.Conform(tb, nil)
	if tb.fatal != "upstashtest: Conform: there is no Doer" {
		t.Errorf("%q", tb.fatal)
	}
	upstashtest.Conform(tb, srv.Client(), upstashtest.ConformOptions{}, upstashtest.ConformOptions{})
	if tb.fatal != "upstashtest: Conform takes at most one ConformOptions, got 2" {
		t.Errorf("%q", tb.fatal)
	}
}

// wantKeys wants these keys and no other.
func wantKeys(t *testing.T, srv *upstashtest.Server, want ...string) {
	t.Helper()
	got, err := srv.Client().Keys(t.Context(), "*")
	if err != nil || !slices.Equal(want, got) {
		t.Errorf("the keys are %q, want %q: %v", got, want, err)
	}
}
