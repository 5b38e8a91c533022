package command_test

import (
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func TestHashExpiryCommandsSend(t *testing.T) {
	t.Parallel()
	at := time.UnixMilli(1700000000123)
	second := at.Truncate(time.Second)
	checkSent(t, []sent{
		{command.HExpire("k", time.Minute, "a", "b").Args(), "HEXPIRE k 60 FIELDS 2 a b", command.Idempotent},
		{command.HExpireWith("k", time.Minute, "", "a").Args(), "HEXPIRE k 60 FIELDS 1 a", command.Idempotent},
		{command.HExpireWith("k", time.Minute, command.IfNoTTL, "a").Args(), "HEXPIRE k 60 NX FIELDS 1 a", command.Once},
		{command.HExpireAt("k", second, "a").Args(), "HEXPIREAT k 1700000000 FIELDS 1 a", command.Idempotent},
		{command.HExpireAtWith("k", second, "", "a").Args(), "HEXPIREAT k 1700000000 FIELDS 1 a", command.Idempotent},
		{command.HExpireAtWith("k", second, command.IfTTL, "a").Args(), "HEXPIREAT k 1700000000 XX FIELDS 1 a", command.Once},
		{command.HPExpire("k", 1500*time.Microsecond, "a").Args(), "HPEXPIRE k 2 FIELDS 1 a", command.Idempotent},
		{command.HPExpireWith("k", time.Second, "", "a").Args(), "HPEXPIRE k 1000 FIELDS 1 a", command.Idempotent},
		{command.HPExpireWith("k", time.Second, command.IfLater, "a").Args(), "HPEXPIRE k 1000 GT FIELDS 1 a", command.Once},
		{command.HPExpireAt("k", at, "a").Args(), "HPEXPIREAT k 1700000000123 FIELDS 1 a", command.Idempotent},
		{command.HPExpireAtWith("k", at, "", "a").Args(), "HPEXPIREAT k 1700000000123 FIELDS 1 a", command.Idempotent},
		{command.HPExpireAtWith("k", at, command.IfSooner, "a").Args(), "HPEXPIREAT k 1700000000123 LT FIELDS 1 a", command.Once},
		{command.HPersist("k", "a").Args(), "HPERSIST k FIELDS 1 a", command.Idempotent},
		{command.HTTL("k", "a", "b").Args(), "HTTL k FIELDS 2 a b", command.ReadOnly},
		{command.HPTTL("k", "a").Args(), "HPTTL k FIELDS 1 a", command.ReadOnly},
		{command.HExpireTime("k", "a").Args(), "HEXPIRETIME k FIELDS 1 a", command.ReadOnly},
		{command.HPExpireTime("k", "a").Args(), "HPEXPIRETIME k FIELDS 1 a", command.ReadOnly},
	})
}

func TestHashExpiryCommandsRefuse(t *testing.T) {
	t.Parallel()
	at := time.UnixMilli(1700000000123)
	checkRefused(t, []refused{
		{"fraction of a second", command.HExpire("k", time.Millisecond, "a").Err(), "use HPExpire"},
		{"fraction with a condition", command.HExpireWith("k", time.Millisecond, command.IfTTL, "a").Err(), "use HPExpireWith"},
		{"instant with a fraction", command.HExpireAt("k", at, "a").Err(), "use HPExpireAt"},
		{"instant with a fraction and a condition", command.HExpireAtWith("k", at, command.IfTTL, "a").Err(), "use HPExpireAtWith"},
		{"zero instant", command.HPExpireAt("k", time.Time{}, "a").Err(), "zero time"},
		{"unknown condition", command.HPExpireWith("k", time.Second, "FNX", "a").Err(), "unknown condition"},
		{"expire nothing", command.HPExpire("k", time.Second).Err(), "at least one field"},
		{"keep nothing", command.HPersist("k").Err(), "at least one field"},
		{"TTL of nothing", command.HTTL("k").Err(), "at least one field"},
		{"end of nothing", command.HPExpireTime("k").Err(), "at least one field"},
	})
}

func TestHashExpiryCommandsDecode(t *testing.T) {
	t.Parallel()
	checkReply(t, command.HExpire("k", time.Second, "a", "b", "c", "d"), list(-2, 0, 1, 2), []command.FieldExpiry{
		command.FieldMissing, command.FieldUnchanged, command.FieldExpirySet, command.FieldDeleted,
	})
	checkReply(t, command.HPersist("k", "a", "b", "c"), list(-2, -1, 1), []command.FieldPersist{
		command.FieldPersistMissing, command.FieldPersistNoTTL, command.FieldPersisted,
	})
	checkReply(t, command.HTTL("k", "a", "b", "c"), list(-2, -1, 90), []command.FieldTTL{
		{}, {Exists: true}, {Exists: true, TTL: command.Null[time.Duration]{V: 90 * time.Second, Valid: true}},
	})
	checkReply(t, command.HPTTL("k", "a"), list(90), []command.FieldTTL{
		{Exists: true, TTL: command.Null[time.Duration]{V: 90 * time.Millisecond, Valid: true}},
	})
	checkReply(t, command.HExpireTime("k", "a", "b", "c"), list(-2, -1, 1700000000), []command.FieldExpireTime{
		{}, {Exists: true}, {Exists: true, At: command.Null[time.Time]{V: time.Unix(1700000000, 0), Valid: true}},
	})
	checkReply(t, command.HPExpireTime("k", "a"), list(int64(1700000000123)), []command.FieldExpireTime{
		{Exists: true, At: command.Null[time.Time]{V: time.UnixMilli(1700000000123), Valid: true}},
	})
	checkMismatch(t, command.HExpireWith("k", time.Second, command.IfTTL, "a"), list(-1), "one of -2, 0, 1 and 2")
	checkMismatch(t, command.HExpire("k", time.Second, "a"), list("1"), "integer")
	checkMismatch(t, command.HPersist("k", "a"), list(0), "one of -2, -1 and 1")
	checkMismatch(t, command.HTTL("k", "a"), list(-3), "a time, -1 or -2")
	checkMismatch(t, command.HExpireTime("k", "a"), list(nil), "a value inside the list")
	checkMismatch(t, command.HPersist("k", "a"), list("1"), "integer")
}

func TestFieldOutcomesHaveNames(t *testing.T) {
	t.Parallel()
	tests := []struct{ got, want string }{
		{command.FieldMissing.String(), "missing"},
		{command.FieldUnchanged.String(), "unchanged"},
		{command.FieldExpirySet.String(), "expiry set"},
		{command.FieldDeleted.String(), "deleted"},
		{command.FieldExpiry(7).String(), "FieldExpiry(7)"},
		{command.FieldPersistMissing.String(), "missing"},
		{command.FieldPersistNoTTL.String(), "no TTL"},
		{command.FieldPersisted.String(), "persisted"},
		{command.FieldPersist(7).String(), "FieldPersist(7)"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("String() = %q, want %q", tt.got, tt.want)
		}
	}
}
