package pipeline_test

import (
	"errors"
	"strconv"
	"sync"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// A transaction that the server refuses does not run at all.
func TestDiscardedTransaction(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t)
	rdb := srv.Client()
	tx := pipeline.NewTx(rdb)
	set := tx.Set("k", "v")
	unknown := pipeline.Queue(tx, command.New(command.Reply.Reply, "NOSUCHCOMMAND", "k"))
	get := tx.Get("k")
	err := tx.Exec(t.Context())
	var e *upstash.Error
	if !errors.As(err, &e) || !errors.Is(err, upstash.ErrTxAborted) || e.Op != "transaction of 3" || e.Index != -1 {
		t.Fatalf("got %v", err)
	}
	if !upstash.SafeToRetry(err) || upstash.OutcomeUnknown(err) {
		t.Errorf("nothing ran: %v", err)
	}
	for _, item := range []error{set.Err(), unknown.Err(), get.Err()} {
		if item != err { //nolint:errorlint // the same error
			t.Errorf("an item says %v", item)
		}
	}
	if n, err := rdb.Exists(t.Context(), "k"); n != 0 || err != nil {
		t.Errorf("part of it ran: %d, %v", n, err)
	}
}

// The same command fails alone in a pipeline.
func TestUnknownCommandInAPipeline(t *testing.T) {
	t.Parallel()
	p := pipeline.New(upstashtest.New(t).Client())
	set := p.Set("k", "v")
	pipeline.Queue(p, command.New(command.Reply.Reply, "NOSUCHCOMMAND", "k"))
	get := p.Get("k")
	err := p.Exec(t.Context())
	if places := placesOf(t, err); len(places) != 1 || places[0].Index != 1 || errors.Is(err, upstash.ErrTxAborted) {
		t.Errorf("got %v", err)
	}
	if set.Err() != nil || get.Val() != "v" {
		t.Error(set.Err(), get.Val())
	}
}

// TestTransactionIsAtomic lets two clients move amounts between two keys while
// others look: what they see always adds up.
func TestTransactionIsAtomic(t *testing.T) {
	t.Parallel()
	const rounds = 50
	srv := upstashtest.New(t)
	ctx := t.Context()
	client := func() *upstash.Client {
		rdb, err := upstash.New(upstash.Options{URL: srv.URL, Token: srv.Token})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(rdb.CloseIdle)
		return rdb
	}
	var wg sync.WaitGroup
	for _, amount := range []int64{1, -2} {
		rdb := client()
		wg.Go(func() {
			for range rounds {
				tx := pipeline.NewTx(rdb)
				tx.DecrBy("from", amount)
				seen := tx.MGet("from", "to")
				tx.IncrBy("to", amount)
				if err := tx.Exec(ctx); err != nil {
					t.Error(err)
					return
				}
				// Inside, the sum lacks exactly what this one has taken.
				if got := sum(seen.Val()); got != -amount {
					t.Errorf("inside the transaction of %d the sum is %d", amount, got)
				}
			}
		})
	}
	rdb := client()
	wg.Go(func() {
		for range rounds {
			got, err := rdb.MGet(ctx, "from", "to")
			if err != nil || sum(got) != 0 {
				t.Errorf("from outside the sum is %d, %v", sum(got), err)
			}
		}
	})
	wg.Wait()
	if got, err := rdb.Get(ctx, "to"); got != strconv.Itoa(-rounds) || err != nil {
		t.Error(got, err)
	}
}

func sum(list []command.Null[string]) int64 {
	var total int64
	for _, v := range list {
		n, _ := strconv.ParseInt(v.Or("0"), 10, 64)
		total += n
	}
	return total
}
