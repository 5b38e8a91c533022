package command

import "strconv"

// Trim says which entries of a stream have to go: [MaxLen] or [MinID]. It is
// exact until [Trim.Approximately] says otherwise. The zero value trims nothing.
type Trim struct {
	by        string
	threshold string
	about     bool
	limit     Null[int64]
	reason    string // why it makes no sense
}

// MaxLen keeps the newest n entries; 0 keeps none.
func MaxLen(n int64) Trim {
	t := Trim{by: "MAXLEN", threshold: strconv.FormatInt(n, 10)}
	if n < 0 {
		t.reason = "MaxLen must not be negative"
	}
	return t
}

// MinID keeps the entries from this ID on.
func MinID(id string) Trim {
	t := Trim{by: "MINID", threshold: id}
	if id == "" {
		t.reason = "MinID needs an ID"
	}
	return t
}

// Approximately lets the server keep some entries more, where that is less work
// for it. One command then removes no more than a limit of the server's own: on
// Redis 100 times its stream-node-max-entries, which is 10,000 by default.
func (t Trim) Approximately() Trim {
	t.about = true
	return t
}

// ApproximatelyUpTo is [Trim.Approximately] that removes no more than limit
// entries; 0 is no limit.
func (t Trim) ApproximatelyUpTo(limit int64) Trim {
	t.about, t.limit = true, Null[int64]{V: limit, Valid: true}
	if limit < 0 {
		t.reason = "the limit of a trim must not be negative"
	}
	return t
}

func (t Trim) given() bool { return t != Trim{} }

func (t Trim) appendTo(words *tail) {
	if !t.given() {
		return
	}
	if t.by == "" {
		t.reason = "a trim needs a threshold: start with MaxLen or MinID"
	}
	if t.reason != "" {
		words.refuse(t.reason)
	}
	words.add(t.by)
	if t.about {
		words.add("~")
	}
	words.add(t.threshold)
	if t.limit.Valid {
		words.add("LIMIT")
		words.addInt(t.limit.V)
	}
}

// XRefs says what becomes of an entry's references, which are the groups that it
// is pending in, when the entry is to be deleted. The zero value leaves it to the
// server, which does what [KeepRefs] says.
type XRefs string

// What can become of references.
const (
	KeepRefs   XRefs = "KEEPREF" // the entry goes and stays pending
	DeleteRefs XRefs = "DELREF"  // the entry goes and is pending no more
	AckedRefs  XRefs = "ACKED"   // the entry stays until every group has read and acknowledged it
)

func (r XRefs) appendTo(t *tail) {
	switch r {
	case "":
	case KeepRefs, DeleteRefs, AckedRefs:
		t.add(string(r))
	default:
		t.refuse("unknown XRefs: use KeepRefs, DeleteRefs or AckedRefs")
	}
}

// XTrimOptions changes what XTRIM does; the zero value is the plain command.
type XTrimOptions struct {
	Refs XRefs // what becomes of references to entries that go
}

// XTrim removes the oldest entries and returns how many went:
// XTrim("orders", MaxLen(1000)).
func XTrim(key string, trim Trim) Cmd[int64] { return XTrimWith(key, trim, XTrimOptions{}) }

// XTrimWith is [XTrim] with options.
func XTrimWith(key string, trim Trim, o XTrimOptions) Cmd[int64] {
	var t tail
	if !trim.given() {
		t.refuse("needs to know what to trim: MaxLen or MinID")
	}
	trim.appendTo(&t)
	o.Refs.appendTo(&t)
	// With a limit, the second time removes what the first one left.
	return onceIf(trim.limit.V > 0, idempotent(Reply.Int, "XTRIM", key, t))
}
