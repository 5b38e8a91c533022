package conform

import (
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func fieldLasts(d time.Duration) check {
	return left(command.HPTTL("k", "a"), []command.FieldTTL{{Exists: true, TTL: some(d)}})
}

func fieldEnds(at time.Time) check {
	return left(command.HPExpireTime("k", "a"), []command.FieldExpireTime{{Exists: true, At: some(at)}})
}

// fieldTTL is that of a field that never ends.
func fieldTTL() check { return left(command.HTTL("k", "a"), []command.FieldTTL{{Exists: true}}) }

func hashExpiryCases() []Case {
	const (
		forever = "HSET k a 1 b 2"
		ending  = forever + "; HEXPIRE k 100 FIELDS 1 a"

		sooner, later = 50 * time.Second, 200 * time.Second
	)
	laterExact, soonerExact := later+250*time.Millisecond, sooner+250*time.Millisecond
	expiries := func(e ...command.FieldExpiry) []command.FieldExpiry { return e }
	set, unchanged, missing := expiries(command.FieldExpirySet), expiries(command.FieldUnchanged), command.FieldMissing
	stays, gone := fieldLasts(100*time.Second), left(command.HExists("k", "a"), false)
	return []Case{
		returns("HExpire", forever, command.HExpire("k", later, "a", "absent"), expiries(command.FieldExpirySet, missing), fieldLasts(later)),
		returns("HExpire: absent key", "", command.HExpire("k", later, "a"), expiries(missing)),
		returns("HExpire: zero", forever, command.HExpire("k", 0, "a"), expiries(command.FieldDeleted), gone),
		fails("HExpire: negative", forever, command.HExpire("k", -time.Second, "a"), "ERR"),
		fails("HExpire: string", "SET k v", command.HExpire("k", later, "a"), "WRONGTYPE"),
		returns("HExpireWith: no condition", forever, command.HExpireWith("k", later, "", "a"), set, fieldLasts(later)),
		returns("HExpireWith: IfNoTTL", ending, command.HExpireWith("k", later, command.IfNoTTL, "a"), unchanged, stays),
		returns("HExpireWith: IfTTL", ending, command.HExpireWith("k", later, command.IfTTL, "a", "b"), expiries(command.FieldExpirySet, command.FieldUnchanged), fieldLasts(later)),
		returns("HExpireWith: IfLater", ending, command.HExpireWith("k", later, command.IfLater, "a", "b"), expiries(command.FieldExpirySet, command.FieldUnchanged), fieldLasts(later)),
		returns("HExpireWith: IfSooner", ending, command.HExpireWith("k", sooner, command.IfSooner, "a", "b"), expiries(command.FieldExpirySet, command.FieldExpirySet), fieldLasts(sooner)),
		returns("HExpireWith: IfSooner, later", ending, command.HExpireWith("k", later, command.IfSooner, "a"), unchanged, stays),
		returns("HExpireAt", forever, command.HExpireAt("k", farOff, "a"), set, fieldEnds(farOff)),
		returns("HExpireAt: past", forever, command.HExpireAt("k", longAgo, "a", "b"), expiries(command.FieldDeleted, command.FieldDeleted), left(command.Exists("k"), 0)),
		returns("HExpireAtWith: IfLater", ending, command.HExpireAtWith("k", farOff, command.IfLater, "a"), set, fieldEnds(farOff)),
		returns("HExpireAtWith: IfSooner", ending, command.HExpireAtWith("k", farOff, command.IfSooner, "a"), unchanged, stays),
		returns("HPExpire", forever, command.HPExpire("k", laterExact, "a", "absent"), expiries(command.FieldExpirySet, missing), fieldLasts(laterExact)),
		returns("HPExpireWith: IfNoTTL", forever, command.HPExpireWith("k", laterExact, command.IfNoTTL, "a"), set, fieldLasts(laterExact)),
		returns("HPExpireWith: IfSooner", ending, command.HPExpireWith("k", soonerExact, command.IfSooner, "a"), set, fieldLasts(soonerExact)),
		returns("HPExpireAt", forever, command.HPExpireAt("k", farther, "a", "absent"), expiries(command.FieldExpirySet, missing), fieldEnds(farther)),
		returns("HPExpireAt: past", forever, command.HPExpireAt("k", longAgo, "a"), expiries(command.FieldDeleted), gone),
		returns("HPExpireAtWith: IfTTL", ending, command.HPExpireAtWith("k", farther, command.IfTTL, "a", "b"), expiries(command.FieldExpirySet, command.FieldUnchanged), fieldEnds(farther)),
		returns("HPersist", ending, command.HPersist("k", "a", "b", "absent"),
			[]command.FieldPersist{command.FieldPersisted, command.FieldPersistNoTTL, command.FieldPersistMissing}, fieldTTL()),
		returns("HPersist: absent key", "", command.HPersist("k", "a"), []command.FieldPersist{command.FieldPersistMissing}),
		returns("HTTL", ending, command.HTTL("k", "a", "b", "absent"), []command.FieldTTL{{Exists: true, TTL: some(100 * time.Second)}, {Exists: true}, {}}),
		returns("HTTL: absent key", "", command.HTTL("k", "a", "b"), []command.FieldTTL{{}, {}}),
		returns("HPTTL", ending, command.HPTTL("k", "a", "b", "absent"), []command.FieldTTL{{Exists: true, TTL: some(100 * time.Second)}, {Exists: true}, {}}),
		returns("HExpireTime", forever+"; HEXPIREAT k 2145916799 FIELDS 1 a", command.HExpireTime("k", "a", "b", "absent"),
			[]command.FieldExpireTime{{Exists: true, At: some(farOff)}, {Exists: true}, {}}),
		returns("HExpireTime: absent key", "", command.HExpireTime("k", "a"), []command.FieldExpireTime{{}}),
		returns("HPExpireTime", forever+"; HPEXPIREAT k 2145916799250 FIELDS 1 a", command.HPExpireTime("k", "a", "b"),
			[]command.FieldExpireTime{{Exists: true, At: some(farther)}, {Exists: true}}),
	}
}
