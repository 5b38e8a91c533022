package command

// XFrom is a stream and the ID after which to read.
type XFrom struct {
	Key string
	// ID is that of the last entry that was read. "" is the start: for [XRead]
	// that of the stream, for [XReadGroup] what no consumer of the group was given
	// so far.
	ID string
}

// XStream is what a read found in one stream.
type XStream struct {
	Key      string
	Messages []XMessage
}

// xStreams decodes the streams that have something; nil is none.
func (r Reply) xStreams() ([]XStream, error) {
	return each(r, func(item Reply) (XStream, error) {
		if item.kind != KindArray || len(item.items) != 2 {
			return XStream{}, item.mismatch("a key and its entries")
		}
		key, err := inside(item.items[0], Reply.Text)
		if err != nil {
			return XStream{}, err
		}
		messages, err := item.items[1].XMessages()
		return XStream{Key: key, Messages: messages}, err
	})
}

// sources are the keys and then the IDs of streams.
func sources(streams []XFrom, start string, allowed func(id string) string) (t tail) {
	if len(streams) == 0 {
		t.refuse("needs at least one stream")
	}
	t.add("STREAMS")
	for _, s := range streams {
		t.add(s.Key)
	}
	for _, s := range streams {
		if s.ID == "" {
			s.ID = start
		}
		if reason := allowed(s.ID); reason != "" {
			t.refuse(reason)
		}
		t.add(s.ID)
	}
	return t
}

func atMost(count int64) (t tail) {
	if count < 0 {
		t.refuse("Count must not be negative")
	}
	if count != 0 {
		t.add("COUNT")
		t.addInt(count)
	}
	return t
}

// XReadOptions changes what XREAD does; the zero value is the plain command.
type XReadOptions struct {
	Count int64 // at most so many entries of each stream; 0 is all
}

// XRead returns the entries after the given IDs, of the streams that have any:
// nothing new is an empty list, not [ErrNil]. The ID "+" reads the last entry.
//
// It never waits for entries to come: a request over REST has an answer at once,
// and the service refuses BLOCK. Poll with the last ID seen, or have the writer
// publish a hint and subscribe to that. "$", which says "from now on", would
// always read nothing and is refused.
func XRead(o XReadOptions, streams ...XFrom) Cmd[[]XStream] {
	return read(Reply.xStreams, "XREAD", atMost(o.Count), sources(streams, "0", func(id string) string {
		switch id {
		case "$":
			return `"$" reads nothing without waiting, and REST does not wait: give the last ID that was read`
		case ">":
			return `">" belongs to XReadGroup`
		}
		return ""
	}))
}

// XReadGroupOptions changes what XREADGROUP does; the zero value is the plain
// command.
type XReadGroupOptions struct {
	Count int64 // at most so many entries of each stream; 0 is all
	NoAck bool  // what is read counts as acknowledged: an entry is lost when its consumer is
}

// XReadGroup gives entries to a consumer of a group, which it makes if need be,
// and returns them: for the ID "" or ">" those that no consumer of the group was
// given so far, which are pending from then on until [XAck]; for any other ID
// what is pending for this consumer after it ("0" is all of that), where an entry
// that was deleted meanwhile has its place and is marked so. Nothing is an empty
// list, not [ErrNil]. A group that does not exist is an error with the code
// NOGROUP.
//
// It never waits for entries to come; see [XRead]. When the reply is lost the
// entries are pending: read them again from "0". The service keeps about 1,000
// entries pending for one consumer.
func XReadGroup(group, consumer string, o XReadGroupOptions, streams ...XFrom) Cmd[[]XStream] {
	t := atMost(o.Count)
	if o.NoAck {
		t.add("NOACK")
	}
	return once(Reply.xStreams, "XREADGROUP", "GROUP", group, consumer, t, sources(streams, ">", func(id string) string {
		if id == "$" || id == "+" {
			return `a group reads from "", ">" or an ID: "$" belongs to XGroupCreate`
		}
		return ""
	}))
}
