package conform

import (
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func expireCases() []Case {
	const forever, ending = "SET k v", "SET k v EX 100"
	const sooner, later = 50 * time.Second, 200 * time.Second
	soonerExact, laterExact := sooner+250*time.Millisecond, later+250*time.Millisecond
	gone := left(command.Exists("k"), 0)
	lasts := func(d time.Duration) check { return left(command.TTL("k"), some(d)) }
	lastsMS := func(d time.Duration) check { return left(command.PTTL("k"), some(d)) }
	ends := func(at time.Time) check { return left(command.ExpireTime("k"), some(at)) }
	endsMS := func(at time.Time) check { return left(command.PExpireTime("k"), some(at)) }
	unchanged, never := lasts(100*time.Second), left(command.TTL("k"), none[time.Duration]())
	return []Case{
		returns("Expire", forever, command.Expire("k", later), true, lasts(later)),
		returns("Expire: absent key", "", command.Expire("k", later), false),
		returns("Expire: zero", forever, command.Expire("k", 0), true, gone),
		returns("Expire: past", forever, command.Expire("k", -time.Second), true, gone),
		returns("ExpireWith: no condition", forever, command.ExpireWith("k", later, ""), true, lasts(later)),
		returns("ExpireWith: IfNoTTL", forever, command.ExpireWith("k", later, command.IfNoTTL), true, lasts(later)),
		returns("ExpireWith: IfNoTTL, ends", ending, command.ExpireWith("k", later, command.IfNoTTL), false, unchanged),
		returns("ExpireWith: IfTTL", ending, command.ExpireWith("k", later, command.IfTTL), true, lasts(later)),
		returns("ExpireWith: IfTTL, never ends", forever, command.ExpireWith("k", later, command.IfTTL), false, never),
		returns("ExpireWith: IfLater", ending, command.ExpireWith("k", later, command.IfLater), true, lasts(later)),
		returns("ExpireWith: IfLater, sooner", ending, command.ExpireWith("k", sooner, command.IfLater), false, unchanged),
		returns("ExpireWith: IfLater, never ends", forever, command.ExpireWith("k", later, command.IfLater), false, never),
		returns("ExpireWith: IfSooner", ending, command.ExpireWith("k", sooner, command.IfSooner), true, lasts(sooner)),
		returns("ExpireWith: IfSooner, later", ending, command.ExpireWith("k", later, command.IfSooner), false, unchanged),
		returns("ExpireWith: IfSooner, never ends", forever, command.ExpireWith("k", later, command.IfSooner), true, lasts(later)),
		returns("ExpireAt", forever, command.ExpireAt("k", farOff), true, ends(farOff)),
		returns("ExpireAt: past", forever, command.ExpireAt("k", longAgo), true, gone),
		returns("ExpireAt: absent key", "", command.ExpireAt("k", farOff), false),
		returns("ExpireAtWith: IfNoTTL", ending, command.ExpireAtWith("k", farOff, command.IfNoTTL), false, unchanged),
		returns("ExpireAtWith: IfTTL", ending, command.ExpireAtWith("k", farOff, command.IfTTL), true, ends(farOff)),
		returns("ExpireAtWith: IfLater", ending, command.ExpireAtWith("k", farOff, command.IfLater), true, ends(farOff)),
		returns("ExpireAtWith: IfSooner", ending, command.ExpireAtWith("k", farOff, command.IfSooner), false, unchanged),
		returns("ExpireAtWith: IfSooner, the same", "SET k v EXAT 2145916799", command.ExpireAtWith("k", farOff, command.IfSooner), false),
		returns("PExpire", forever, command.PExpire("k", laterExact), true, lastsMS(laterExact)),
		returns("PExpire: absent key", "", command.PExpire("k", laterExact), false),
		returns("PExpire: past", forever, command.PExpire("k", -time.Second), true, gone),
		returns("PExpireWith: IfNoTTL", forever, command.PExpireWith("k", laterExact, command.IfNoTTL), true, lastsMS(laterExact)),
		returns("PExpireWith: IfTTL", forever, command.PExpireWith("k", laterExact, command.IfTTL), false, never),
		returns("PExpireWith: IfLater", ending, command.PExpireWith("k", laterExact, command.IfLater), true, lastsMS(laterExact)),
		returns("PExpireWith: IfSooner", ending, command.PExpireWith("k", soonerExact, command.IfSooner), true, lastsMS(soonerExact)),
		returns("PExpireAt", forever, command.PExpireAt("k", farther), true, endsMS(farther)),
		returns("PExpireAt: past", forever, command.PExpireAt("k", longAgo), true, gone),
		returns("PExpireAtWith: IfNoTTL", forever, command.PExpireAtWith("k", farther, command.IfNoTTL), true, endsMS(farther)),
		returns("PExpireAtWith: IfTTL", forever, command.PExpireAtWith("k", farther, command.IfTTL), false, never),
		returns("PExpireAtWith: IfLater", ending, command.PExpireAtWith("k", farther, command.IfLater), true, endsMS(farther)),
		returns("PExpireAtWith: IfSooner", ending, command.PExpireAtWith("k", farther, command.IfSooner), false, unchanged),
		returns("Persist", ending, command.Persist("k"), true, never),
		returns("Persist: never ends", forever, command.Persist("k"), false),
		returns("Persist: absent key", "", command.Persist("k"), false),
		returns("TTL", ending, command.TTL("k"), some(100*time.Second)),
		returns("TTL: never ends", forever, command.TTL("k"), none[time.Duration]()),
		nothing("TTL: absent key", "", command.TTL("k")),
		returns("PTTL", "SET k v PX 100250", command.PTTL("k"), some(100250*time.Millisecond)),
		returns("PTTL: never ends", forever, command.PTTL("k"), none[time.Duration]()),
		nothing("PTTL: absent key", "", command.PTTL("k")),
		returns("ExpireTime: never ends", forever, command.ExpireTime("k"), none[time.Time]()),
		nothing("ExpireTime: absent key", "", command.ExpireTime("k")),
		returns("PExpireTime: never ends", forever, command.PExpireTime("k"), none[time.Time]()),
		nothing("PExpireTime: absent key", "", command.PExpireTime("k")),
	}
}
