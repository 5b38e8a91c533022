package command

import (
	"sort"
	"time"
)

// Append adds value to the end of the string at key and returns the new length
// in bytes.
func Append(key string, value any) Cmd[int64] { return once(Reply.Int, "APPEND", key, value) }

// Decr subtracts 1 and returns the new value.
func Decr(key string) Cmd[int64] { return once(Reply.Int, "DECR", key) }

// DecrBy subtracts decrement and returns the new value.
func DecrBy(key string, decrement int64) Cmd[int64] {
	return once(Reply.Int, "DECRBY", key, decrement)
}

// DelEx deletes key if the condition holds and reports whether it did. Only the
// conditions that compare a value are possible: [Equals], [NotEquals],
// [DigestEquals], [DigestNotEquals].
func DelEx(key string, condition Condition) Cmd[bool] {
	var t tail
	if !condition.has {
		t.refuse("needs a condition that compares a value; use DEL to delete whatever is there")
	}
	condition.appendTo(&t)
	return once(Reply.Bool, "DELEX", key, t)
}

// Digest returns the XXH3 hash of the string at key as 16 hexadecimal digits,
// for [DigestEquals]; [ErrNil] when there is none.
func Digest(key string) Cmd[string] { return read(Reply.Text, "DIGEST", key) }

// Get returns the string at key, or [ErrNil] when there is none.
func Get(key string) Cmd[string] { return read(Reply.Text, "GET", key) }

// GetDel returns the string at key and deletes it; [ErrNil] when there is none.
func GetDel(key string) Cmd[string] { return once(Reply.Text, "GETDEL", key) }

// GetExOptions says what [GetEx] does to the expiry. At most one may be given;
// the zero value leaves the expiry as it is.
type GetExOptions struct {
	TTL      time.Duration // ends that long from now; at least 1ms
	ExpireAt time.Time     // ends at that instant, to the millisecond
	Persist  bool          // never ends
}

// GetEx returns the string at key, or [ErrNil], and changes when it expires.
func GetEx(key string, o GetExOptions) Cmd[string] {
	var t tail
	expiry{TTL: o.TTL, ExpireAt: o.ExpireAt, Word: "PERSIST", Given: o.Persist}.appendTo(&t)
	return idempotent(Reply.Text, "GETEX", key, t)
}

// GetRange returns the bytes start to end of the string at key, both included;
// negative positions count from the end. An absent key is "".
func GetRange(key string, start, end int64) Cmd[string] {
	return read(Reply.Text, "GETRANGE", key, start, end)
}

// GetSet stores value, drops the expiry, and returns the previous string, or
// [ErrNil] when there was none. [SetGet] does the same with options.
func GetSet(key string, value any) Cmd[string] { return once(Reply.Text, "GETSET", key, value) }

// Incr adds 1 and returns the new value.
func Incr(key string) Cmd[int64] { return once(Reply.Int, "INCR", key) }

// IncrBy adds increment and returns the new value.
func IncrBy(key string, increment int64) Cmd[int64] {
	return once(Reply.Int, "INCRBY", key, increment)
}

// IncrByFloat adds increment and returns the new value.
func IncrByFloat(key string, increment float64) Cmd[float64] {
	return once(Reply.Float, "INCRBYFLOAT", key, increment)
}

// MGet returns one value for each key, in their order. It is one billed command
// whatever the number of keys.
func MGet(keys ...string) Cmd[[]Null[string]] {
	return read(Reply.NullTexts, "MGET", many("key", keys))
}

// MSet stores all values at once and drops their expiries. It is one billed
// command whatever the number of keys.
func MSet(values map[string]any) Cmd[OK] {
	return idempotent(Reply.Status, "MSET", keyed("key", values))
}

// MSetNX stores all values, or none of them if any of the keys exists, and
// reports whether it did.
func MSetNX(values map[string]any) Cmd[bool] { return once(Reply.Bool, "MSETNX", keyed("key", values)) }

// keyed flattens a map in the order of its keys, so that the same map is the
// same request.
func keyed(what string, values map[string]any) tail {
	keys := make([]string, 0, len(values))
	for key := range values {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	var t tail
	if len(keys) == 0 {
		t.refuse("needs at least one " + what)
	}
	for _, key := range keys {
		t.add(key)
		t.addValue(values[key])
	}
	return t
}

// PSetEx stores value with a TTL in milliseconds, at least one. [SetEx] chooses
// the unit itself.
func PSetEx(key string, value any, ttl time.Duration) Cmd[OK] {
	t := tail{words: []string{milliseconds(ttl)}}
	if ttl < time.Millisecond {
		t.refuse("TTL must be at least 1ms")
	}
	return idempotent(Reply.Status, "PSETEX", key, t, value)
}

// Set stores value at key, whatever was there, and drops the expiry.
func Set(key string, value any) Cmd[OK] { return idempotent(Reply.Status, "SET", key, value) }

// SetEx stores value with a TTL of at least 1ms, rounded up to the millisecond.
func SetEx(key string, value any, ttl time.Duration) Cmd[OK] {
	if ttl%time.Second != 0 || ttl <= 0 {
		return PSetEx(key, value, ttl)
	}
	return idempotent(Reply.Status, "SETEX", key, seconds(ttl), value)
}

// SetNX stores value only if key does not exist, and reports whether it did.
// [SetWith] does the same with an expiry.
func SetNX(key string, value any) Cmd[bool] { return once(Reply.Bool, "SETNX", key, value) }

// SetOptions changes what SET does. At most one of TTL, ExpireAt and KeepTTL
// may be given; the zero value is the plain command.
type SetOptions struct {
	If       Condition     // write only if it holds, for example [Absent]
	TTL      time.Duration // ends that long from now; at least 1ms, rounded up to the millisecond
	ExpireAt time.Time     // ends at that instant, to the millisecond
	KeepTTL  bool          // keep the expiry of the value that is replaced
}

func (o SetOptions) tail(more ...string) (t tail) {
	o.If.appendTo(&t)
	t.add(more...)
	expiry{TTL: o.TTL, ExpireAt: o.ExpireAt, Word: "KEEPTTL", Given: o.KeepTTL}.appendTo(&t)
	return t
}

// SetWith stores value as the options say and reports whether it did: false
// means that the condition did not hold. A value that is not UTF-8 text cannot
// have options behind it over REST: [Set] and [SetEx] carry it.
func SetWith(key string, value any, o SetOptions) Cmd[bool] {
	c := idempotent(Reply.Applied, "SET", key, value, o.tail())
	if o.If.given() {
		return c.WithClass(Once)
	}
	return c
}

// SetGet is [SetWith] that returns the previous value, which may be absent,
// whether or not the condition held.
func SetGet(key string, value any, o SetOptions) Cmd[Null[string]] {
	return once(Reply.NullText, "SET", key, value, o.tail("GET"))
}

// SetRange overwrites the string at key from offset on, padding with zero
// bytes, and returns the new length in bytes.
func SetRange(key string, offset int64, value any) Cmd[int64] {
	return idempotent(Reply.Int, "SETRANGE", key, offset, value)
}

// StrLen returns the length in bytes of the string at key, 0 when there is none.
func StrLen(key string) Cmd[int64] { return read(Reply.Int, "STRLEN", key) }

// SubStr is the old name of [GetRange].
//
// Deprecated: use [GetRange].
func SubStr(key string, start, end int64) Cmd[string] {
	return read(Reply.Text, "SUBSTR", key, start, end)
}
