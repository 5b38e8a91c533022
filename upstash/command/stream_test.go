package command_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func TestStreamCommandsSend(t *testing.T) {
	t.Parallel()
	add := func(o command.XAddOptions) command.Args { return command.XAddWith("k", o, "f", 1).Args() }
	trim := func(trim command.Trim) command.Args { return command.XTrim("k", trim).Args() }
	max1 := command.MaxLen(1)
	checkSent(t, []sent{
		{command.XAdd("k", "f", 1, "f", true).Args(), "XADD k * f 1 f true", command.Once},
		{add(command.XAddOptions{}), "XADD k * f 1", command.Once},
		{add(command.XAddOptions{ID: "5-1"}), "XADD k 5-1 f 1", command.Once},
		{add(command.XAddOptions{ID: "5-*", NoMakeStream: true}), "XADD k NOMKSTREAM 5-* f 1", command.Once},
		{add(command.XAddOptions{Trim: max1}), "XADD k MAXLEN 1 * f 1", command.Once},
		{add(command.XAddOptions{Trim: command.MaxLen(0)}), "XADD k MAXLEN 0 * f 1", command.Once},
		{add(command.XAddOptions{Trim: command.MinID("5").Approximately()}), "XADD k MINID ~ 5 * f 1", command.Once},
		{
			add(command.XAddOptions{ID: "9", NoMakeStream: true, Trim: max1.ApproximatelyUpTo(0), Refs: command.AckedRefs}),
			"XADD k NOMKSTREAM ACKED MAXLEN ~ 1 LIMIT 0 9 f 1", command.Once,
		},
		{command.XDel("k", "1", "2-1").Args(), "XDEL k 1 2-1", command.Idempotent},
		{command.XDelEx("k", "", "1", "2-1").Args(), "XDELEX k IDS 2 1 2-1", command.Idempotent},
		{command.XDelEx("k", command.DeleteRefs, "1").Args(), "XDELEX k DELREF IDS 1 1", command.Idempotent},
		{command.XLen("k").Args(), "XLEN k", command.ReadOnly},
		{command.XRange("k", "-", "+").Args(), "XRANGE k - +", command.ReadOnly},
		{command.XRangeN("k", "(5-1", "+", 0).Args(), "XRANGE k (5-1 + COUNT 0", command.ReadOnly},
		{command.XRevRange("k", "+", "5").Args(), "XREVRANGE k + 5", command.ReadOnly},
		{command.XRevRangeN("k", "+", "-", 2).Args(), "XREVRANGE k + - COUNT 2", command.ReadOnly},
		{trim(max1), "XTRIM k MAXLEN 1", command.Idempotent},
		{trim(command.MaxLen(0)), "XTRIM k MAXLEN 0", command.Idempotent},
		{trim(command.MinID("5-1")), "XTRIM k MINID 5-1", command.Idempotent},
		{trim(max1.Approximately()), "XTRIM k MAXLEN ~ 1", command.Idempotent},
		{trim(max1.ApproximatelyUpTo(0)), "XTRIM k MAXLEN ~ 1 LIMIT 0", command.Idempotent},
		{trim(max1.ApproximatelyUpTo(7)), "XTRIM k MAXLEN ~ 1 LIMIT 7", command.Once},
		{command.XTrimWith("k", max1, command.XTrimOptions{}).Args(), "XTRIM k MAXLEN 1", command.Idempotent},
		{command.XTrimWith("k", max1, command.XTrimOptions{Refs: command.KeepRefs}).Args(), "XTRIM k MAXLEN 1 KEEPREF", command.Idempotent},
	})
}

