package upstash_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func batchOf(commands ...command.Args) upstash.Batch { return upstash.Batch{Commands: commands} }

var (
	aGet  = command.Get("k").Args()
	aSet  = command.Set("k", "v").Args()
	anInc = command.Incr("k").Args()
)

func TestEncodedSize(t *testing.T) {
	t.Parallel()
	if n, ok := upstash.EncodedSize(command.Set("k", "a\"b").Args()); n != len(`["SET","k","a\"b"]`) || !ok {
		t.Error(n, ok)
	}
	if n, ok := upstash.EncodedSize(command.Set("k", "\xff").Args()); n != 0 || ok {
		t.Error(n, ok)
	}
}

func TestBatchCheck(t *testing.T) {
	t.Parallel()
	binary := command.Set("k", "\xff").Args()
	for name, tt := range map[string]struct {
		batch upstash.Batch
		index int // of the command it is about
		fails bool
	}{
		"fine":                    {batchOf(aGet, aSet), 0, false},
		"binary, alone":           {batchOf(binary), 0, false},
		"binary in a pipeline":    {batchOf(aGet, binary), 1, true},
		"binary in a transaction": {upstash.Batch{Commands: []command.Args{binary}, Atomic: true}, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := tt.batch.Check()
			e, ok := errors.AsType[*upstash.Error](err)
			if ok != tt.fails || ok && (e.Index != tt.index || e.Op != "SET" || e.Sent || !upstash.SafeToRetry(err)) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// rerun is what an error says about running the same again.
type rerun struct {
	Op            string
	Safe, Unknown bool
}

func rerunOf(err *upstash.Error) rerun {
	return rerun{err.Op, upstash.SafeToRetry(err), upstash.OutcomeUnknown(err)}
}

func TestAbandoned(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		batch upstash.Batch
		sent  bool
		want  rerun
	}{
		{batchOf(anInc), false, rerun{"INCR", true, false}},
		{batchOf(anInc), true, rerun{"INCR", false, true}},
		{batchOf(aSet), true, rerun{"SET", true, true}},
		{batchOf(aGet, aSet), true, rerun{"pipeline of 2", true, true}},
		{batchOf(aGet, anInc), true, rerun{"pipeline of 2", false, true}},
		{upstash.Batch{Commands: []command.Args{aGet}, Atomic: true}, true, rerun{"transaction of 1", true, true}},
	} {
		err := tt.batch.Abandoned(context.Canceled, tt.sent)
		if diff := cmp.Diff(tt.want, rerunOf(err)); diff != "" || err.Sent != tt.sent || err.Index != -1 || !errors.Is(err, context.Canceled) {
			t.Errorf("%v (-want +got)\n%s", err, diff)
		}
	}
}

// failureOf is the error of a shared request that a fault hit.
func failureOf(t *testing.T, fault func(*upstashtest.Exchange), b upstash.Batch) *upstash.Error {
	t.Helper()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	srv.Intercept(fault)
	_, err := srv.Client().Do(t.Context(), b)
	e, ok := errors.AsType[*upstash.Error](err)
	if !ok {
		t.Fatalf("got %v", err)
	}
	return e
}

func TestErrorFor(t *testing.T) {
	t.Parallel()
	shared := batchOf(aGet, aSet, anInc)
	lost, busy := failureOf(t, upstashtest.ExecuteThenDrop, shared), failureOf(t, upstashtest.TooManyRequests(0), shared)
	for _, tt := range []struct {
		err  *upstash.Error
		part upstash.Batch
		want rerun
	}{
		{lost, batchOf(aGet), rerun{"GET", true, true}},
		{lost, batchOf(anInc), rerun{"INCR", false, true}},
		{lost, batchOf(aGet, aSet), rerun{"pipeline of 2", true, true}},
		{busy, batchOf(anInc), rerun{"INCR", true, false}},
	} {
		before := *tt.err
		got := tt.err.For(tt.part)
		if diff := cmp.Diff(tt.want, rerunOf(got)); diff != "" || got.Status != tt.err.Status || got == tt.err {
			t.Errorf("%v (-want +got)\n%s", got, diff)
		}
		if before.Error() != tt.err.Error() || rerunOf(&before) != rerunOf(tt.err) {
			t.Errorf("the shared error has changed: %v", tt.err)
		}
	}
	if e := (&upstash.Error{Index: 2}).For(batchOf(aGet)); e.Index != -1 {
		t.Errorf("the position is %d", e.Index)
	}
}

func TestErrorAfter(t *testing.T) {
	t.Parallel()
	lost, busy := failureOf(t, upstashtest.ExecuteThenDrop, batchOf(aGet)), failureOf(t, upstashtest.TooManyRequests(0), batchOf(aGet))
	for _, tt := range []struct {
		err  *upstash.Error
		ran  upstash.Batch
		want rerun
	}{
		{lost, batchOf(), rerun{"GET", true, true}},
		{lost, batchOf(aGet, aSet), rerun{"GET", true, true}},
		{lost, batchOf(aGet, anInc), rerun{"GET", false, true}},
		{busy, batchOf(), rerun{"GET", true, false}},
		{busy, batchOf(aSet), rerun{"GET", true, false}},
		{busy, batchOf(anInc, aGet), rerun{"GET", false, false}},
	} {
		if diff := cmp.Diff(tt.want, rerunOf(tt.err.After(tt.ran))); diff != "" || !upstash.SafeToRetry(tt.err) {
			t.Errorf("%v after %d commands (-want +got)\n%s", tt.err, len(tt.ran.Commands), diff)
		}
	}
}

func TestHasCallOptions(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	if upstash.HasCallOptions(ctx) || !upstash.HasCallOptions(upstash.WithRetry(ctx, upstash.RetryOptions{})) || !upstash.HasCallOptions(upstash.WithSyncToken(ctx, "")) {
		t.Error("a context without options, or one with them, was not recognized")
	}
}
