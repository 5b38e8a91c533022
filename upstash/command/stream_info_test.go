package command_test

import (
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func TestStreamInfoCommandsSend(t *testing.T) {
	t.Parallel()
	checkSent(t, []sent{
		{command.XInfoStream("k").Args(), "XINFO STREAM k", command.ReadOnly},
		{command.XInfoStreamFull("k").Args(), "XINFO STREAM k FULL", command.ReadOnly},
		{command.XInfoStreamFullN("k", 0).Args(), "XINFO STREAM k FULL COUNT 0", command.ReadOnly},
		{command.XInfoGroups("k").Args(), "XINFO GROUPS k", command.ReadOnly},
		{command.XInfoConsumers("k", "g").Args(), "XINFO CONSUMERS k g", command.ReadOnly},
	})
}

func TestStreamInfoCommandsDecode(t *testing.T) {
	t.Parallel()
	first := command.XMessage{ID: "1-1", Fields: []command.Pair{{Key: "f", Value: "1"}}}
	item := list("1-1", list("f", "1"))
	at := int64(1700000000123)
	checkReply(t, command.XInfoStream("k"), list(
		"length", 2, "radix-tree-keys", 1, "radix-tree-nodes", 2, "last-generated-id", "2-1", "max-deleted-entry-id", "0-0",
		"entries-added", 5, "recorded-first-entry-id", "1-1", "groups", 1, "first-entry", item, "last-entry", nil, "of-tomorrow", list(1),
	), command.XStreamInfo{
		Length: 2, Groups: 1, LastGeneratedID: "2-1", MaxDeletedEntryID: "0-0", EntriesAdded: count(5), RecordedFirstEntryID: "1-1",
		FirstEntry: command.Null[command.XMessage]{V: first, Valid: true}, RadixTreeKeys: 1, RadixTreeNodes: 2,
	})
	checkReply(t, command.XInfoStream("k"), list("length", 2), command.XStreamInfo{Length: 2})

	checkReply(t, command.XInfoGroups("k"), list(
		list("name", "g", "consumers", 1, "pending", 2, "last-delivered-id", "2-1", "entries-read", 2, "lag", 3),
		list("name", "h", "entries-read", nil, "lag", nil, "of-tomorrow", 1),
	), []command.XGroupInfo{
		{Name: "g", Consumers: 1, Pending: 2, LastDeliveredID: "2-1", EntriesRead: count(2), Lag: count(3)}, {Name: "h"},
	})
	checkReply(t, command.XInfoConsumers("k", "g"), list(
		list("name", "a", "pending", 2, "idle", 1500, "inactive", 90),
		list("name", "b", "pending", 0, "idle", -1, "inactive", -1),
		list("name", "c", "pending", 0, "idle", int64(9223372036854775807)),
	), []command.XConsumerInfo{
		{Name: "a", Pending: 2, Idle: 1500 * time.Millisecond, Inactive: command.Null[time.Duration]{V: 90 * time.Millisecond, Valid: true}},
		{Name: "b"}, {Name: "c", Idle: 1<<63 - 1},
	})

	full := list(
		"length", 2, "radix-tree-keys", 1, "radix-tree-nodes", 2, "last-generated-id", "2-1", "max-deleted-entry-id", "0-0",
		"entries-added", 5, "recorded-first-entry-id", "1-1", "entries", list(item), "groups", list(list(
			"name", "g", "last-delivered-id", "2-1", "entries-read", nil, "lag", 3, "pel-count", 1,
			"pending", list(list("1-1", "c", at, 4)), "consumers", list(
				list("pending", list(list("1-1", at, 4)), "name", "c", "seen-time", at, "active-time", at, "pel-count", 1),
				list("name", "d", "seen-time", at, "active-time", -1, "pel-count", 0, "pending", list()),
			),
		)),
	)
	delivered := []command.XDelivered{{ID: "1-1", Consumer: "c", At: time.UnixMilli(at), Deliveries: 4}}
	want := command.XStreamFull{
		Length: 2, LastGeneratedID: "2-1", MaxDeletedEntryID: "0-0", EntriesAdded: count(5), RecordedFirstEntryID: "1-1",
		Entries: []command.XMessage{first}, RadixTreeKeys: 1, RadixTreeNodes: 2,
		Groups: []command.XGroupFull{{
			Name: "g", LastDeliveredID: "2-1", Lag: count(3), PendingCount: 1, Pending: delivered,
			Consumers: []command.XConsumerFull{
				{Name: "c", SeenAt: time.UnixMilli(at), ActiveAt: command.Null[time.Time]{V: time.UnixMilli(at), Valid: true}, PendingCount: 1, Pending: delivered},
				{Name: "d", SeenAt: time.UnixMilli(at), Pending: []command.XDelivered{}},
			},
		}},
	}
	checkReply(t, command.XInfoStreamFull("k"), full, want)
	checkReply(t, command.XInfoStreamFullN("k", 1), full, want)
	checkReply(t, command.XInfoStreamFull("k"), list("length", 2), command.XStreamFull{Length: 2})

	checkMismatch(t, command.XInfoStream("k"), command.Reply{}, "names and what they are about")
	checkMismatch(t, command.XInfoStream("k"), list("length"), "flat pairs")
	checkMismatch(t, command.XInfoStream("k"), list("length", nil), "a value inside the list")
	checkMismatch(t, command.XInfoStream("k"), list("length", "2"), "integer")
	checkMismatch(t, command.XInfoGroups("k"), list("name", "g"), "names and what they are about")
	checkMismatch(t, command.XInfoConsumers("k", "g"), list(list("idle", "x")), "integer")
	one := func(pairs ...any) command.Reply { return list("groups", list(list(pairs...))) }
	checkMismatch(t, command.XInfoStreamFull("k"), one("pending", list(list("1-1"))), "an ID, a consumer, a time and a number")
	checkMismatch(t, command.XInfoStreamFull("k"), one("consumers", list(list("pending", list(list("1-1"))))), "an ID, a time and a number")
}
