package command

import (
	"time"
)

// described decodes flat pairs of a name and what it is about: into has what to
// do with each name. Other names are passed over, because servers add some, and
// missing ones are no error, because older servers lack some.
func described(r Reply, into map[string]func(Reply) error) error {
	if r.kind != KindArray {
		return r.mismatch("names and what they are about")
	}
	_, err := pairs(r, func(name string, value Reply) (struct{}, error) {
		if set, known := into[name]; known {
			return struct{}{}, set(value)
		}
		return struct{}{}, nil
	})
	return err
}

// to stores what decode makes of a reply.
func to[T any](v *T, decode func(Reply) (T, error)) func(Reply) error {
	return func(r Reply) (err error) {
		*v, err = inside(r, decode)
		return err
	}
}

// orNone decodes nil as the zero value.
func orNone[T any](decode func(Reply) (T, error)) func(Reply) (T, error) {
	return func(r Reply) (T, error) {
		v, err := null(r, decode)
		return v.V, err
	}
}

// XStreamInfo is what [XInfoStream] tells about a stream.
type XStreamInfo struct {
	Length               int64
	Groups               int64
	LastGeneratedID      string
	MaxDeletedEntryID    string      // "" before Redis 7, where "0-0" is none
	EntriesAdded         Null[int64] // in the whole life of the stream; since Redis 7
	RecordedFirstEntryID string      // "" before Redis 7, where "0-0" is none
	FirstEntry           Null[XMessage]
	LastEntry            Null[XMessage]
	RadixTreeKeys        int64 // of the server's own structure
	RadixTreeNodes       int64
}

func (r Reply) nullXMessage() (Null[XMessage], error) { return null(r, Reply.xMessage) }

func xStreamInfo(r Reply) (i XStreamInfo, err error) {
	err = described(r, map[string]func(Reply) error{
		"length":                  to(&i.Length, Reply.Int),
		"groups":                  to(&i.Groups, Reply.Int),
		"last-generated-id":       to(&i.LastGeneratedID, Reply.Text),
		"max-deleted-entry-id":    to(&i.MaxDeletedEntryID, orNone(Reply.Text)),
		"entries-added":           to(&i.EntriesAdded, Reply.NullInt),
		"first-entry":             to(&i.FirstEntry, Reply.nullXMessage),
		"last-entry":              to(&i.LastEntry, Reply.nullXMessage),
		"radix-tree-keys":         to(&i.RadixTreeKeys, Reply.Int),
		"radix-tree-nodes":        to(&i.RadixTreeNodes, Reply.Int),
		"recorded-first-entry-id": to(&i.RecordedFirstEntryID, orNone(Reply.Text)),
	})
	if err != nil {
		return XStreamInfo{}, err
	}
	return i, nil
}

// XInfoStream returns what there is to know about a stream. A missing key is an
// error.
func XInfoStream(key string) Cmd[XStreamInfo] { return read(xStreamInfo, "XINFO", "STREAM", key) }

// XGroupInfo is what [XInfoGroups] tells about a group.
type XGroupInfo struct {
	Name            string
	Consumers       int64
	Pending         int64 // entries that were given to a consumer and are not acknowledged
	LastDeliveredID string
	EntriesRead     Null[int64] // since Redis 7; not Valid when the server cannot tell
	Lag             Null[int64] // entries that the group has yet to read; since Redis 7; not Valid when the server cannot tell
}

func (r Reply) xGroupInfo() (g XGroupInfo, err error) {
	err = described(r, map[string]func(Reply) error{
		"name":              to(&g.Name, Reply.Text),
		"consumers":         to(&g.Consumers, Reply.Int),
		"pending":           to(&g.Pending, Reply.Int),
		"last-delivered-id": to(&g.LastDeliveredID, Reply.Text),
		"entries-read":      to(&g.EntriesRead, Reply.NullInt),
		"lag":               to(&g.Lag, Reply.NullInt),
	})
	if err != nil {
		return XGroupInfo{}, err
	}
	return g, nil
}

func xGroupInfos(r Reply) ([]XGroupInfo, error) { return each(r, Reply.xGroupInfo) }

// XInfoGroups returns what there is to know about the groups of a stream. A
// missing key is an error.
func XInfoGroups(key string) Cmd[[]XGroupInfo] { return read(xGroupInfos, "XINFO", "GROUPS", key) }

// XConsumerInfo is what [XInfoConsumers] tells about a consumer.
type XConsumerInfo struct {
	Name     string
	Pending  int64               // entries that were given to it and are not acknowledged
	Idle     time.Duration       // since it last asked for something, in milliseconds
	Inactive Null[time.Duration] // since it last got something; since Redis 7.2; not Valid when it never did
}

func (r Reply) xConsumerInfo() (c XConsumerInfo, err error) {
	err = described(r, map[string]func(Reply) error{
		"name":     to(&c.Name, Reply.Text),
		"pending":  to(&c.Pending, Reply.Int),
		"idle":     to(&c.Idle, elapsed),
		"inactive": to(&c.Inactive, elapsedOrNever),
	})
	if err != nil {
		return XConsumerInfo{}, err
	}
	return c, nil
}

// elapsed decodes milliseconds; a clock that was set back makes none.
func elapsed(r Reply) (time.Duration, error) {
	n, err := r.Int()
	return lasting(time.Millisecond)(max(n, 0)), err
}

// elapsedOrNever decodes milliseconds, where -1 is never.
func elapsedOrNever(r Reply) (Null[time.Duration], error) {
	n, err := r.NullInt()
	if !n.Valid || n.V < 0 {
		return Null[time.Duration]{}, err
	}
	return Null[time.Duration]{V: lasting(time.Millisecond)(n.V), Valid: true}, err
}

func xConsumerInfos(r Reply) ([]XConsumerInfo, error) { return each(r, Reply.xConsumerInfo) }

// XInfoConsumers returns what there is to know about the consumers of a group. A
// missing key is an error; a group that does not exist is one with the code
// NOGROUP.
func XInfoConsumers(key, group string) Cmd[[]XConsumerInfo] {
	return read(xConsumerInfos, "XINFO", "CONSUMERS", key, group)
}
