package conform

import (
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

const (
	// grouped is a stream with a group that has read nothing.
	grouped = three + "; XGROUP CREATE s g 0"
	// pendingTwo is one with two entries that are pending for a consumer.
	pendingTwo = grouped + "; XREADGROUP GROUP g c COUNT 2 STREAMS s >"
)

// pends wants these IDs to be pending.
func pends(ids ...string) check { return left(pendingIDs(""), append([]string{}, ids...)) }

func pendingIDs(consumer string) command.Cmd[[]string] {
	c := command.XPendingRangeWith("s", "g", "-", "+", 10, command.XPendingOptions{Consumer: consumer})
	return command.Map(c, func(entries []command.XPendingEntry) ([]string, error) {
		ids := []string{}
		for _, e := range entries {
			ids = append(ids, e.ID)
		}
		return ids, nil
	})
}

// waiting is a pending entry.
func waiting(id, consumer string, idle time.Duration, deliveries int64) command.XPendingEntry {
	return command.XPendingEntry{ID: id, Consumer: consumer, Idle: idle, Deliveries: deliveries}
}

// waits wants these entries to be pending.
func waits(e ...command.XPendingEntry) check {
	return left(command.XPendingRange("s", "g", "-", "+", 10), append([]command.XPendingEntry{}, e...))
}

// progress wants a group to be there, with how much it has read and has not.
func progress(last string, read, lag command.Null[int64]) check {
	c := command.Map(command.XInfoGroups("s"), func(groups []command.XGroupInfo) ([]command.XGroupInfo, error) {
		for i := range groups {
			groups[i].Consumers, groups[i].Pending = 0, 0
		}
		return groups, nil
	})
	return left(c, []command.XGroupInfo{{Name: "g", LastDeliveredID: last, EntriesRead: read, Lag: lag}})
}

func streamGroupCases() []Case {
	read := func(o command.XReadGroupOptions, id string) command.Cmd[[]command.XStream] {
		return command.XReadGroup("g", "c", o, command.XFrom{Key: "s", ID: id})
	}
	unknown := none[int64]()
	return []Case{
		returns("XGroupCreate", three, command.XGroupCreate("s", "g", "0"), ok, progress("0-0", unknown, some[int64](3))),
		returns("XGroupCreate: in the middle", three, command.XGroupCreate("s", "g", "2-1"), ok, progress("2-1", unknown, unknown)),
		returns("XGroupCreate: at the end", three, command.XGroupCreate("s", "g", "$"), ok, progress("2-2", unknown, some[int64](0))),
		returns("XGroupCreate: at the end, deleted", three+"; XDEL s 2-2", command.XGroupCreate("s", "g", "$"), ok, progress("2-2", unknown, some[int64](0))),
		fails("XGroupCreate: exists", grouped, command.XGroupCreate("s", "g", "0"), "BUSYGROUP"),
		fails("XGroupCreate: absent key", "", command.XGroupCreate("s", "g", "0"), "ERR", left(command.Exists("s"), 0)),
		fails("XGroupCreate: no ID", three, command.XGroupCreate("s", "g", "x"), "ERR"),
		fails("XGroupCreate: string", "SET s v", command.XGroupCreate("s", "g", "0"), "WRONGTYPE"),
		returns("XGroupCreateWith: MakeStream", "", command.XGroupCreateWith("s", "g", "$", command.XGroupCreateOptions{MakeStream: true}), ok,
			left(command.XLen("s"), 0), left(command.Type("s"), "stream"), progress("0-0", unknown, some[int64](0))),
		returns("XGroupCreateWith: EntriesRead", three, command.XGroupCreateWith("s", "g", "2-1", command.XGroupCreateOptions{EntriesRead: some[int64](2)}), ok,
			progress("2-1", some[int64](2), some[int64](1))),
		returns("XGroupCreateConsumer", grouped, command.XGroupCreateConsumer("s", "g", "c"), true),
		returns("XGroupCreateConsumer: exists", pendingTwo, command.XGroupCreateConsumer("s", "g", "c"), false),
		fails("XGroupCreateConsumer: no group", three, command.XGroupCreateConsumer("s", "g", "c"), "NOGROUP"),
		returns("XGroupDelConsumer", pendingTwo, command.XGroupDelConsumer("s", "g", "c"), 2, pends()),
		returns("XGroupDelConsumer: deleted entry", pendingTwo+"; XDEL s 1-1", command.XGroupDelConsumer("s", "g", "c"), 2, pends()),
		returns("XGroupDelConsumer: absent", grouped, command.XGroupDelConsumer("s", "g", "x"), 0),
		fails("XGroupDelConsumer: no group", three, command.XGroupDelConsumer("s", "g", "c"), "NOGROUP"),
		returns("XGroupDestroy", pendingTwo, command.XGroupDestroy("s", "g"), true, left(command.XInfoGroups("s"), []command.XGroupInfo{})),
		returns("XGroupDestroy: absent", three, command.XGroupDestroy("s", "g"), false),
		fails("XGroupDestroy: absent key", "", command.XGroupDestroy("s", "g"), "ERR"),
		returns("XGroupSetID", pendingTwo, command.XGroupSetID("s", "g", "0"), ok, pends("1-1", "2-1"), left(read(command.XReadGroupOptions{Count: 1}, ">"), streams(stream("s", one)))),
		returns("XGroupSetID: at the end", grouped, command.XGroupSetID("s", "g", "$"), ok, progress("2-2", unknown, some[int64](0))),
		fails("XGroupSetID: no group", three, command.XGroupSetID("s", "g", "0"), "NOGROUP"),
		fails("XGroupSetID: absent key", "", command.XGroupSetID("s", "g", "0"), "ERR"),
		returns("XGroupSetIDWith", grouped, command.XGroupSetIDWith("s", "g", "1-1", command.XGroupSetIDOptions{EntriesRead: some[int64](1)}), ok,
			progress("1-1", some[int64](1), some[int64](2))),
		returns("XReadGroup", grouped, read(command.XReadGroupOptions{}, ""), streams(stream("s", one, two, twoTwo)),
			waits(waiting("1-1", "c", 0, 1), waiting("2-1", "c", 0, 1), waiting("2-2", "c", 0, 1)), progress("2-2", some[int64](3), some[int64](0))),
		returns("XReadGroup: count", grouped, read(command.XReadGroupOptions{Count: 2}, ">"), streams(stream("s", one, two)), progress("2-1", some[int64](2), some[int64](1))),
		returns("XReadGroup: nothing new", pendingTwo, command.XReadGroup("g", "d", command.XReadGroupOptions{}, command.XFrom{Key: "s"}),
			streams(stream("s", twoTwo)), left(read(command.XReadGroupOptions{}, ">"), streams())),
		returns("XReadGroup: NoAck", grouped+"; XGROUP CREATECONSUMER s g c", read(command.XReadGroupOptions{NoAck: true}, ">"), streams(stream("s", one, two, twoTwo)), pends()),
		returns("XReadGroup: pending", pendingTwo, read(command.XReadGroupOptions{}, "0"), streams(stream("s", one, two)), waits(waiting("1-1", "c", 0, 2), waiting("2-1", "c", 0, 2))),
		returns("XReadGroup: pending, count", pendingTwo, read(command.XReadGroupOptions{Count: 1}, "0"), streams(stream("s", one)), waits(waiting("1-1", "c", 0, 2), waiting("2-1", "c", 0, 1))),
		returns("XReadGroup: pending after", pendingTwo, read(command.XReadGroupOptions{}, "1-1"), streams(stream("s", two))),
		returns("XReadGroup: pending and deleted", pendingTwo+"; XDEL s 1-1", read(command.XReadGroupOptions{}, "0"), streams(stream("s", gone("1-1"), two))),
		returns("XReadGroup: nothing pending", grouped, read(command.XReadGroupOptions{}, "0"), streams(stream("s"))),
		returns("XReadGroup: after a gap", three+"; XDEL s 2-1; XGROUP CREATE s g 0", read(command.XReadGroupOptions{Count: 1}, ">"), streams(stream("s", one)), progress("1-1", unknown, unknown)),
		fails("XReadGroup: no group", three, read(command.XReadGroupOptions{}, ">"), "NOGROUP"),
		fails("XReadGroup: absent key", "", read(command.XReadGroupOptions{}, ">"), "NOGROUP"),
		fails("XReadGroup: string", "SET s v", read(command.XReadGroupOptions{}, ">"), "WRONGTYPE"),
		returns("XAck", pendingTwo, command.XAck("s", "g", "1-1", "9-9"), 1, pends("2-1"), keeps(one, two, twoTwo)),
		returns("XAck: twice", pendingTwo, command.XAck("s", "g", "1-1", "1-1"), 1),
		returns("XAck: deleted entry", pendingTwo+"; XDEL s 1-1", command.XAck("s", "g", "1-1"), 1, pends("2-1")),
		returns("XAck: no group", three, command.XAck("s", "g", "1-1"), 0),
		fails("XAck: no ID", pendingTwo, command.XAck("s", "g", "1-1", "x"), "ERR", pends("1-1", "2-1")),
		returns("XAckDel", pendingTwo, command.XAckDel("s", "g", "", "1-1", "2-2"), deletions(command.XEntryDeleted, command.XEntryMissing), keeps(two, twoTwo), pends("2-1")),
		returns("XAckDel: DeleteRefs", pendingTwo+"; XGROUP CREATE s h 0; XREADGROUP GROUP h c STREAMS s >", command.XAckDel("s", "h", command.DeleteRefs, "1-1"),
			deletions(command.XEntryDeleted), keeps(two, twoTwo), pends("2-1")),
		returns("XAckDel: AckedRefs", pendingTwo+"; XGROUP CREATE s h 0; XREADGROUP GROUP h c STREAMS s >", command.XAckDel("s", "g", command.AckedRefs, "1-1"),
			deletions(command.XEntryReferenced), keeps(one, two, twoTwo), pends("2-1")),
		returns("XAckDel: no group", three, command.XAckDel("s", "g", "", "1-1"), deletions(command.XEntryMissing)),
	}
}
