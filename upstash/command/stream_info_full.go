package command

import "time"

// XStreamFull is what [XInfoStreamFull] tells about a stream, its groups and
// their consumers.
type XStreamFull struct {
	Length               int64
	LastGeneratedID      string
	MaxDeletedEntryID    string      // "" before Redis 7, where "0-0" is none
	EntriesAdded         Null[int64] // in the whole life of the stream; since Redis 7
	RecordedFirstEntryID string      // "" before Redis 7, where "0-0" is none
	Entries              []XMessage  // the oldest ones
	Groups               []XGroupFull
	RadixTreeKeys        int64 // of the server's own structure
	RadixTreeNodes       int64
}

// XGroupFull is one group of an [XStreamFull].
type XGroupFull struct {
	Name            string
	LastDeliveredID string
	EntriesRead     Null[int64]  // since Redis 7; not Valid when the server cannot tell
	Lag             Null[int64]  // entries that the group has yet to read; since Redis 7; not Valid when the server cannot tell
	PendingCount    int64        // all that is pending
	Pending         []XDelivered // the lowest IDs of it
	Consumers       []XConsumerFull
}

// XConsumerFull is one consumer of an [XGroupFull].
type XConsumerFull struct {
	Name         string
	SeenAt       time.Time       // when it last asked for something
	ActiveAt     Null[time.Time] // when it last got something; since Redis 7.2; not Valid when it never did
	PendingCount int64           // all that is pending for it
	Pending      []XDelivered    // the lowest IDs of it
}

// XDelivered is an entry that was given to a consumer and is not acknowledged.
type XDelivered struct {
	ID         string
	Consumer   string
	At         time.Time // when it was delivered last
	Deliveries int64     // how often it was delivered
}

// instant decodes Unix milliseconds.
func instant(r Reply) (time.Time, error) {
	n, err := r.Int()
	return time.UnixMilli(n), err
}

// instantOrNever decodes Unix milliseconds, where -1 is never.
func instantOrNever(r Reply) (Null[time.Time], error) {
	n, err := r.NullInt()
	if !n.Valid || n.V < 0 {
		return Null[time.Time]{}, err
	}
	return Null[time.Time]{V: time.UnixMilli(n.V), Valid: true}, err
}

// xDelivered decodes an ID, its consumer, a time and a number.
func (r Reply) xDelivered() (d XDelivered, err error) {
	if r.kind != KindArray || len(r.items) != 4 {
		return XDelivered{}, r.mismatch("an ID, a consumer, a time and a number")
	}
	if d.Consumer, err = inside(r.items[1], Reply.Text); err != nil {
		return XDelivered{}, err
	}
	own := ArrayReply(r.items[0], r.items[2], r.items[3])
	return own.xDeliveredTo(d.Consumer)
}

// xDeliveredTo decodes an ID, a time and a number, as they stand with a consumer.
func (r Reply) xDeliveredTo(consumer string) (d XDelivered, err error) {
	if r.kind != KindArray || len(r.items) != 3 {
		return XDelivered{}, r.mismatch("an ID, a time and a number")
	}
	d.Consumer = consumer
	if d.ID, err = inside(r.items[0], Reply.Text); err != nil {
		return XDelivered{}, err
	}
	if d.At, err = inside(r.items[1], instant); err != nil {
		return XDelivered{}, err
	}
	if d.Deliveries, err = inside(r.items[2], Reply.Int); err != nil {
		return XDelivered{}, err
	}
	return d, nil
}

func (r Reply) xConsumerFull() (c XConsumerFull, err error) {
	var pending Reply
	err = described(r, map[string]func(Reply) error{
		"name":        to(&c.Name, Reply.Text),
		"seen-time":   to(&c.SeenAt, instant),
		"active-time": to(&c.ActiveAt, instantOrNever),
		"pel-count":   to(&c.PendingCount, Reply.Int),
		"pending":     to(&pending, Reply.Reply),
	})
	if err != nil {
		return XConsumerFull{}, err
	}
	// The name may come after what is pending for it.
	c.Pending, err = each(pending, func(r Reply) (XDelivered, error) { return r.xDeliveredTo(c.Name) })
	if err != nil {
		return XConsumerFull{}, err
	}
	return c, nil
}

func (r Reply) xConsumersFull() ([]XConsumerFull, error) { return each(r, Reply.xConsumerFull) }

func (r Reply) xDeliveries() ([]XDelivered, error) { return each(r, Reply.xDelivered) }

func (r Reply) xGroupFull() (g XGroupFull, err error) {
	err = described(r, map[string]func(Reply) error{
		"name":              to(&g.Name, Reply.Text),
		"last-delivered-id": to(&g.LastDeliveredID, Reply.Text),
		"entries-read":      to(&g.EntriesRead, Reply.NullInt),
		"lag":               to(&g.Lag, Reply.NullInt),
		"pel-count":         to(&g.PendingCount, Reply.Int),
		"pending":           to(&g.Pending, Reply.xDeliveries),
		"consumers":         to(&g.Consumers, Reply.xConsumersFull),
	})
	if err != nil {
		return XGroupFull{}, err
	}
	return g, nil
}

func (r Reply) xGroupsFull() ([]XGroupFull, error) { return each(r, Reply.xGroupFull) }

func xStreamFull(r Reply) (i XStreamFull, err error) {
	err = described(r, map[string]func(Reply) error{
		"length":                  to(&i.Length, Reply.Int),
		"last-generated-id":       to(&i.LastGeneratedID, Reply.Text),
		"max-deleted-entry-id":    to(&i.MaxDeletedEntryID, orNone(Reply.Text)),
		"entries-added":           to(&i.EntriesAdded, Reply.NullInt),
		"recorded-first-entry-id": to(&i.RecordedFirstEntryID, orNone(Reply.Text)),
		"entries":                 to(&i.Entries, Reply.XMessages),
		"groups":                  to(&i.Groups, Reply.xGroupsFull),
		"radix-tree-keys":         to(&i.RadixTreeKeys, Reply.Int),
		"radix-tree-nodes":        to(&i.RadixTreeNodes, Reply.Int),
	})
	if err != nil {
		return XStreamFull{}, err
	}
	return i, nil
}

// XInfoStreamFull returns a stream with its groups and consumers, and of entries
// and of what is pending the first 10 each. It is meant for people who look for a
// fault: what it costs grows with the number of consumers. A missing key is an
// error.
func XInfoStreamFull(key string) Cmd[XStreamFull] {
	return read(xStreamFull, "XINFO", "STREAM", key, "FULL")
}

// XInfoStreamFullN is [XInfoStreamFull] that returns the first count of entries
// and of what is pending; 0 is all.
func XInfoStreamFullN(key string, count int64) Cmd[XStreamFull] {
	return read(xStreamFull, "XINFO", "STREAM", key, "FULL", "COUNT", count)
}
