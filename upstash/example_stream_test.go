package upstash_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// A group of consumers shares the work in a stream. What a consumer was given
// and never acknowledged, because it crashed, another one claims.
func Example_consumerGroup() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	ctx, rdb := context.Background(), srv.Client()

	newGroup := command.XGroupCreateOptions{MakeStream: true}
	if err := rdb.XGroupCreateWith(ctx, "orders", "packers", "0", newGroup); err != nil {
		log.Fatal(err) // with the code BUSYGROUP, the group was there before
	}
	for _, item := range []string{"tea", "rice", "salt"} {
		if _, err := rdb.XAdd(ctx, "orders", "item", item, "count", 2); err != nil {
			log.Fatal(err)
		}
	}

	// Ann is given two orders and packs one; then her machine stops.
	pack(ctx, rdb, "ann", 1, command.XReadGroupOptions{Count: 2})
	srv.Advance(5 * time.Minute)

	// Bob takes over what has been waiting for a minute, and then what is new.
	claimed, err := rdb.XAutoClaim(ctx, "orders", "packers", "bob", time.Minute, command.XAutoClaimOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, m := range claimed.Claimed {
		done(ctx, rdb, "bob takes over", m)
	}
	pack(ctx, rdb, "bob", 10, command.XReadGroupOptions{Count: 10})

	pending, err := rdb.XPending(ctx, "orders", "packers")
	fmt.Println(pending.Count, "pending", err)
	// Output:
	// ann packs tea
	// bob takes over rice
	// bob packs salt
	// 0 pending <nil>
}

// pack reads what nobody was given so far, and gets through no more than limit.
func pack(ctx context.Context, rdb *upstash.Client, consumer string, limit int, o command.XReadGroupOptions) {
	streams, err := rdb.XReadGroup(ctx, "packers", consumer, o, command.XFrom{Key: "orders"})
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range streams { // none when there is nothing new
		for _, m := range s.Messages[:min(limit, len(s.Messages))] {
			done(ctx, rdb, consumer+" packs", m)
		}
	}
}

// done acknowledges an order when it is packed, and not before.
func done(ctx context.Context, rdb *upstash.Client, what string, m command.XMessage) {
	fmt.Println(what, m.Map()["item"])
	if _, err := rdb.XAck(ctx, "orders", "packers", m.ID); err != nil {
		log.Fatal(err)
	}
}
