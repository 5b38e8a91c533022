package conform

import (
	"strings"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// three is a stream of three entries.
const three = "XADD s 1-1 a 1; XADD s 2-1 b 2 c 3; XADD s 2-2 d 4"

// message is an entry of a stream.
func message(id string, fields ...string) command.XMessage {
	m := command.XMessage{ID: id}
	for len(fields) > 0 {
		m.Fields = append(m.Fields, pair(fields[0], fields[1]))
		fields = fields[2:]
	}
	return m
}

func gone(id string) command.XMessage { return command.XMessage{ID: id, Deleted: true} }

func messages(m ...command.XMessage) []command.XMessage { return append([]command.XMessage{}, m...) }

func stream(key string, m ...command.XMessage) command.XStream {
	return command.XStream{Key: key, Messages: messages(m...)}
}

func streams(s ...command.XStream) []command.XStream { return append([]command.XStream{}, s...) }

// Entries of the stream three.
var one, two, twoTwo = message("1-1", "a", "1"), message("2-1", "b", "2", "c", "3"), message("2-2", "d", "4")

// keeps wants a stream with these entries.
func keeps(m ...command.XMessage) check { return left(command.XRange("s", "-", "+"), messages(m...)) }

func deletions(d ...command.XDeletion) []command.XDeletion { return d }

// named tells an ID from anything else.
func named(id string) (bool, error) {
	ms, seq, both := strings.Cut(id, "-")
	return both && len(ms) >= len("1700000000000") && seq != "", nil
}

func streamCases() []Case {
	with := func(o command.XAddOptions, fields ...any) command.Cmd[string] {
		return command.XAddWith("s", o, fields...)
	}
	id := func(id string) command.XAddOptions { return command.XAddOptions{ID: id} }
	return []Case{
		returns("XAdd", "", command.Map(command.XAdd("s", "a", 1, "b", 1.5), named), true, left(command.XLen("s"), 1)),
		fails("XAdd: string", "SET s v", command.XAdd("s", "a", 1), "WRONGTYPE"),
		returns("XAddWith", "", command.Map(with(command.XAddOptions{}, "a", 1), named), true, left(command.XLen("s"), 1)),
		returns("XAddWith: ID", three, with(id("3-4"), "e", 5, "e", 6), "3-4", keeps(one, two, twoTwo, message("3-4", "e", "5", "e", "6"))),
		returns("XAddWith: half of an ID", three, with(id("3"), "e", 5), "3-0"),
		returns("XAddWith: auto half", three, with(id("2-*"), "e", 5), "2-3"),
		returns("XAddWith: auto half of the first", "", with(id("0-*"), "e", 5), "0-1"),
		fails("XAddWith: ID that was", three, with(id("2-2"), "e", 5), "ERR", keeps(one, two, twoTwo)),
		fails("XAddWith: ID that was deleted", three+"; XDEL s 2-2", with(id("2-2"), "e", 5), "ERR"),
		fails("XAddWith: auto half that was", three, with(id("1-*"), "e", 5), "ERR"),
		fails("XAddWith: zero ID", "", with(id("0-0"), "e", 5), "ERR", left(command.Exists("s"), 0)),
		fails("XAddWith: no ID", "", with(id("x"), "e", 5), "ERR", left(command.Exists("s"), 0)),
		returns("XAddWith: NoMakeStream", three, with(command.XAddOptions{ID: "3-1", NoMakeStream: true}, "e", 5), "3-1"),
		nothing("XAddWith: NoMakeStream, absent key", "", with(command.XAddOptions{NoMakeStream: true}, "e", 5), left(command.Exists("s"), 0)),
		returns("XAddWith: MaxLen", three, with(command.XAddOptions{ID: "3-1", Trim: command.MaxLen(2)}, "e", 5), "3-1", keeps(twoTwo, message("3-1", "e", "5"))),
		returns("XAddWith: MaxLen 0", three, with(command.XAddOptions{ID: "3-1", Trim: command.MaxLen(0)}, "e", 5), "3-1", left(command.XLen("s"), 0)),
		returns("XAddWith: MinID", three, with(command.XAddOptions{ID: "3-1", Trim: command.MinID("2-2")}, "e", 5), "3-1", keeps(twoTwo, message("3-1", "e", "5"))),
		returns("XAddWith: approximately", three, with(command.XAddOptions{ID: "3-1", Trim: command.MaxLen(10).ApproximatelyUpTo(0)}, "e", 5), "3-1", left(command.XLen("s"), 4)),
		returns("XAddWith: Refs", pendingTwo, with(command.XAddOptions{ID: "3-1", Trim: command.MaxLen(1), Refs: command.DeleteRefs}, "e", 5), "3-1", keeps(message("3-1", "e", "5")), pends()),
		returns("Copy: stream", pendingTwo, command.Copy("s", "copy"), true, left(command.XDel("copy", "1-1"), 1), keeps(one, two, twoTwo), pends("1-1", "2-1"),
			left(command.XRange("copy", "-", "+"), messages(two, twoTwo)), left(command.XAck("copy", "g", "1-1"), 1), pends("1-1", "2-1")),
		returns("XDel", three, command.XDel("s", "1-1", "2-1", "9-9"), 2, keeps(twoTwo)),
		returns("XDel: half of an ID", "XADD s 5-0 a 1", command.XDel("s", "5"), 1, left(command.XLen("s"), 0), left(command.Exists("s"), 1)),
		returns("XDel: pending", pendingTwo, command.XDel("s", "1-1"), 1, pends("1-1", "2-1")),
		returns("XDel: absent key", "", command.XDel("s", "1-1"), 0),
		fails("XDel: no ID", three, command.XDel("s", "1-1", "x"), "ERR", keeps(one, two, twoTwo)),
		fails("XDel: string", "SET s v", command.XDel("s", "1-1"), "WRONGTYPE"),
		returns("XDelEx", pendingTwo, command.XDelEx("s", "", "1-1", "9-9"), deletions(command.XEntryDeleted, command.XEntryMissing), keeps(two, twoTwo), pends("1-1", "2-1")),
		returns("XDelEx: KeepRefs", pendingTwo, command.XDelEx("s", command.KeepRefs, "1-1"), deletions(command.XEntryDeleted), pends("1-1", "2-1")),
		returns("XDelEx: DeleteRefs", pendingTwo, command.XDelEx("s", command.DeleteRefs, "1-1"), deletions(command.XEntryDeleted), keeps(two, twoTwo), pends("2-1")),
		returns("XDelEx: AckedRefs", pendingTwo+"; XACK s g 1-1", command.XDelEx("s", command.AckedRefs, "1-1", "2-1", "2-2"),
			deletions(command.XEntryDeleted, command.XEntryReferenced, command.XEntryReferenced), keeps(two, twoTwo)),
		returns("XDelEx: absent key", "", command.XDelEx("s", "", "1-1"), deletions(command.XEntryMissing)),
		returns("XLen", three, command.XLen("s"), 3),
		returns("XLen: absent key", "", command.XLen("s"), 0),
		fails("XLen: string", "SET s v", command.XLen("s"), "WRONGTYPE"),
		returns("XRange", three, command.XRange("s", "-", "+"), messages(one, two, twoTwo)),
		returns("XRange: halves of IDs", three, command.XRange("s", "2", "2"), messages(two, twoTwo)),
		returns("XRange: open start", three, command.XRange("s", "(1-1", "2-1"), messages(two)),
		returns("XRange: open end", three, command.XRange("s", "-", "(2-2"), messages(one, two)),
		returns("XRange: absent key", "", command.XRange("s", "-", "+"), messages()),
		fails("XRange: no ID", three, command.XRange("s", "x", "+"), "ERR"),
		fails("XRange: string", "SET s v", command.XRange("s", "-", "+"), "WRONGTYPE"),
		returns("XRangeN", three, command.XRangeN("s", "-", "+", 2), messages(one, two)),
		returns("XRangeN: none", three, command.XRangeN("s", "-", "+", 0), messages()),
		returns("XRevRange", three, command.XRevRange("s", "+", "-"), messages(twoTwo, two, one)),
		returns("XRevRange: open end", three, command.XRevRange("s", "(2-2", "1"), messages(two, one)),
		returns("XRevRangeN", three, command.XRevRangeN("s", "+", "-", 1), messages(twoTwo)),
		returns("XTrim", three, command.XTrim("s", command.MaxLen(1)), 2, keeps(twoTwo)),
		returns("XTrim: MaxLen 0", three, command.XTrim("s", command.MaxLen(0)), 3, left(command.Exists("s"), 1)),
		returns("XTrim: MinID", three, command.XTrim("s", command.MinID("2")), 1, keeps(two, twoTwo)),
		returns("XTrim: approximately", three, command.XTrim("s", command.MaxLen(10).Approximately()), 0, left(command.XLen("s"), 3)),
		returns("XTrim: approximately up to", three, command.XTrim("s", command.MinID("1-1").ApproximatelyUpTo(5)), 0, left(command.XLen("s"), 3)),
		returns("XTrim: absent key", "", command.XTrim("s", command.MaxLen(1)), 0),
		fails("XTrim: string", "SET s v", command.XTrim("s", command.MaxLen(1)), "WRONGTYPE"),
		returns("XTrimWith: DeleteRefs", pendingTwo, command.XTrimWith("s", command.MaxLen(2), command.XTrimOptions{Refs: command.DeleteRefs}), 1, keeps(two, twoTwo), pends("2-1")),
		returns("XTrimWith: AckedRefs", pendingTwo+"; XACK s g 1-1", command.XTrimWith("s", command.MinID("9"), command.XTrimOptions{Refs: command.AckedRefs}), 1, keeps(two, twoTwo)),
		returns("XRead", three+"; XADD t 7-1 e 5", command.XRead(command.XReadOptions{}, command.XFrom{Key: "t"}, command.XFrom{Key: "absent"}, command.XFrom{Key: "s", ID: "1-1"}),
			streams(stream("t", message("7-1", "e", "5")), stream("s", two, twoTwo))),
		returns("XRead: count", three, command.XRead(command.XReadOptions{Count: 2}, command.XFrom{Key: "s", ID: "0"}), streams(stream("s", one, two))),
		returns("XRead: nothing new", three, command.XRead(command.XReadOptions{}, command.XFrom{Key: "s", ID: "2-2"}), streams()),
		returns("XRead: last entry", three, command.XRead(command.XReadOptions{}, command.XFrom{Key: "s", ID: "+"}), streams(stream("s", twoTwo))),
		fails("XRead: string", "SET s v", command.XRead(command.XReadOptions{}, command.XFrom{Key: "s"}), "WRONGTYPE"),
	}
}
