package command

import (
	"strconv"
	"time"
)

// FieldExpiry is what a command that sets an expiry did to one field.
type FieldExpiry int64

// What can become of a field's expiry.
const (
	FieldMissing   FieldExpiry = -2 // there is no such field or key
	FieldUnchanged FieldExpiry = 0  // the condition did not hold
	FieldExpirySet FieldExpiry = 1
	FieldDeleted   FieldExpiry = 2 // the end is past already
)

// String says what happened.
func (e FieldExpiry) String() string {
	switch e {
	case FieldMissing:
		return "missing"
	case FieldUnchanged:
		return "unchanged"
	case FieldExpirySet:
		return "expiry set"
	case FieldDeleted:
		return "deleted"
	}
	return "FieldExpiry(" + strconv.FormatInt(int64(e), 10) + ")"
}

func (r Reply) fieldExpiries() ([]FieldExpiry, error) {
	return each(r, func(item Reply) (FieldExpiry, error) {
		n, err := item.Int()
		if err != nil {
			return 0, err
		}
		switch e := FieldExpiry(n); e {
		case FieldMissing, FieldUnchanged, FieldExpirySet, FieldDeleted:
			return e, nil
		}
		return 0, item.mismatch("one of -2, 0, 1 and 2")
	})
}

// HExpire makes fields end after ttl, in whole seconds, and tells what happened
// to each. A TTL of zero deletes them; the server refuses a negative one.
// [HPExpire] takes fractions.
func HExpire(key string, ttl time.Duration, fields ...string) Cmd[[]FieldExpiry] {
	return idempotent(Reply.fieldExpiries, "HEXPIRE", key,
		wholeSeconds(ttl, "HPExpire"), "FIELDS", counted("field", fields))
}

// HExpireWith is [HExpire] under a condition.
func HExpireWith(key string, ttl time.Duration, condition ExpireCondition, fields ...string) Cmd[[]FieldExpiry] {
	return onceIf(condition.given(), idempotent(Reply.fieldExpiries, "HEXPIRE", key,
		wholeSeconds(ttl, "HPExpireWith"), condition.tail(), "FIELDS", counted("field", fields)))
}

// HExpireAt makes fields end at that instant, in whole seconds, and tells what
// happened to each. An instant that is past deletes them. [HPExpireAt] takes
// fractions.
func HExpireAt(key string, at time.Time, fields ...string) Cmd[[]FieldExpiry] {
	return idempotent(Reply.fieldExpiries, "HEXPIREAT", key,
		unixSeconds(at, "HPExpireAt"), "FIELDS", counted("field", fields))
}

// HExpireAtWith is [HExpireAt] under a condition.
func HExpireAtWith(key string, at time.Time, condition ExpireCondition, fields ...string) Cmd[[]FieldExpiry] {
	return onceIf(condition.given(), idempotent(Reply.fieldExpiries, "HEXPIREAT", key,
		unixSeconds(at, "HPExpireAtWith"), condition.tail(), "FIELDS", counted("field", fields)))
}

// HPExpire makes fields end after ttl, rounded up to the millisecond, and tells
// what happened to each. A TTL of zero deletes them; the server refuses a
// negative one.
func HPExpire(key string, ttl time.Duration, fields ...string) Cmd[[]FieldExpiry] {
	return idempotent(Reply.fieldExpiries, "HPEXPIRE", key,
		milliseconds(ttl), "FIELDS", counted("field", fields))
}

// HPExpireWith is [HPExpire] under a condition.
func HPExpireWith(key string, ttl time.Duration, condition ExpireCondition, fields ...string) Cmd[[]FieldExpiry] {
	return onceIf(condition.given(), idempotent(Reply.fieldExpiries, "HPEXPIRE", key,
		milliseconds(ttl), condition.tail(), "FIELDS", counted("field", fields)))
}

// HPExpireAt makes fields end at that instant, to the millisecond, and tells
// what happened to each. An instant that is past deletes them.
func HPExpireAt(key string, at time.Time, fields ...string) Cmd[[]FieldExpiry] {
	return idempotent(Reply.fieldExpiries, "HPEXPIREAT", key,
		unixMilliseconds(at), "FIELDS", counted("field", fields))
}

