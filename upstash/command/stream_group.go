package command

// XGroupCreateOptions changes what XGROUP CREATE does; the zero value is the
// plain command.
type XGroupCreateOptions struct {
	MakeStream  bool        // make an empty stream when there is no such key; without, that is an error
	EntriesRead Null[int64] // how many entries of the stream count as read, for the lag that [XInfoGroups] tells
}

// XGroupCreate makes a group of consumers that is given the entries after the ID
// start: "0" for all of them, "$" for those to come. A group that exists is an
// error with the code BUSYGROUP, a key that does not is an error too.
func XGroupCreate(key, group, start string) Cmd[OK] {
	return XGroupCreateWith(key, group, start, XGroupCreateOptions{})
}

// XGroupCreateWith is [XGroupCreate] with options.
func XGroupCreateWith(key, group, start string, o XGroupCreateOptions) Cmd[OK] {
	t := groupStart(start)
	if o.MakeStream {
		t.add("MKSTREAM")
	}
	entriesRead(&t, o.EntriesRead)
	return once(Reply.Status, "XGROUP", "CREATE", key, group, t)
}

func groupStart(id string) (t tail) {
	if id == "" {
		t.refuse(`needs the ID after which the group reads: "0" for all entries, "$" for those to come`)
	}
	t.add(id)
	return t
}

func entriesRead(t *tail, n Null[int64]) {
	if !n.Valid {
		return
	}
	if n.V < -1 {
		t.refuse("EntriesRead must be 0 or more, or -1 for not known")
	}
	t.add("ENTRIESREAD")
	t.addInt(n.V)
}

// XGroupCreateConsumer makes a consumer and reports whether it is new. Reading
// makes one too, so this is seldom needed.
func XGroupCreateConsumer(key, group, consumer string) Cmd[bool] {
	return idempotent(Reply.Bool, "XGROUP", "CREATECONSUMER", key, group, consumer)
}

// XGroupDelConsumer deletes a consumer and returns how many entries were pending
// for it. They are pending no more and no other consumer gets them: claim them
// first.
func XGroupDelConsumer(key, group, consumer string) Cmd[int64] {
	return idempotent(Reply.Int, "XGROUP", "DELCONSUMER", key, group, consumer)
}

// XGroupDestroy deletes a group with its consumers, whatever is pending, and
// reports whether there was one.
func XGroupDestroy(key, group string) Cmd[bool] {
	return idempotent(Reply.Bool, "XGROUP", "DESTROY", key, group)
}

// XGroupSetIDOptions changes what XGROUP SETID does; the zero value is the plain
// command.
type XGroupSetIDOptions struct {
	EntriesRead Null[int64] // how many entries of the stream count as read, for the lag that [XInfoGroups] tells
}

// XGroupSetID lets a group go on after the ID, "0" and "$" as in [XGroupCreate].
// What is pending stays so.
func XGroupSetID(key, group, id string) Cmd[OK] {
	return XGroupSetIDWith(key, group, id, XGroupSetIDOptions{})
}

// XGroupSetIDWith is [XGroupSetID] with options.
func XGroupSetIDWith(key, group, id string, o XGroupSetIDOptions) Cmd[OK] {
	t := groupStart(id)
	entriesRead(&t, o.EntriesRead)
	return idempotent(Reply.Status, "XGROUP", "SETID", key, group, t)
}

// XAck says that a group is done with entries, whichever consumer has them, and
// returns how many were pending. The entries stay in the stream: [XAckDel]
// deletes them too.
func XAck(key, group string, ids ...string) Cmd[int64] {
	return idempotent(Reply.Int, "XACK", key, group, many("ID", ids))
}

// XAckDel says that a group is done with entries, deletes them, does to
// references in other groups what refs says, and tells what happened to each
// entry.
func XAckDel(key, group string, refs XRefs, ids ...string) Cmd[[]XDeletion] {
	var t tail
	refs.appendTo(&t)
	return idempotent(Reply.xDeletions, "XACKDEL", key, group, t, "IDS", counted("ID", ids))
}
