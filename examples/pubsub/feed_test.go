package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// weather is a client of a server in the process, over a network to cut.
func weather(t *testing.T) (*upstashtest.Server, *upstash.Client, *cutter) {
	t.Helper()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	network := &cutter{next: srv.Transport()}
	o := srv.ClientOptions()
	o.HTTPClient = &http.Client{Transport: network}
	rdb, err := upstash.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return srv, rdb, network
}

// storm sends from three goroutines while connections are cut and requests
// fail, and returns what was sent to the feed, in its order, and what receive
// got of it until an hour went by without anything.
func storm(t *testing.T, seed uint64, messages int, receive func(context.Context, *Feed, func(text string)) error) (sent, got []string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		srv, rdb, network := weather(t)
		f := &Feed{rdb: rdb, key: "feed", keep: 1 << 20}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()

		faults := []func(*upstashtest.Exchange){
			upstashtest.DropBefore, upstashtest.ExecuteThenDrop, upstashtest.Status(500),
			upstashtest.TooManyRequests(0), upstashtest.Delay(time.Second), upstashtest.CutBody(3),
		}
		var senders sync.WaitGroup
		defer senders.Wait()
		for s := range uint64(3) {
			rng := rand.New(rand.NewPCG(seed, s))
			senders.Go(func() {
				for i := range messages / 3 {
					if ctx.Err() == nil {
						_ = f.Send(ctx, fmt.Sprintf("%d.%d", s, i)) // whether it was sent is in the stream
					}
					switch rng.IntN(6) {
					case 0:
						network.Cut()
					case 1:
						srv.Intercept(faults[rng.IntN(len(faults))])
					}
					time.Sleep(time.Duration(rng.IntN(400)) * time.Millisecond) // bubble
				}
			})
		}
		err := receive(ctx, f, func(text string) { got = append(got, text) })
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("ended by %v", err)
		}
		entries, err := srv.Client().XRange(t.Context(), "feed", "-", "+")
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			sent = append(sent, e.Map()[textField])
		}
	})
	return sent, got
}

func size() (storms, messages int) {
	if os.Getenv("UPSTASH_LONG") != "" {
		return 100, 600
	}
	return 3, 60
}

// What is in the stream reached the loop, each once and in order.
func TestFollowModel(t *testing.T) {
	t.Parallel()
	storms, messages := size()
	for range storms {
		seed := rand.Uint64()
		sent, got := storm(t, seed, messages, func(ctx context.Context, f *Feed, take func(string)) error {
			last := ""
			for {
				for item, err := range f.Follow(ctx, last) {
					if err != nil && ctx.Err() == nil {
						break // a read failed three times: go on behind what was seen
					}
					if err != nil {
						return err
					}
					if item.Missed {
						t.Error("nothing was trimmed, and something was missed")
					}
					last = item.ID
					take(item.Text)
				}
			}
		})
		if diff := cmp.Diff(sent, got); diff != "" || len(sent) < messages/2 {
			t.Errorf("seed %d, %d messages (-sent +received):\n%s", seed, len(sent), diff)
		}
	}
}

// The same storm loses messages where only the channel is followed, so it is
// one that loses messages.
func TestFollowModelNoticesWhatAChannelLoses(t *testing.T) {
	t.Parallel()
	sent, got := storm(t, 1, 300, func(ctx context.Context, f *Feed, take func(string)) error {
		for m, err := range f.rdb.Subscribe(ctx, f.key) {
			if err != nil {
				return err
			}
			if m.Kind == upstash.Received {
				take(m.Payload)
			}
		}
		return nil
	})
	if len(got) >= len(sent) {
		t.Errorf("%d messages, %d bells: no gap lost any", len(sent), len(got))
	}
}

func TestAfterTellsOfTrimmedMessages(t *testing.T) {
	t.Parallel()
	_, rdb, _ := weather(t)
	f, ctx := &Feed{rdb: rdb, key: "feed", keep: 100}, t.Context()
	for i := range 5 {
		if err := f.Send(ctx, strconv.Itoa(i)); err != nil {
			t.Fatal(err)
		}
	}
	all, err := f.After(ctx, "")
	if err != nil || len(all) != 5 || all[0].Missed {
		t.Fatalf("%+v, %v", all, err)
	}
	if _, err := rdb.XTrim(ctx, "feed", command.MaxLen(2)); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		last   int
		want   []string
		missed bool
	}{{1, []string{"3", "4"}, true}, {3, []string{"4"}, false}, {4, []string{}, false}} {
		items, err := f.After(ctx, all[tt.last].ID)
		got := []string{}
		for _, item := range items {
			got = append(got, item.Text)
		}
		missed := slices.ContainsFunc(items, func(i Item) bool { return i.Missed })
		if diff := cmp.Diff(tt.want, got); diff != "" || missed != tt.missed || err != nil {
			t.Errorf("after %d: missed %t, %v (-want +got):\n%s", tt.last, missed, err, diff)
		}
	}
}

func TestFeedCost(t *testing.T) {
	t.Parallel()
	srv, rdb, _ := weather(t)
	f, ctx := &Feed{rdb: rdb, key: "feed", keep: 100}, t.Context()
	upstashtest.AssertCost(t, srv, upstashtest.Cost{RoundTrips: 1, Commands: 2}, func() {
		if err := f.Send(ctx, "hello"); err != nil {
			t.Error(err)
		}
	})
	upstashtest.AssertCost(t, srv, upstashtest.Cost{RoundTrips: 1, Commands: 1}, func() {
		if _, err := f.After(ctx, ""); err != nil {
			t.Error(err)
		}
	})
}

// More messages than one page holds arrive all.
func TestFollowGoesThroughPages(t *testing.T) {
	t.Parallel()
	_, rdb, _ := weather(t)
	f, ctx := &Feed{rdb: rdb, key: "feed", keep: 1000}, t.Context()
	const messages = 2*page + 1
	for i := range messages {
		if err := f.Send(ctx, strconv.Itoa(i)); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	for item, err := range f.Follow(ctx, "") {
		if err != nil || item.Text != strconv.Itoa(n) {
			t.Fatalf("message %d: %+v, %v", n, item, err)
		}
		if n++; n == messages {
			return
		}
	}
}
