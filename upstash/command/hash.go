package command

import "time"

// HDel deletes fields and returns how many there were.
func HDel(key string, fields ...string) Cmd[int64] {
	return idempotent(Reply.Int, "HDEL", key, many("field", fields))
}

// HExists reports whether the hash has that field.
func HExists(key, field string) Cmd[bool] { return read(Reply.Bool, "HEXISTS", key, field) }

// HGet returns the value of a field, or [ErrNil] when there is none.
func HGet(key, field string) Cmd[string] { return read(Reply.Text, "HGET", key, field) }

// HGetAll returns all fields and values; an absent key is an empty map. [HScan]
// returns a large hash in pages.
func HGetAll(key string) Cmd[map[string]string] { return read(Reply.TextMap, "HGETALL", key) }

// HGetDel returns one value for each field, in their order, and deletes them.
func HGetDel(key string, fields ...string) Cmd[[]Null[string]] {
	return once(Reply.NullTexts, "HGETDEL", key, "FIELDS", counted("field", fields))
}

// HGetEx returns one value for each field, in their order, and changes when
// they expire.
func HGetEx(key string, o GetExOptions, fields ...string) Cmd[[]Null[string]] {
	var t tail
	expiry{TTL: o.TTL, ExpireAt: o.ExpireAt, Word: "PERSIST", Given: o.Persist}.appendTo(&t)
	return idempotent(Reply.NullTexts, "HGETEX", key, t, "FIELDS", counted("field", fields))
}

// HIncrBy adds increment to the number in a field and returns the new value.
func HIncrBy(key, field string, increment int64) Cmd[int64] {
	return once(Reply.Int, "HINCRBY", key, field, increment)
}

// HIncrByFloat adds increment to the number in a field and returns the new
// value.
func HIncrByFloat(key, field string, increment float64) Cmd[float64] {
	return once(Reply.Float, "HINCRBYFLOAT", key, field, increment)
}

// HKeys returns all fields.
func HKeys(key string) Cmd[[]string] { return read(Reply.Texts, "HKEYS", key) }

// HLen returns the number of fields.
func HLen(key string) Cmd[int64] { return read(Reply.Int, "HLEN", key) }

// HMGet returns one value for each field, in their order.
func HMGet(key string, fields ...string) Cmd[[]Null[string]] {
	return read(Reply.NullTexts, "HMGET", key, many("field", fields))
}

// HMSet is the old form of [HSet].
//
// Deprecated: use [HSet].
func HMSet(key string, fields map[string]any) Cmd[OK] {
	return idempotent(Reply.Status, "HMSET", key, keyed("field", fields))
}

// HRandField returns a random field; [ErrNil] when there is none.
func HRandField(key string) Cmd[string] { return read(Reply.Text, "HRANDFIELD", key) }

// HRandFieldN returns up to count different random fields. A negative count
// returns exactly that many, and one may come more than once.
func HRandFieldN(key string, count int64) Cmd[[]string] {
	return read(Reply.Texts, "HRANDFIELD", key, count)
}

// HRandFieldWithValues is [HRandFieldN] that returns the values too.
func HRandFieldWithValues(key string, count int64) Cmd[[]Pair] {
	return read(Reply.Pairs, "HRANDFIELD", key, count, "WITHVALUES")
}

// HScan returns some fields with their values and the cursor for the next call,
// as [Scan] does with keys.
func HScan(key, cursor string, o MatchOptions) Cmd[Page[Pair]] {
	return read(page(Reply.Pairs), "HSCAN", key, from(cursor), o.tail())
}

// HScanNoValues is [HScan] that returns the fields only.
func HScanNoValues(key, cursor string, o MatchOptions) Cmd[Page[string]] {
	return read(page(Reply.Texts), "HSCAN", key, from(cursor), o.tail(), "NOVALUES")
}

// HSet stores fields, drops their expiries, and returns how many are new. It is
// one billed command whatever the number of fields.
func HSet(key string, fields map[string]any) Cmd[int64] {
	return idempotent(Reply.Int, "HSET", key, keyed("field", fields))
}

// HashCondition makes a write depend on the fields that are there. The zero
// value is no condition.
type HashCondition string

// The conditions of [HSetEx].
const (
	FieldsAbsent  HashCondition = "FNX" // write only if none of the fields exists
	FieldsPresent HashCondition = "FXX" // write only if all of the fields exist
)

// HSetExOptions changes what [HSetEx] does. At most one of TTL, ExpireAt and
// KeepTTL may be given; the zero value drops the expiry of the fields.
type HSetExOptions struct {
	If       HashCondition // write only if it holds
	TTL      time.Duration // they end that long from now; at least 1ms, rounded up to the millisecond
	ExpireAt time.Time     // they end at that instant, to the millisecond
	KeepTTL  bool          // keep the expiries of the values that are replaced
}

func (o HSetExOptions) tail() (t tail) {
	switch o.If {
	case "":
	case FieldsAbsent, FieldsPresent:
		t.add(string(o.If))
	default:
		t.refuse("unknown condition: use FieldsAbsent or FieldsPresent")
	}
	expiry{TTL: o.TTL, ExpireAt: o.ExpireAt, Word: "KEEPTTL", Given: o.KeepTTL}.appendTo(&t)
	return t
}

// HSetEx stores fields with an expiry and reports whether it did: false means
// that the condition did not hold.
func HSetEx(key string, fields map[string]any, o HSetExOptions) Cmd[bool] {
	return onceIf(o.If != "", idempotent(Reply.Bool, "HSETEX", key, o.tail(),
		"FIELDS", len(fields), keyed("field", fields)))
}

// HSetField is [HSet] of one field.
func HSetField(key, field string, value any) Cmd[int64] {
	return idempotent(Reply.Int, "HSET", key, field, value)
}

// HSetNX stores value only if the field does not exist, and reports whether it
// did.
func HSetNX(key, field string, value any) Cmd[bool] {
	return once(Reply.Bool, "HSETNX", key, field, value)
}

// HStrLen returns the length in bytes of the value of a field, 0 when there is
// none.
func HStrLen(key, field string) Cmd[int64] { return read(Reply.Int, "HSTRLEN", key, field) }

// HVals returns all values.
func HVals(key string) Cmd[[]string] { return read(Reply.Texts, "HVALS", key) }
