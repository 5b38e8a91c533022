package command

import "strconv"

// XMessage is one entry of a stream.
type XMessage struct {
	// ID is the entry's place in the stream, "milliseconds-sequence".
	ID string
	// Fields are the fields in the order they were added; a field may come more
	// than once.
	Fields []Pair
	// Deleted says that the entry is gone from the stream and still pending in the
	// group that was asked: there are no Fields, and before Redis 7 no ID either.
	Deleted bool
}

// Map returns the fields and values; of a field that comes more than once, the
// last value.
func (m XMessage) Map() map[string]string {
	fields := make(map[string]string, len(m.Fields))
	for _, f := range m.Fields {
		fields[f.Key] = f.Value
	}
	return fields
}

// xMessage decodes an ID and flat pairs. Nil in the place of either is an entry
// that is deleted.
func (r Reply) xMessage() (XMessage, error) {
	if r.kind == KindNil {
		return XMessage{Deleted: true}, nil
	}
	if r.kind != KindArray || len(r.items) != 2 {
		return XMessage{}, r.mismatch("an ID and fields")
	}
	id, err := inside(r.items[0], Reply.Text)
	if err != nil {
		return XMessage{}, err
	}
	if r.items[1].kind == KindNil {
		return XMessage{ID: id, Deleted: true}, nil
	}
	fields, err := r.items[1].Pairs()
	if err != nil {
		return XMessage{}, err
	}
	return XMessage{ID: id, Fields: fields}, nil
}

// XMessages decodes a list of stream entries. A nil list is empty.
func (r Reply) XMessages() ([]XMessage, error) { return each(r, Reply.xMessage) }

// XAddOptions changes what XADD does. The zero value is the plain command.
type XAddOptions struct {
	// ID is that of the new entry, greater than every one before it, or "ms-*",
	// for which the server chooses the second half; "" lets it choose all.
	ID string
	// NoMakeStream adds nothing when there is no such key.
	NoMakeStream bool
	// Trim says which entries have to go for it.
	Trim Trim
	// Refs says what becomes of references to entries that go.
	Refs XRefs
}

func (o XAddOptions) tail() (t tail) {
	if o.NoMakeStream {
		t.add("NOMKSTREAM")
	}
	if o.Refs != "" && !o.Trim.given() {
		t.refuse("Refs is about entries that are trimmed: give Trim too")
	}
	o.Refs.appendTo(&t)
	o.Trim.appendTo(&t)
	if o.ID == "" {
		o.ID = "*"
	}
	t.add(o.ID)
	return t
}

// fieldValues are pairs of a field and its value.
func fieldValues(fields []any) tail {
	t := values("field and its value", fields)
	if len(fields)%2 != 0 {
		t.refuse("has a field without a value: give them in pairs")
	}
	return t
}

// XAdd adds an entry to the end of a stream, which it makes if need be, and
// returns the ID that the server chose for it. Fields and values alternate and
// keep their order: XAdd("orders", "item", "tea", "count", 2).
func XAdd(key string, fields ...any) Cmd[string] {
	return once(Reply.Text, "XADD", key, "*", fieldValues(fields))
}

// XAddWith adds an entry as the options say and returns its ID; [ErrNil] when
// NoMakeStream did not let it happen.
func XAddWith(key string, o XAddOptions, fields ...any) Cmd[string] {
	return once(Reply.Text, "XADD", key, o.tail(), fieldValues(fields))
}

// XDel deletes entries and returns how many there were. Groups in which one is
// pending keep it pending: [XDelEx] can change that.
func XDel(key string, ids ...string) Cmd[int64] {
	return idempotent(Reply.Int, "XDEL", key, many("ID", ids))
}

// XDeletion is what [XDelEx] or [XAckDel] did to one entry.
type XDeletion int64

// What can become of an entry.
const (
	XEntryMissing    XDeletion = -1 // there is no such entry, for [XAckDel] none that is pending in the group
	XEntryDeleted    XDeletion = 1
	XEntryReferenced XDeletion = 2 // [AckedRefs] kept it: a group has yet to read or to acknowledge it
)

// String says what happened.
func (d XDeletion) String() string {
	switch d {
	case XEntryMissing:
		return "missing"
	case XEntryDeleted:
		return "deleted"
	case XEntryReferenced:
		return "referenced"
	}
	return "XDeletion(" + strconv.FormatInt(int64(d), 10) + ")"
}

func (r Reply) xDeletions() ([]XDeletion, error) {
	return each(r, func(item Reply) (XDeletion, error) {
		n, err := item.Int()
		if err != nil {
			return 0, err
		}
		switch d := XDeletion(n); d {
		case XEntryMissing, XEntryDeleted, XEntryReferenced:
			return d, nil
		}
		return 0, item.mismatch("one of -1, 1 and 2")
	})
}

// XDelEx deletes entries, does to references in groups what refs says, and tells
// what happened to each entry.
func XDelEx(key string, refs XRefs, ids ...string) Cmd[[]XDeletion] {
	var t tail
	refs.appendTo(&t)
	return idempotent(Reply.xDeletions, "XDELEX", key, t, "IDS", counted("ID", ids))
}

// XLen returns the number of entries, 0 when there is no such key.
func XLen(key string) Cmd[int64] { return read(Reply.Int, "XLEN", key) }

// XRange returns the entries from start to end, the oldest first. An end is an
// ID, which belongs to the range; "(" before it leaves it out, half an ID ("5")
// stands for all of that millisecond, and "-" and "+" are the open ends. It reads
// everything at once: [XRangeN] goes through a stream in pages.
func XRange(key, start, end string) Cmd[[]XMessage] {
	return read(Reply.XMessages, "XRANGE", key, idRange(start, end))
}

// XRangeN is [XRange] that returns no more than count entries. The next page
// starts at "(" and the ID of the last one.
func XRangeN(key, start, end string, count int64) Cmd[[]XMessage] {
	return read(Reply.XMessages, "XRANGE", key, idRange(start, end), "COUNT", count)
}

// XRevRange is [XRange] from the newest to the oldest: the higher end comes
// first.
func XRevRange(key, end, start string) Cmd[[]XMessage] {
	return read(Reply.XMessages, "XREVRANGE", key, idRange(end, start))
}

// XRevRangeN is [XRevRange] that returns no more than count entries. The next
// page ends at "(" and the ID of the last one.
func XRevRangeN(key, end, start string, count int64) Cmd[[]XMessage] {
	return read(Reply.XMessages, "XREVRANGE", key, idRange(end, start), "COUNT", count)
}

func idRange(from, to string) (t tail) {
	if from == "" || to == "" {
		t.refuse(`an end of the range is missing: an open one is "-" or "+"`)
	}
	t.add(from, to)
	return t
}