func TestStreamReadsSend(t *testing.T) {
	t.Parallel()
	a, b := command.XFrom{Key: "a"}, command.XFrom{Key: "b", ID: "5-1"}
	checkSent(t, []sent{
		{command.XRead(command.XReadOptions{}, a).Args(), "XREAD STREAMS a 0", command.ReadOnly},
		{command.XRead(command.XReadOptions{Count: 3}, a, b).Args(), "XREAD COUNT 3 STREAMS a b 0 5-1", command.ReadOnly},
		{command.XRead(command.XReadOptions{}, command.XFrom{Key: "a", ID: "+"}).Args(), "XREAD STREAMS a +", command.ReadOnly},
		{command.XReadGroup("g", "c", command.XReadGroupOptions{}, a).Args(), "XREADGROUP GROUP g c STREAMS a >", command.Once},
		{command.XReadGroup("g", "c", command.XReadGroupOptions{Count: 3, NoAck: true}, a, b).Args(), "XREADGROUP GROUP g c COUNT 3 NOACK STREAMS a b > 5-1", command.Once},
	})
}

func TestStreamCommandsRefuse(t *testing.T) {
	t.Parallel()
	a := command.XFrom{Key: "a"}
	read := func(id string) error {
		return command.XRead(command.XReadOptions{}, command.XFrom{Key: "a", ID: id}).Err()
	}
	readGroup := func(id string) error {
		return command.XReadGroup("g", "c", command.XReadGroupOptions{}, command.XFrom{Key: "a", ID: id}).Err()
	}
	checkRefused(t, []refused{
		{"add nothing", command.XAdd("k").Err(), "at least one field"},
		{"field without a value", command.XAdd("k", "f", 1, "g").Err(), "in pairs"},
		{"one field without a value", command.XAddWith("k", command.XAddOptions{}, "f").Err(), "in pairs"},
		{"value without a text form", command.XAdd("k", "f", nil).Err(), "nil has no text form"},
		{"references of nothing", command.XAddWith("k", command.XAddOptions{Refs: command.KeepRefs}, "f", 1).Err(), "give Trim too"},
		{"unknown references", command.XDelEx("k", "ALL", "1").Err(), "use KeepRefs"},
		{"delete nothing", command.XDel("k").Err(), "at least one ID"},
		{"delete nothing with references", command.XDelEx("k", "").Err(), "at least one ID"},
		{"no start", command.XRange("k", "", "+").Err(), `"-" or "+"`},
		{"no end", command.XRevRangeN("k", "", "-", 1).Err(), `"-" or "+"`},
		{"trim nothing", command.XTrim("k", command.Trim{}).Err(), "MaxLen or MinID"},
		{"trim to nothing", command.XTrim("k", command.Trim{}.Approximately()).Err(), "start with MaxLen or MinID"},
		{"negative length", command.XTrim("k", command.MaxLen(-1)).Err(), "must not be negative"},
		{"no lowest ID", command.XTrim("k", command.MinID("")).Err(), "needs an ID"},
		{"negative limit", command.XTrim("k", command.MaxLen(1).ApproximatelyUpTo(-1)).Err(), "limit of a trim"},
		{"bad trim when adding", command.XAddWith("k", command.XAddOptions{Trim: command.MaxLen(-1)}, "f", 1).Err(), "must not be negative"},
		{"read nothing", command.XRead(command.XReadOptions{}).Err(), "at least one stream"},
		{"read nothing in a group", command.XReadGroup("g", "c", command.XReadGroupOptions{}).Err(), "at least one stream"},
		{"negative count", command.XRead(command.XReadOptions{Count: -1}, a).Err(), "must not be negative"},
		{"negative count in a group", command.XReadGroup("g", "c", command.XReadGroupOptions{Count: -1}, a).Err(), "must not be negative"},
		{"what is to come", read("$"), "does not wait"},
		{"what nobody was given", read(">"), "XReadGroup"},
		{"what is to come, in a group", readGroup("$"), "XGroupCreate"},
		{"the last one, in a group", readGroup("+"), "XGroupCreate"},
	})
}

