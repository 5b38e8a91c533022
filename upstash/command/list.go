package command

// ListSide is an end of a list.
type ListSide string

// The ends of a list.
const (
	Left  ListSide = "LEFT"  // the head, at position 0
	Right ListSide = "RIGHT" // the tail, at position -1
)

func (s ListSide) appendTo(t *tail) {
	switch s {
	case Left, Right:
	case "":
		t.refuse("needs a side: Left or Right")
	default:
		t.refuse("unknown side: use Left or Right")
	}
	t.add(string(s))
}

// LIndex returns the element at a position; negative ones count from the end.
// [ErrNil] when there is none.
func LIndex(key string, index int64) Cmd[string] { return read(Reply.Text, "LINDEX", key, index) }

// LInsertAfter inserts element after the first one that equals pivot and returns
// the new length: -1 when no element does, 0 when there is no list.
func LInsertAfter(key string, pivot, element any) Cmd[int64] {
	return once(Reply.Int, "LINSERT", key, "AFTER", pivot, element)
}

// LInsertBefore inserts element before the first one that equals pivot and
// returns the new length: -1 when no element does, 0 when there is no list.
func LInsertBefore(key string, pivot, element any) Cmd[int64] {
	return once(Reply.Int, "LINSERT", key, "BEFORE", pivot, element)
}

// LLen returns the length of the list, 0 when there is none.
func LLen(key string) Cmd[int64] { return read(Reply.Int, "LLEN", key) }

// LMove moves an element from one side of source to one side of destination and
// returns it; [ErrNil] when source is empty. The two may be the same list, which
// then rotates.
func LMove(source, destination string, from, to ListSide) Cmd[string] {
	var t tail
	from.appendTo(&t)
	to.appendTo(&t)
	return once(Reply.Text, "LMOVE", source, destination, t)
}

// LMPopped is what [LMPop] removed and from where.
type LMPopped struct {
	Key      string
	Elements []string
}

func lmPopped(r Reply) (LMPopped, error) {
	items, err := r.Array()
	if err != nil {
		return LMPopped{}, err
	}
	if len(items) != 2 {
		return LMPopped{}, r.mismatch("a key and its elements")
	}
	key, err := inside(items[0], Reply.Text)
	if err != nil {
		return LMPopped{}, err
	}
	elements, err := items[1].Texts()
	if err != nil {
		return LMPopped{}, err
	}
	return LMPopped{Key: key, Elements: elements}, nil
}

// LMPop removes up to count elements from one side of the first of the keys that
// is not empty and returns them; [ErrNil] when all are empty.
func LMPop(side ListSide, count int64, keys ...string) Cmd[LMPopped] {
	t := counted("key", keys)
	side.appendTo(&t)
	if count < 1 {
		t.refuse("count must be at least 1")
	}
	t.add("COUNT")
	t.addInt(count)
	return once(lmPopped, "LMPOP", t)
}

// LPop removes the first element and returns it; [ErrNil] when there is none.
func LPop(key string) Cmd[string] { return once(Reply.Text, "LPOP", key) }

// LPopN removes up to count elements from the head and returns them, the first
// one first.
func LPopN(key string, count int64) Cmd[[]string] {
	return once(Reply.Texts, "LPOP", key, upTo(count))
}

// LPush inserts elements at the head, one after the other so that the last one
// ends up first, and returns the new length.
func LPush(key string, elements ...any) Cmd[int64] {
	return once(Reply.Int, "LPUSH", key, values("element", elements))
}

// LPushX is [LPush] that does nothing when there is no list, and then returns 0.
func LPushX(key string, elements ...any) Cmd[int64] {
	return once(Reply.Int, "LPUSHX", key, values("element", elements))
}

// LRange returns the elements from start to stop, both included; negative
// positions count from the end.
func LRange(key string, start, stop int64) Cmd[[]string] {
	return read(Reply.Texts, "LRANGE", key, start, stop)
}

// LRem removes the first count elements that equal element, the last ones when
// count is negative, and all of them when it is 0. It returns how many it
// removed.
func LRem(key string, count int64, element any) Cmd[int64] {
	c := once(Reply.Int, "LREM", key, count, element)
	if count == 0 {
		return c.WithClass(Idempotent)
	}
	return c
}

// LSet replaces the element at a position; negative ones count from the end. A
// position that is not there is an error, and so is a missing key.
func LSet(key string, index int64, element any) Cmd[OK] {
	return idempotent(Reply.Status, "LSET", key, index, element)
}

// LTrim keeps the elements from start to stop, both included, and removes all
// others; negative positions count from the end.
func LTrim(key string, start, stop int64) Cmd[OK] {
	return once(Reply.Status, "LTRIM", key, start, stop)
}

// RPop removes the last element and returns it; [ErrNil] when there is none.
func RPop(key string) Cmd[string] { return once(Reply.Text, "RPOP", key) }

// RPopN removes up to count elements from the tail and returns them, the last
// one first.
func RPopN(key string, count int64) Cmd[[]string] {
	return once(Reply.Texts, "RPOP", key, upTo(count))
}

// RPopLPush moves the last element of source to the head of destination and
// returns it; [ErrNil] when source is empty.
//
// Deprecated: use [LMove] from [Right] to [Left].
func RPopLPush(source, destination string) Cmd[string] {
	return once(Reply.Text, "RPOPLPUSH", source, destination)
}

// RPush adds elements at the tail, in their order, and returns the new length.
func RPush(key string, elements ...any) Cmd[int64] {
	return once(Reply.Int, "RPUSH", key, values("element", elements))
}

// RPushX is [RPush] that does nothing when there is no list, and then returns 0.
func RPushX(key string, elements ...any) Cmd[int64] {
	return once(Reply.Int, "RPUSHX", key, values("element", elements))
}

// upTo is how many elements to remove at most.
func upTo(count int64) (t tail) {
	if count < 0 {
		t.refuse("count must not be negative")
	}
	t.addInt(count)
	return t
}
