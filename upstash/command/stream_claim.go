package command

import "time"

// XClaimOptions changes what XCLAIM does. At most one of Idle and Delivered may
// be given; the zero value is the plain command.
type XClaimOptions struct {
	Idle       time.Duration // count the entries as delivered that long ago, rounded up to the millisecond
	Delivered  time.Time     // count them as delivered at that instant, to the millisecond
	RetryCount Null[int64]   // set how often they count as delivered; without, that is once more than before
	Force      bool          // claim entries too that are pending for nobody
	LastID     string        // let the group go on after this ID, if it is not there yet
}

func (o XClaimOptions) tail() (t tail) {
	if o.Idle < 0 {
		t.refuse("Idle must not be negative")
	}
	if o.Idle != 0 && !o.Delivered.IsZero() {
		t.refuse("choose one of Idle and Delivered")
	}
	if o.Idle != 0 {
		t.add("IDLE", milliseconds(o.Idle))
	}
	if !o.Delivered.IsZero() {
		t.add("TIME")
		t.addInt(o.Delivered.UnixMilli())
	}
	if o.RetryCount.Valid {
		if o.RetryCount.V < 0 {
			t.refuse("RetryCount must not be negative")
		}
		t.add("RETRYCOUNT")
		t.addInt(o.RetryCount.V)
	}
	if o.Force {
		t.add("FORCE")
	}
	if o.LastID != "" {
		t.add("LASTID", o.LastID)
	}
	return t
}

// minIdle is how long an entry must have been left alone to be taken from its
// consumer.
func minIdle(d time.Duration) (t tail) {
	if d < 0 {
		t.refuse("the idle time must not be negative")
	}
	t.add(milliseconds(d))
	return t
}

// XClaim gives pending entries to another consumer, which it makes if need be:
// those of the IDs that were delivered at least idle ago, rounded up to the
// millisecond. It returns the entries that it did so with. With an idle time above
// 0, only one of two consumers gets an entry that both claim at the same time.
func XClaim(key, group, consumer string, idle time.Duration, ids ...string) Cmd[[]XMessage] {
	return XClaimWith(key, group, consumer, idle, XClaimOptions{}, ids...)
}

// XClaimWith is [XClaim] with options.
func XClaimWith(key, group, consumer string, idle time.Duration, o XClaimOptions, ids ...string) Cmd[[]XMessage] {
	return once(Reply.XMessages, "XCLAIM", key, group, consumer, minIdle(idle), many("ID", ids), o.tail())
}

// XClaimIDs is [XClaimWith] that returns only the IDs, and does not count as
// another delivery (JUSTID).
func XClaimIDs(key, group, consumer string, idle time.Duration, o XClaimOptions, ids ...string) Cmd[[]string] {
	return once(Reply.Texts, "XCLAIM", key, group, consumer, minIdle(idle), many("ID", ids), o.tail(), "JUSTID")
}

// XAutoClaimOptions says where [XAutoClaim] looks; the zero value is from the
// start, and 100 entries at most.
type XAutoClaimOptions struct {
	Start string // the first ID to look at, from Next of the call before; "" is the lowest
	Count int64  // claim at most so many; 0 is the server's default, 100
}

func (o XAutoClaimOptions) tail() (t tail) {
	if o.Start == "" {
		o.Start = "0-0"
	}
	t = atMost(o.Count)
	t.words = append([]string{o.Start}, t.words...)
	return t
}

// XClaimed is one step of going through what is pending, with entries as T: an
// [XMessage], or the ID.
type XClaimed[T any] struct {
	Next    string // where the next call starts
	Claimed []T
	Deleted []string // what is gone from the stream, and is pending no more for that; empty before Redis 7
}

// Done reports whether nothing pending is left to look at. A step that claimed
// nothing is not the end.
func (c XClaimed[T]) Done() bool { return c.Next == "0-0" }

func xClaimed[T any](decode func(Reply) ([]T, error)) func(Reply) (XClaimed[T], error) {
	return func(r Reply) (XClaimed[T], error) {
		if r.kind != KindArray || len(r.items) < 2 {
			return XClaimed[T]{}, r.mismatch("an ID and what was claimed")
		}
		next, err := inside(r.items[0], Reply.Text)
		if err != nil {
			return XClaimed[T]{}, err
		}
		claimed, err := decode(r.items[1])
		if err != nil {
			return XClaimed[T]{}, err
		}
		var gone Reply
		if len(r.items) > 2 {
			gone = r.items[2]
		}
		deleted, err := gone.Texts()
		if err != nil {
			return XClaimed[T]{}, err
		}
		return XClaimed[T]{Next: next, Claimed: claimed, Deleted: deleted}, nil
	}
}

// XAutoClaim is [XClaim] that finds the entries itself: it looks at what is
// pending in the group in the order of the IDs. One call may look at a part only:
// go on with Next until [XClaimed.Done].
func XAutoClaim(key, group, consumer string, idle time.Duration, o XAutoClaimOptions) Cmd[XClaimed[XMessage]] {
	return once(xClaimed(Reply.XMessages), "XAUTOCLAIM", key, group, consumer, minIdle(idle), o.tail())
}

// XAutoClaimIDs is [XAutoClaim] that returns only the IDs, and does not count as
// another delivery (JUSTID).
func XAutoClaimIDs(key, group, consumer string, idle time.Duration, o XAutoClaimOptions) Cmd[XClaimed[string]] {
	return once(xClaimed(Reply.Texts), "XAUTOCLAIM", key, group, consumer, minIdle(idle), o.tail(), "JUSTID")
}
