package command

import (
	"math"
	"time"
)

// ExpireCondition makes a change of an expiry depend on the one that is there.
// The zero value is no condition.
type ExpireCondition string

// The conditions of [ExpireWith], [HExpireWith] and their kin.
const (
	IfNoTTL  ExpireCondition = "NX" // only if it never ends so far
	IfTTL    ExpireCondition = "XX" // only if it ends already
	IfLater  ExpireCondition = "GT" // only if the end moves away; what never ends stays so
	IfSooner ExpireCondition = "LT" // only if the end comes closer; what never ends gets one
)

func (c ExpireCondition) given() bool { return c != "" }

func (c ExpireCondition) tail() (t tail) {
	switch c {
	case "":
	case IfNoTTL, IfTTL, IfLater, IfSooner:
		t.add(string(c))
	default:
		t.refuse("unknown condition: use IfNoTTL, IfTTL, IfLater or IfSooner")
	}
	return t
}

// onceIf is for the options that make a command unsafe to repeat.
func onceIf[T any](given bool, c Cmd[T]) Cmd[T] {
	if given {
		return c.WithClass(Once)
	}
	return c
}

// unixSeconds is the argument of a command that takes an instant in seconds.
func unixSeconds(at time.Time, instead string) (t tail) {
	if at.Nanosecond() != 0 {
		t.refuse("takes whole seconds and the instant has a fraction: use " + instead)
	}
	return unixTime(t, at, at.Unix())
}

// unixMilliseconds is the argument of a command that takes an instant in
// milliseconds.
func unixMilliseconds(at time.Time) tail { return unixTime(tail{}, at, at.UnixMilli()) }

// unixTime refuses the zero time: elsewhere it means "not given", and here it
// would delete what it was meant to keep.
func unixTime(t tail, at time.Time, n int64) tail {
	if at.IsZero() {
		t.refuse("needs an instant; the zero time is none")
	}
	t.addInt(n)
	return t
}

// Expire makes key end after ttl, in whole seconds, and reports whether there
// is such a key. A TTL of zero or less deletes it. [PExpire] takes fractions.
func Expire(key string, ttl time.Duration) Cmd[bool] {
	return idempotent(Reply.Bool, "EXPIRE", key, wholeSeconds(ttl, "PExpire"))
}

// ExpireWith is [Expire] under a condition; false may also mean that it did not
// hold.
func ExpireWith(key string, ttl time.Duration, condition ExpireCondition) Cmd[bool] {
	return onceIf(condition.given(),
		idempotent(Reply.Bool, "EXPIRE", key, wholeSeconds(ttl, "PExpireWith"), condition.tail()))
}

// ExpireAt makes key end at that instant, in whole seconds, and reports whether
// there is such a key. An instant that is past deletes it. [PExpireAt] takes
// fractions.
func ExpireAt(key string, at time.Time) Cmd[bool] {
	return idempotent(Reply.Bool, "EXPIREAT", key, unixSeconds(at, "PExpireAt"))
}

// ExpireAtWith is [ExpireAt] under a condition; false may also mean that it did
// not hold.
func ExpireAtWith(key string, at time.Time, condition ExpireCondition) Cmd[bool] {
	return onceIf(condition.given(),
		idempotent(Reply.Bool, "EXPIREAT", key, unixSeconds(at, "PExpireAtWith"), condition.tail()))
}

// PExpire makes key end after ttl, rounded up to the millisecond, and reports
// whether there is such a key. A TTL of zero or less deletes it.
func PExpire(key string, ttl time.Duration) Cmd[bool] {
	return idempotent(Reply.Bool, "PEXPIRE", key, milliseconds(ttl))
}

// PExpireWith is [PExpire] under a condition; false may also mean that it did
// not hold.
func PExpireWith(key string, ttl time.Duration, condition ExpireCondition) Cmd[bool] {
	return onceIf(condition.given(),
		idempotent(Reply.Bool, "PEXPIRE", key, milliseconds(ttl), condition.tail()))
}

// PExpireAt makes key end at that instant, to the millisecond, and reports
// whether there is such a key. An instant that is past deletes it.
func PExpireAt(key string, at time.Time) Cmd[bool] {
	return idempotent(Reply.Bool, "PEXPIREAT", key, unixMilliseconds(at))
}

// PExpireAtWith is [PExpireAt] under a condition; false may also mean that it
// did not hold.
func PExpireAtWith(key string, at time.Time, condition ExpireCondition) Cmd[bool] {
	return onceIf(condition.given(),
		idempotent(Reply.Bool, "PEXPIREAT", key, unixMilliseconds(at), condition.tail()))
}

// Persist drops the expiry of key and reports whether there was one.
func Persist(key string) Cmd[bool] { return idempotent(Reply.Bool, "PERSIST", key) }

// TTL returns how long key has left, in whole seconds; it is not Valid when the
// key never ends. [ErrNil] when there is no such key.
func TTL(key string) Cmd[Null[time.Duration]] {
	return read(keyEnd(lasting(time.Second)), "TTL", key)
}

// PTTL returns how long key has left, in milliseconds; it is not Valid when the
// key never ends. [ErrNil] when there is no such key.
func PTTL(key string) Cmd[Null[time.Duration]] {
	return read(keyEnd(lasting(time.Millisecond)), "PTTL", key)
}

// ExpireTime returns when key ends, in whole seconds; it is not Valid when the
// key never ends. [ErrNil] when there is no such key.
func ExpireTime(key string) Cmd[Null[time.Time]] {
	return read(keyEnd(atSecond), "EXPIRETIME", key)
}

// PExpireTime returns when key ends, in milliseconds; it is not Valid when the
// key never ends. [ErrNil] when there is no such key.
func PExpireTime(key string) Cmd[Null[time.Time]] {
	return read(keyEnd(time.UnixMilli), "PEXPIRETIME", key)
}

// keyEnd decodes the end of a key, where one that is missing is [ErrNil].
func keyEnd[T any](of func(int64) T) func(Reply) (Null[T], error) {
	return func(r Reply) (Null[T], error) {
		exists, end, err := ending(r, of)
		if err == nil && !exists {
			err = ErrNil
		}
		return end, err
	}
}

// ending decodes what TTL and its kin answer: -2 says that there is nothing, -1
// that it never ends.
func ending[T any](r Reply, of func(int64) T) (exists bool, end Null[T], err error) {
	n, err := r.Int()
	switch {
	case err != nil || n == -2:
		return false, Null[T]{}, err
	case n == -1:
		return true, Null[T]{}, nil
	case n < 0:
		return false, Null[T]{}, r.mismatch("a time, -1 or -2")
	}
	return true, Null[T]{V: of(n), Valid: true}, nil
}

// lasting makes a Duration of so many units, or the longest there is, 292
// years, where Redis counts beyond it.
func lasting(unit time.Duration) func(int64) time.Duration {
	return func(n int64) time.Duration {
		if n > math.MaxInt64/int64(unit) {
			return math.MaxInt64
		}
		return time.Duration(n) * unit
	}
}

func atSecond(n int64) time.Time { return time.Unix(n, 0) }