// HPExpireAtWith is [HPExpireAt] under a condition.
func HPExpireAtWith(key string, at time.Time, condition ExpireCondition, fields ...string) Cmd[[]FieldExpiry] {
	return onceIf(condition.given(), idempotent(Reply.fieldExpiries, "HPEXPIREAT", key,
		unixMilliseconds(at), condition.tail(), "FIELDS", counted("field", fields)))
}

// FieldPersist is what [HPersist] did to one field.
type FieldPersist int64

// What can come of dropping a field's expiry.
const (
	FieldPersistMissing FieldPersist = -2 // there is no such field or key
	FieldPersistNoTTL   FieldPersist = -1 // it never ended
	FieldPersisted      FieldPersist = 1  // it had an expiry, and has none now
)

// String says what happened.
func (p FieldPersist) String() string {
	switch p {
	case FieldPersistMissing:
		return "missing"
	case FieldPersistNoTTL:
		return "no TTL"
	case FieldPersisted:
		return "persisted"
	}
	return "FieldPersist(" + strconv.FormatInt(int64(p), 10) + ")"
}

// HPersist drops the expiry of fields and tells what happened to each.
func HPersist(key string, fields ...string) Cmd[[]FieldPersist] {
	return idempotent(Reply.fieldPersists, "HPERSIST", key, "FIELDS", counted("field", fields))
}

func (r Reply) fieldPersists() ([]FieldPersist, error) {
	return each(r, func(item Reply) (FieldPersist, error) {
		n, err := item.Int()
		if err != nil {
			return 0, err
		}
		switch p := FieldPersist(n); p {
		case FieldPersistMissing, FieldPersistNoTTL, FieldPersisted:
			return p, nil
		}
		return 0, item.mismatch("one of -2, -1 and 1")
	})
}

// FieldTTL is how long one field has left.
type FieldTTL struct {
	Exists bool
	TTL    Null[time.Duration] // not Valid when the field never ends or does not exist
}

// HTTL returns for each field how long it has left, in whole seconds.
func HTTL(key string, fields ...string) Cmd[[]FieldTTL] {
	return read(fieldTTLs(time.Second), "HTTL", key, "FIELDS", counted("field", fields))
}

// HPTTL returns for each field how long it has left, in milliseconds.
func HPTTL(key string, fields ...string) Cmd[[]FieldTTL] {
	return read(fieldTTLs(time.Millisecond), "HPTTL", key, "FIELDS", counted("field", fields))
}

func fieldTTLs(unit time.Duration) func(Reply) ([]FieldTTL, error) {
	return func(r Reply) ([]FieldTTL, error) {
		return each(r, func(item Reply) (FieldTTL, error) {
			exists, ttl, err := ending(item, lasting(unit))
			return FieldTTL{Exists: exists, TTL: ttl}, err
		})
	}
}

// FieldExpireTime is when one field ends.
type FieldExpireTime struct {
	Exists bool
	At     Null[time.Time] // not Valid when the field never ends or does not exist
}

// HExpireTime returns for each field when it ends, in whole seconds.
func HExpireTime(key string, fields ...string) Cmd[[]FieldExpireTime] {
	return read(fieldExpireTimes(atSecond), "HEXPIRETIME", key, "FIELDS", counted("field", fields))
}

// HPExpireTime returns for each field when it ends, in milliseconds.
func HPExpireTime(key string, fields ...string) Cmd[[]FieldExpireTime] {
	return read(fieldExpireTimes(time.UnixMilli), "HPEXPIRETIME", key, "FIELDS", counted("field", fields))
}

func fieldExpireTimes(of func(int64) time.Time) func(Reply) ([]FieldExpireTime, error) {
	return func(r Reply) ([]FieldExpireTime, error) {
		return each(r, func(item Reply) (FieldExpireTime, error) {
			exists, at, err := ending(item, of)
			return FieldExpireTime{Exists: exists, At: at}, err
		})
	}
}
