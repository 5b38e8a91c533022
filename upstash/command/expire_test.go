package command_test

import (
	"math"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func TestExpireCommandsSend(t *testing.T) {
	t.Parallel()
	at := time.UnixMilli(1700000000123)
	second := at.Truncate(time.Second)
	checkSent(t, []sent{
		{command.Expire("k", time.Minute).Args(), "EXPIRE k 60", command.Idempotent},
		{command.Expire("k", 0).Args(), "EXPIRE k 0", command.Idempotent},
		{command.Expire("k", -time.Second).Args(), "EXPIRE k -1", command.Idempotent},
		{command.ExpireWith("k", time.Minute, "").Args(), "EXPIRE k 60", command.Idempotent},
		{command.ExpireWith("k", time.Minute, command.IfNoTTL).Args(), "EXPIRE k 60 NX", command.Once},
		{command.ExpireWith("k", time.Minute, command.IfTTL).Args(), "EXPIRE k 60 XX", command.Once},
		{command.ExpireWith("k", time.Minute, command.IfLater).Args(), "EXPIRE k 60 GT", command.Once},
		{command.ExpireWith("k", time.Minute, command.IfSooner).Args(), "EXPIRE k 60 LT", command.Once},
		{command.ExpireAt("k", second).Args(), "EXPIREAT k 1700000000", command.Idempotent},
		{command.ExpireAtWith("k", second, "").Args(), "EXPIREAT k 1700000000", command.Idempotent},
		{command.ExpireAtWith("k", second, command.IfLater).Args(), "EXPIREAT k 1700000000 GT", command.Once},
		{command.PExpire("k", 1500*time.Microsecond).Args(), "PEXPIRE k 2", command.Idempotent},
		{command.PExpire("k", -time.Second).Args(), "PEXPIRE k -1000", command.Idempotent},
		{command.PExpireWith("k", time.Second, "").Args(), "PEXPIRE k 1000", command.Idempotent},
		{command.PExpireWith("k", time.Second, command.IfSooner).Args(), "PEXPIRE k 1000 LT", command.Once},
		{command.PExpireAt("k", at).Args(), "PEXPIREAT k 1700000000123", command.Idempotent},
		{command.PExpireAtWith("k", at, "").Args(), "PEXPIREAT k 1700000000123", command.Idempotent},
		{command.PExpireAtWith("k", at, command.IfTTL).Args(), "PEXPIREAT k 1700000000123 XX", command.Once},
		{command.Persist("k").Args(), "PERSIST k", command.Idempotent},
		{command.TTL("k").Args(), "TTL k", command.ReadOnly},
		{command.PTTL("k").Args(), "PTTL k", command.ReadOnly},
		{command.ExpireTime("k").Args(), "EXPIRETIME k", command.ReadOnly},
		{command.PExpireTime("k").Args(), "PEXPIRETIME k", command.ReadOnly},
	})
}

func TestExpireCommandsRefuse(t *testing.T) {
	t.Parallel()
	at := time.UnixMilli(1700000000123)
	checkRefused(t, []refused{
		{"fraction of a second", command.Expire("k", 1500*time.Millisecond).Err(), "use PExpire"},
		{"fraction with a condition", command.ExpireWith("k", time.Millisecond, command.IfTTL).Err(), "use PExpireWith"},
		{"instant with a fraction", command.ExpireAt("k", at).Err(), "use PExpireAt"},
		{"instant with a fraction and a condition", command.ExpireAtWith("k", at, command.IfTTL).Err(), "use PExpireAtWith"},
		{"zero instant in seconds", command.ExpireAt("k", time.Time{}).Err(), "zero time"},
		{"zero instant in milliseconds", command.PExpireAt("k", time.Time{}).Err(), "zero time"},
		{"unknown condition", command.PExpireWith("k", time.Second, "nx").Err(), "unknown condition"},
	})
}

func TestExpireCommandsDecode(t *testing.T) {
	t.Parallel()
	checkReply(t, command.Expire("k", time.Second), number(1), true)
	checkReply(t, command.PExpireAtWith("k", time.Now(), command.IfTTL), number(0), false)
	checkReply(t, command.Persist("k"), number(1), true)

	checkReply(t, command.TTL("k"), number(-2), command.ErrNil)
	checkReply(t, command.TTL("k"), number(-1), command.Null[time.Duration]{})
	checkReply(t, command.TTL("k"), number(0), command.Null[time.Duration]{Valid: true})
	checkReply(t, command.TTL("k"), number(90), command.Null[time.Duration]{V: 90 * time.Second, Valid: true})
	checkReply(t, command.TTL("k"), number(math.MaxInt64), command.Null[time.Duration]{V: math.MaxInt64, Valid: true})
	checkReply(t, command.PTTL("k"), number(-2), command.ErrNil)
	checkReply(t, command.PTTL("k"), number(90), command.Null[time.Duration]{V: 90 * time.Millisecond, Valid: true})

	checkReply(t, command.ExpireTime("k"), number(-2), command.ErrNil)
	checkReply(t, command.ExpireTime("k"), number(-1), command.Null[time.Time]{})
	checkReply(t, command.ExpireTime("k"), number(1700000000), command.Null[time.Time]{V: time.Unix(1700000000, 0), Valid: true})
	checkReply(t, command.PExpireTime("k"), number(-1), command.Null[time.Time]{})
	checkReply(t, command.PExpireTime("k"), number(1700000000123), command.Null[time.Time]{V: time.UnixMilli(1700000000123), Valid: true})

	checkMismatch(t, command.TTL("k"), number(-3), "a time, -1 or -2")
	checkMismatch(t, command.ExpireTime("k"), text("1"), "integer")
}
