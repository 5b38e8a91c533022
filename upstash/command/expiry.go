package command

import (
	"strconv"
	"time"
)

// expiry collects the options that say when a key or field ends. At most one of
// them may be given.
type expiry struct {
	TTL      time.Duration
	ExpireAt time.Time
	Word     string // KEEPTTL or PERSIST, where Given
	Given    bool
}

// appendTo writes EX or EXAT where whole seconds say it all, PX or PXAT
// otherwise, so that no part of a duration is lost.
func (e expiry) appendTo(t *tail) {
	given := 0
	if e.TTL != 0 {
		given++
		if e.TTL < time.Millisecond {
			t.refuse("TTL must be at least 1ms")
		}
		if e.TTL%time.Second == 0 {
			t.add("EX", seconds(e.TTL))
		} else {
			t.add("PX", milliseconds(e.TTL))
		}
	}
	if !e.ExpireAt.IsZero() {
		given++
		if e.ExpireAt.Nanosecond() == 0 {
			t.add("EXAT", strconv.FormatInt(e.ExpireAt.Unix(), 10))
		} else {
			t.add("PXAT", strconv.FormatInt(e.ExpireAt.UnixMilli(), 10))
		}
	}
	if e.Given {
		given++
		t.add(e.Word)
	}
	if given > 1 {
		t.refuse("more than one expiry is given: choose one of TTL, ExpireAt and " + e.Word)
	}
}

func seconds(d time.Duration) string { return strconv.FormatInt(int64(d/time.Second), 10) }

// milliseconds rounds up: a key must not end before the time that was asked for.
func milliseconds(d time.Duration) string {
	ms := d / time.Millisecond
	if d%time.Millisecond > 0 {
		ms++
	}
	return strconv.FormatInt(int64(ms), 10)
}

// wholeSeconds is the argument of a command that counts in seconds.
func wholeSeconds(d time.Duration, instead string) (t tail) {
	if d%time.Second != 0 {
		t.refuse("counts whole seconds and " + d.String() + " has a fraction: use " + instead)
	}
	t.add(seconds(d))
	return t
}
