package command_test

import (
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func count(n int64) command.Null[int64] { return command.Null[int64]{V: n, Valid: true} }

func TestStreamGroupCommandsSend(t *testing.T) {
	t.Parallel()
	at := time.UnixMilli(1700000000123)
	claim := func(o command.XClaimOptions) command.Args {
		return command.XClaimWith("k", "g", "c", time.Minute, o, "1", "2").Args()
	}
	auto := func(o command.XAutoClaimOptions) command.Args {
		return command.XAutoClaim("k", "g", "c", time.Minute, o).Args()
	}
	checkSent(t, []sent{
		{command.XGroupCreate("k", "g", "$").Args(), "XGROUP CREATE k g $", command.Once},
		{command.XGroupCreateWith("k", "g", "0", command.XGroupCreateOptions{}).Args(), "XGROUP CREATE k g 0", command.Once},
		{command.XGroupCreateWith("k", "g", "5-1", command.XGroupCreateOptions{MakeStream: true, EntriesRead: count(0)}).Args(), "XGROUP CREATE k g 5-1 MKSTREAM ENTRIESREAD 0", command.Once},
		{command.XGroupCreateConsumer("k", "g", "c").Args(), "XGROUP CREATECONSUMER k g c", command.Idempotent},
		{command.XGroupDelConsumer("k", "g", "c").Args(), "XGROUP DELCONSUMER k g c", command.Idempotent},
		{command.XGroupDestroy("k", "g").Args(), "XGROUP DESTROY k g", command.Idempotent},
		{command.XGroupSetID("k", "g", "0").Args(), "XGROUP SETID k g 0", command.Idempotent},
		{command.XGroupSetIDWith("k", "g", "$", command.XGroupSetIDOptions{EntriesRead: count(-1)}).Args(), "XGROUP SETID k g $ ENTRIESREAD -1", command.Idempotent},
		{command.XAck("k", "g", "1", "2").Args(), "XACK k g 1 2", command.Idempotent},
		{command.XAckDel("k", "g", "", "1", "2").Args(), "XACKDEL k g IDS 2 1 2", command.Idempotent},
		{command.XAckDel("k", "g", command.AckedRefs, "1").Args(), "XACKDEL k g ACKED IDS 1 1", command.Idempotent},
		{command.XClaim("k", "g", "c", 1500*time.Microsecond, "1", "2").Args(), "XCLAIM k g c 2 1 2", command.Once},
		{claim(command.XClaimOptions{}), "XCLAIM k g c 60000 1 2", command.Once},
		{claim(command.XClaimOptions{Idle: time.Second, RetryCount: count(0)}), "XCLAIM k g c 60000 1 2 IDLE 1000 RETRYCOUNT 0", command.Once},
		{claim(command.XClaimOptions{Delivered: at, Force: true, LastID: "3"}), "XCLAIM k g c 60000 1 2 TIME 1700000000123 FORCE LASTID 3", command.Once},
		{command.XClaimIDs("k", "g", "c", 0, command.XClaimOptions{Force: true}, "1").Args(), "XCLAIM k g c 0 1 FORCE JUSTID", command.Once},
		{auto(command.XAutoClaimOptions{}), "XAUTOCLAIM k g c 60000 0-0", command.Once},
		{auto(command.XAutoClaimOptions{Start: "5-1", Count: 10}), "XAUTOCLAIM k g c 60000 5-1 COUNT 10", command.Once},
		{command.XAutoClaimIDs("k", "g", "c", 0, command.XAutoClaimOptions{Count: 1}).Args(), "XAUTOCLAIM k g c 0 0-0 COUNT 1 JUSTID", command.Once},
		{command.XPending("k", "g").Args(), "XPENDING k g", command.ReadOnly},
		{command.XPendingRange("k", "g", "-", "+", 10).Args(), "XPENDING k g - + 10", command.ReadOnly},
		{
			command.XPendingRangeWith("k", "g", "(5", "+", 10, command.XPendingOptions{Idle: time.Second, Consumer: "c"}).Args(),
			"XPENDING k g IDLE 1000 (5 + 10 c", command.ReadOnly,
		},
	})
}

func TestStreamGroupCommandsRefuse(t *testing.T) {
	t.Parallel()
	claim := func(o command.XClaimOptions) error { return command.XClaimWith("k", "g", "c", 0, o, "1").Err() }
	checkRefused(t, []refused{
		{"group without a start", command.XGroupCreate("k", "g", "").Err(), `"$" for those to come`},
		{"group that goes on nowhere", command.XGroupSetID("k", "g", "").Err(), `"$" for those to come`},
		{"negative count of entries", command.XGroupCreateWith("k", "g", "0", command.XGroupCreateOptions{EntriesRead: count(-2)}).Err(), "EntriesRead"},
		{"acknowledge nothing", command.XAck("k", "g").Err(), "at least one ID"},
		{"acknowledge and delete nothing", command.XAckDel("k", "g", "").Err(), "at least one ID"},
		{"claim nothing", command.XClaim("k", "g", "c", 0).Err(), "at least one ID"},
		{"negative idle time", command.XClaim("k", "g", "c", -1, "1").Err(), "idle time"},
		{"negative idle time to look for", command.XAutoClaim("k", "g", "c", -1, command.XAutoClaimOptions{}).Err(), "idle time"},
		{"negative idle time to set", claim(command.XClaimOptions{Idle: -1}), "Idle must not"},
		{"two times of delivery", claim(command.XClaimOptions{Idle: 1, Delivered: time.UnixMilli(1)}), "one of Idle and Delivered"},
		{"negative deliveries", claim(command.XClaimOptions{RetryCount: count(-1)}), "RetryCount"},
		{"negative count to claim", command.XAutoClaimIDs("k", "g", "c", 0, command.XAutoClaimOptions{Count: -1}).Err(), "Count must not"},
		{"range of nothing", command.XPendingRange("k", "g", "", "+", 1).Err(), `"-" or "+"`},
		{"pending for less than nothing", command.XPendingRangeWith("k", "g", "-", "+", 1, command.XPendingOptions{Idle: -1}).Err(), "Idle must not"},
	})
}

func TestStreamGroupCommandsDecode(t *testing.T) {
	t.Parallel()
	first := command.XMessage{ID: "1-1", Fields: []command.Pair{{Key: "f", Value: "1"}}}
	item := list("1-1", list("f", "1"))
	checkReply(t, command.XGroupCreate("k", "g", "0"), text("OK"), command.OK{})
	checkReply(t, command.XGroupCreateConsumer("k", "g", "c"), number(1), true)
	checkReply(t, command.XGroupDelConsumer("k", "g", "c"), number(3), int64(3))
	checkReply(t, command.XGroupDestroy("k", "g"), number(0), false)
	checkReply(t, command.XGroupSetID("k", "g", "0"), text("OK"), command.OK{})
	checkReply(t, command.XAck("k", "g", "1"), number(1), int64(1))
	checkReply(t, command.XAckDel("k", "g", "", "1"), list(2), []command.XDeletion{command.XEntryReferenced})
	checkReply(t, command.XClaim("k", "g", "c", 0, "1"), list(nil, item), []command.XMessage{{Deleted: true}, first})
	checkReply(t, command.XClaimIDs("k", "g", "c", 0, command.XClaimOptions{}, "1"), list("1-1"), []string{"1-1"})

	auto := command.XAutoClaim("k", "g", "c", 0, command.XAutoClaimOptions{})
	checkReply(t, auto, list("2-1", list(item), list("1-0")),
		command.XClaimed[command.XMessage]{Next: "2-1", Claimed: []command.XMessage{first}, Deleted: []string{"1-0"}})
	checkReply(t, auto, list("0-0", list()), command.XClaimed[command.XMessage]{Next: "0-0", Claimed: []command.XMessage{}, Deleted: []string{}})
	checkReply(t, command.XAutoClaimIDs("k", "g", "c", 0, command.XAutoClaimOptions{}), list("0-0", list("1-1"), list()),
		command.XClaimed[string]{Next: "0-0", Claimed: []string{"1-1"}, Deleted: []string{}})

	checkReply(t, command.XPending("k", "g"), list(3, "1-1", "3-1", list(list("a", "1"), list("b", 2))), command.XPendingSummary{
		Count: 3, Lowest: "1-1", Highest: "3-1", Consumers: []command.XConsumerPending{{Name: "a", Count: 1}, {Name: "b", Count: 2}},
	})
	checkReply(t, command.XPending("k", "g"), list(0, nil, nil, nil), command.XPendingSummary{Consumers: []command.XConsumerPending{}})
	checkReply(t, command.XPendingRange("k", "g", "-", "+", 1), list(list("1-1", "c", 1500, 2)),
		[]command.XPendingEntry{{ID: "1-1", Consumer: "c", Idle: 1500 * time.Millisecond, Deliveries: 2}})

	checkMismatch(t, auto, list("0-0"), "an ID and what was claimed")
	checkMismatch(t, auto, command.Reply{}, "an ID and what was claimed")
	checkMismatch(t, command.XPending("k", "g"), list(1), "a count, two IDs and consumers")
	checkMismatch(t, command.XPending("k", "g"), list(1, "1-1", "1-1", list(list("a"))), "a consumer and a count")
	checkMismatch(t, command.XPending("k", "g"), list(1, "1-1", "1-1", list(list("a", "x"))), "integer")
	checkMismatch(t, command.XPendingRange("k", "g", "-", "+", 1), list(list("1-1")), "an ID, a consumer and two numbers")
}

func TestXClaimedDone(t *testing.T) {
	t.Parallel()
	if (command.XClaimed[string]{Next: "1-1"}).Done() || !(command.XClaimed[string]{Next: "0-0"}).Done() {
		t.Error("a step is done when the next one starts at 0-0, and only then")
	}
}