func TestStreamCommandsDecode(t *testing.T) {
	t.Parallel()
	nothing := []command.XMessage{}
	first := command.XMessage{ID: "1-1", Fields: []command.Pair{{Key: "f", Value: "1"}, {Key: "g", Value: ""}, {Key: "f", Value: "2"}}}
	item := list("1-1", list("f", "1", "g", "", "f", "2"))
	checkReply(t, command.XAdd("k", "f", 1), text("1-1"), "1-1")
	checkReply(t, command.XAddWith("k", command.XAddOptions{NoMakeStream: true}, "f", 1), command.Reply{}, command.ErrNil)
	checkReply(t, command.XDel("k", "1"), number(1), int64(1))
	checkReply(t, command.XDelEx("k", "", "1", "2", "3"), list(1, -1, 2),
		[]command.XDeletion{command.XEntryDeleted, command.XEntryMissing, command.XEntryReferenced})
	checkReply(t, command.XLen("k"), number(7), int64(7))
	checkReply(t, command.XRange("k", "-", "+"), list(item), []command.XMessage{first})
	checkReply(t, command.XRange("k", "-", "+"), list(), nothing)
	checkReply(t, command.XRangeN("k", "-", "+", 0), command.Reply{}, nothing)
	checkReply(t, command.XRevRange("k", "+", "-"), list(item), []command.XMessage{first})
	checkReply(t, command.XTrim("k", command.MaxLen(1)), number(2), int64(2))

	read := command.XRead(command.XReadOptions{}, command.XFrom{Key: "a"})
	checkReply(t, read, list(list("a", list(item)), list("b", list(item))), []command.XStream{
		{Key: "a", Messages: []command.XMessage{first}}, {Key: "b", Messages: []command.XMessage{first}},
	})
	checkReply(t, read, command.Reply{}, []command.XStream{})
	group := command.XReadGroup("g", "c", command.XReadGroupOptions{}, command.XFrom{Key: "a", ID: "0"})
	checkReply(t, group, list(list("a", list(list("1-0", nil), item))), []command.XStream{
		{Key: "a", Messages: []command.XMessage{{ID: "1-0", Deleted: true}, first}},
	})
	checkReply(t, group, list(list("a", list())), []command.XStream{{Key: "a", Messages: nothing}})
	checkReply(t, group, command.Reply{}, []command.XStream{})

	checkMismatch(t, command.XDelEx("k", "", "1"), list(0), "one of -1, 1 and 2")
	checkMismatch(t, command.XDelEx("k", "", "1"), list("1"), "integer")
	checkMismatch(t, command.XRange("k", "-", "+"), list(list("1-1")), "an ID and fields")
	checkMismatch(t, command.XRange("k", "-", "+"), list(list(nil, list())), "a value inside the list")
	checkMismatch(t, command.XRange("k", "-", "+"), list(list("1-1", list("f"))), "flat pairs")
	checkMismatch(t, read, list("a", list()), "a key and its entries")
	checkMismatch(t, read, list(list(1, list())), "text")
}

func TestXMessageMap(t *testing.T) {
	t.Parallel()
	m := command.XMessage{Fields: []command.Pair{{Key: "f", Value: "1"}, {Key: "g", Value: ""}, {Key: "f", Value: "2"}}}
	if diff := cmp.Diff(map[string]string{"f": "2", "g": ""}, m.Map()); diff != "" {
		t.Error(diff)
	}
	if got := (command.XMessage{Deleted: true}).Map(); len(got) != 0 {
		t.Errorf("%v", got)
	}
}

func TestXDeletionHasNames(t *testing.T) {
	t.Parallel()
	for want, d := range map[string]command.XDeletion{
		"missing": command.XEntryMissing, "deleted": command.XEntryDeleted, "referenced": command.XEntryReferenced, "XDeletion(7)": 7,
	} {
		if d.String() != want {
			t.Errorf("String() = %q, want %q", d, want)
		}
	}
}
