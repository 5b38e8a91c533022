package command

import (
	"strconv"
	"time"
)

// XPendingSummary is what was given to the consumers of a group and is not
// acknowledged.
type XPendingSummary struct {
	Count     int64
	Lowest    string // the lowest of the IDs; "" when there is none
	Highest   string
	Consumers []XConsumerPending // those that have something
}

// XConsumerPending is how many entries are pending for one consumer.
type XConsumerPending struct {
	Name  string
	Count int64
}

func xPendingSummary(r Reply) (XPendingSummary, error) {
	if r.kind != KindArray || len(r.items) != 4 {
		return XPendingSummary{}, r.mismatch("a count, two IDs and consumers")
	}
	count, err := inside(r.items[0], Reply.Int)
	if err != nil {
		return XPendingSummary{}, err
	}
	lowest, err := r.items[1].NullText()
	if err != nil {
		return XPendingSummary{}, err
	}
	highest, err := r.items[2].NullText()
	if err != nil {
		return XPendingSummary{}, err
	}
	consumers, err := each(r.items[3], Reply.xConsumerPending)
	if err != nil {
		return XPendingSummary{}, err
	}
	return XPendingSummary{Count: count, Lowest: lowest.V, Highest: highest.V, Consumers: consumers}, nil
}

// xConsumerPending decodes a name and a count that travels as text.
func (r Reply) xConsumerPending() (XConsumerPending, error) {
	if r.kind != KindArray || len(r.items) != 2 {
		return XConsumerPending{}, r.mismatch("a consumer and a count")
	}
	name, err := inside(r.items[0], Reply.Text)
	if err != nil {
		return XConsumerPending{}, err
	}
	if r.items[1].kind == KindText {
		if n, err := strconv.ParseInt(r.items[1].text, 10, 64); err == nil {
			return XConsumerPending{Name: name, Count: n}, nil
		}
	}
	count, err := inside(r.items[1], Reply.Int)
	return XConsumerPending{Name: name, Count: count}, err
}

// XPending returns a summary of what is pending in a group. A group that does not
// exist is an error with the code NOGROUP.
func XPending(key, group string) Cmd[XPendingSummary] {
	return read(xPendingSummary, "XPENDING", key, group)
}

// XPendingEntry is an entry that was given to a consumer and is not acknowledged.
type XPendingEntry struct {
	ID         string
	Consumer   string
	Idle       time.Duration // how long ago it was delivered last, in milliseconds
	Deliveries int64         // how often it was delivered
}

func (r Reply) xPendingEntry() (e XPendingEntry, err error) {
	if r.kind != KindArray || len(r.items) != 4 {
		return XPendingEntry{}, r.mismatch("an ID, a consumer and two numbers")
	}
	if e.ID, err = inside(r.items[0], Reply.Text); err != nil {
		return XPendingEntry{}, err
	}
	if e.Consumer, err = inside(r.items[1], Reply.Text); err != nil {
		return XPendingEntry{}, err
	}
	idle, err := inside(r.items[2], Reply.Int)
	if err != nil {
		return XPendingEntry{}, err
	}
	e.Idle = lasting(time.Millisecond)(idle)
	if e.Deliveries, err = inside(r.items[3], Reply.Int); err != nil {
		return XPendingEntry{}, err
	}
	return e, nil
}

func (r Reply) xPendingEntries() ([]XPendingEntry, error) { return each(r, Reply.xPendingEntry) }

// XPendingOptions narrows what [XPendingRangeWith] returns; the zero value is
// everything in the range.
type XPendingOptions struct {
	Idle     time.Duration // only entries delivered at least that long ago, rounded up to the millisecond
	Consumer string        // only those of this consumer
}

// XPendingRange returns up to count pending entries with IDs from start to end,
// which are as in [XRange].
func XPendingRange(key, group, start, end string, count int64) Cmd[[]XPendingEntry] {
	return XPendingRangeWith(key, group, start, end, count, XPendingOptions{})
}

// XPendingRangeWith is [XPendingRange] with options.
func XPendingRangeWith(key, group, start, end string, count int64, o XPendingOptions) Cmd[[]XPendingEntry] {
	var t tail
	if o.Idle < 0 {
		t.refuse("Idle must not be negative")
	}
	if o.Idle != 0 {
		t.add("IDLE", milliseconds(o.Idle))
	}
	var consumer tail
	if o.Consumer != "" {
		consumer.add(o.Consumer)
	}
	return read(Reply.xPendingEntries, "XPENDING", key, group, t, idRange(start, end), count, consumer)
}
