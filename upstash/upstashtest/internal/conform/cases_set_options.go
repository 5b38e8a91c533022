package conform

import (
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// setOptionCases are those of SET, which has the most options.
func setOptionCases() []Case {
	with := func(o command.SetOptions) command.Cmd[bool] { return command.SetWith("k", "new", o) }
	get := func(o command.SetOptions) command.Cmd[command.Null[string]] { return command.SetGet("k", "new", o) }
	only := func(c command.Condition) command.SetOptions { return command.SetOptions{If: c} }
	stays, changed := left(command.Get("k"), "old"), left(command.Get("k"), "new")
	return []Case{
		returns("SetWith", "SET k old EX 100", with(command.SetOptions{}), true, changed, left(command.TTL("k"), none[time.Duration]())),
		returns("SetWith: Absent", "", with(only(command.Absent)), true, changed),
		returns("SetWith: Absent, exists", "SET k old", with(only(command.Absent)), false, stays),
		returns("SetWith: Present", "SET k old", with(only(command.Present)), true, changed),
		returns("SetWith: Present, absent key", "", with(only(command.Present)), false, left(command.Exists("k"), 0)),
		returns("SetWith: Equals", "SET k old", with(only(command.Equals("old"))), true, changed),
		returns("SetWith: Equals another", "SET k old", with(only(command.Equals("other"))), false, stays),
		returns("SetWith: Equals, absent key", "", with(only(command.Equals("old"))), false, left(command.Exists("k"), 0)),
		fails("SetWith: Equals, list", "RPUSH k a", with(only(command.Equals("old"))), "WRONGTYPE"),
		returns("SetWith: NotEquals", "SET k old", with(only(command.NotEquals("other"))), true, changed),
		returns("SetWith: NotEquals, the same", "SET k old", with(only(command.NotEquals("old"))), false, stays),
		returns("SetWith: NotEquals, absent key", "", with(only(command.NotEquals("old"))), true, changed),
		returns("SetWith: DigestEquals", "SET k hello", with(only(command.DigestEquals(digestOfHello))), true, changed),
		returns("SetWith: DigestEquals another", "SET k old", with(only(command.DigestEquals(digestOfHello))), false, stays),
		returns("SetWith: DigestNotEquals", "SET k old", with(only(command.DigestNotEquals(digestOfHello))), true, changed),
		returns("SetWith: seconds", "", with(command.SetOptions{TTL: 100 * time.Second}), true, left(command.TTL("k"), some(100*time.Second))),
		returns("SetWith: milliseconds", "", with(command.SetOptions{TTL: 100500 * time.Millisecond}), true, left(command.PTTL("k"), some(100500*time.Millisecond))),
		returns("SetWith: instant", "", with(command.SetOptions{ExpireAt: farOff}), true, left(command.ExpireTime("k"), some(farOff))),
		returns("SetWith: instant in milliseconds", "", with(command.SetOptions{ExpireAt: farther}), true, left(command.PExpireTime("k"), some(farther))),
		returns("SetWith: instant past", "SET k old", with(command.SetOptions{ExpireAt: longAgo}), true, left(command.Exists("k"), 0)),
		returns("SetWith: KeepTTL", "SET k old EX 100", with(command.SetOptions{KeepTTL: true}), true, changed, left(command.TTL("k"), some(100*time.Second))),
		returns("SetWith: Absent with TTL", "", with(command.SetOptions{If: command.Absent, TTL: 100 * time.Second}), true, left(command.TTL("k"), some(100*time.Second))),
		returns("SetWith: Present with KeepTTL", "SET k old EX 100", with(command.SetOptions{If: command.Present, KeepTTL: true}), true, left(command.TTL("k"), some(100*time.Second))),
		returns("SetWith: Equals with TTL", "SET k old", with(command.SetOptions{If: command.Equals("old"), TTL: 100 * time.Second}), true, left(command.TTL("k"), some(100*time.Second))),
		returns("SetGet", "SET k old", get(command.SetOptions{}), some("old"), changed),
		returns("SetGet: absent key", "", get(command.SetOptions{}), none[string](), changed),
		returns("SetGet: Absent", "", get(only(command.Absent)), none[string](), changed),
		returns("SetGet: Absent, exists", "SET k old", get(only(command.Absent)), some("old"), stays),
		returns("SetGet: Present", "SET k old", get(only(command.Present)), some("old"), changed),
		returns("SetGet: Present, absent key", "", get(only(command.Present)), none[string](), left(command.Exists("k"), 0)),
		returns("SetGet: Equals", "SET k old", get(only(command.Equals("old"))), some("old"), changed),
		returns("SetGet: Equals another", "SET k old", get(only(command.Equals("other"))), some("old"), stays),
		returns("SetGet: KeepTTL", "SET k old EX 100", get(command.SetOptions{KeepTTL: true}), some("old"), left(command.TTL("k"), some(100*time.Second))),
		returns("SetGet: TTL", "SET k old", get(command.SetOptions{TTL: 100 * time.Second}), some("old"), left(command.TTL("k"), some(100*time.Second))),
		fails("SetGet: list", "RPUSH k a", get(command.SetOptions{}), "WRONGTYPE", left(command.Type("k"), "list")),
	}
}
