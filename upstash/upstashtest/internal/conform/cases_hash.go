package conform

import (
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func hashCases() []Case {
	const two, one = "HSET k a 1 b 2", "HSET k a 1"
	content := func(m map[string]string) check { return left(command.HGetAll("k"), m) }
	return []Case{
		returns("HDel", two, command.HDel("k", "a", "absent"), 1, content(map[string]string{"b": "2"})),
		returns("HDel: last field", one, command.HDel("k", "a"), 1, left(command.Exists("k"), 0)),
		returns("HDel: absent key", "", command.HDel("k", "a"), 0),
		returns("HExists", two, command.HExists("k", "a"), true),
		returns("HExists: absent field", two, command.HExists("k", "absent"), false),
		returns("HGet", two, command.HGet("k", "b"), "2"),
		nothing("HGet: absent field", two, command.HGet("k", "absent")),
		fails("HGet: string", "SET k v", command.HGet("k", "a"), "WRONGTYPE"),
		returns("HGetAll", two, command.HGetAll("k"), map[string]string{"a": "1", "b": "2"}),
		returns("HGetAll: absent key", "", command.HGetAll("k"), map[string]string{}),
		returns("HGetDel", two, command.HGetDel("k", "a", "absent"), []command.Null[string]{some("1"), {}}, content(map[string]string{"b": "2"})),
		returns("HGetDel: last field", one, command.HGetDel("k", "a"), []command.Null[string]{some("1")}, left(command.Exists("k"), 0)),
		returns("HGetDel: absent key", "", command.HGetDel("k", "a", "b"), []command.Null[string]{{}, {}}),
		returns("HIncrBy", one, command.HIncrBy("k", "a", 4), 5),
		returns("HIncrBy: absent field", one, command.HIncrBy("k", "n", -4), -4),
		fails("HIncrBy: text", "HSET k a text", command.HIncrBy("k", "a", 1), "ERR"),
		fails("HIncrBy: too large", "HSET k a 9223372036854775807", command.HIncrBy("k", "a", 1), "ERR", left(command.HGet("k", "a"), "9223372036854775807")),
		returns("HIncrByFloat", one, command.HIncrByFloat("k", "a", 0.5), 1.5),
		returns("HIncrByFloat: tenths", "HSET k a 0.1", command.HIncrByFloat("k", "a", 0.2), 0.3, left(command.HGet("k", "a"), "0.3")),
		fails("HIncrByFloat: text", "HSET k a text", command.HIncrByFloat("k", "a", 1), "ERR"),
		returns("HKeys", two, command.HKeys("k"), []string{"a", "b"}),
		returns("HKeys: absent key", "", command.HKeys("k"), []string{}),
		returns("HLen", two, command.HLen("k"), 2),
		returns("HLen: absent key", "", command.HLen("k"), 0),
		returns("HMGet", two, command.HMGet("k", "b", "absent", "a"), []command.Null[string]{some("2"), {}, some("1")}),
		returns("HMGet: absent key", "", command.HMGet("k", "a", "b"), []command.Null[string]{{}, {}}),
		returns("HRandField", one, command.HRandField("k"), "a"),
		nothing("HRandField: absent key", "", command.HRandField("k")),
		returns("HRandFieldN", two, command.HRandFieldN("k", 5), []string{"a", "b"}),
		returns("HRandFieldN: repeated", one, command.HRandFieldN("k", -3), []string{"a", "a", "a"}),
		returns("HRandFieldN: none", two, command.HRandFieldN("k", 0), []string{}),
		returns("HRandFieldN: absent key", "", command.HRandFieldN("k", 5), []string{}),
		returns("HRandFieldWithValues", two, command.HRandFieldWithValues("k", 5), []command.Pair{pair("a", "1"), pair("b", "2")}),
		returns("HRandFieldWithValues: repeated", one, command.HRandFieldWithValues("k", -2), []command.Pair{pair("a", "1"), pair("a", "1")}),
		returns("HScan", two, command.HScan("k", "", command.MatchOptions{}), whole(pair("a", "1"), pair("b", "2"))),
		returns("HScan: options", two, command.HScan("k", "0", command.MatchOptions{Match: "a*", Count: 50}), whole(pair("a", "1"))),
		returns("HScan: absent key", "", command.HScan("k", "", command.MatchOptions{}), whole[command.Pair]()),
		returns("HScanNoValues", two, command.HScanNoValues("k", "", command.MatchOptions{}), whole("a", "b")),
		returns("HScanNoValues: options", two, command.HScanNoValues("k", "", command.MatchOptions{Match: "b", Count: 50}), whole("b")),
		returns("HSet", one, command.HSet("k", map[string]any{"a": 3, "b": "x", "c": 1.5}), 2, content(map[string]string{"a": "3", "b": "x", "c": "1.5"})),
		fails("HSet: string", "SET k v", command.HSet("k", map[string]any{"a": 1}), "WRONGTYPE"),
		returns("HSetField", one, command.HSetField("k", "a", 2), 0, content(map[string]string{"a": "2"})),
		returns("HSetField: new", one, command.HSetField("k", "b", 2), 1),
		returns("HSetNX", one, command.HSetNX("k", "b", 2), true),
		returns("HSetNX: exists", one, command.HSetNX("k", "a", 2), false, content(map[string]string{"a": "1"})),
		returns("HStrLen", "HSET k a é", command.HStrLen("k", "a"), 2),
		returns("HStrLen: absent field", one, command.HStrLen("k", "absent"), 0),
		returns("HVals", two, command.HVals("k"), []string{"1", "2"}),
		returns("HVals: absent key", "", command.HVals("k"), []string{}),
	}
}

// hashSetExCases write and read fields together with an expiry.
func hashSetExCases() []Case {
	const two, ending = "HSET k a 1 b 2", "HSET k a 1 b 2; HEXPIRE k 100 FIELDS 1 a"
	set := func(o command.HSetExOptions) command.Cmd[bool] {
		return command.HSetEx("k", map[string]any{"a": 7, "c": 8}, o)
	}
	get := func(o command.GetExOptions) command.Cmd[[]command.Null[string]] {
		return command.HGetEx("k", o, "a", "absent")
	}
	got := []command.Null[string]{some("1"), {}}
	value := left(command.HGet("k", "a"), "7")
	ms := 100500 * time.Millisecond
	return []Case{
		returns("HSetEx", ending, set(command.HSetExOptions{}), true, value, fieldTTL()),
		returns("HSetEx: seconds", "", set(command.HSetExOptions{TTL: 100 * time.Second}), true, value, fieldLasts(100*time.Second)),
		returns("HSetEx: milliseconds", "", set(command.HSetExOptions{TTL: ms}), true, value, fieldLasts(ms)),
		returns("HSetEx: instant", "", set(command.HSetExOptions{ExpireAt: farOff}), true, fieldEnds(farOff)),
		returns("HSetEx: instant in milliseconds", "", set(command.HSetExOptions{ExpireAt: farther}), true, fieldEnds(farther)),
		returns("HSetEx: KeepTTL", ending, set(command.HSetExOptions{KeepTTL: true}), true, value, fieldLasts(100*time.Second)),
		returns("HSetEx: FieldsAbsent", "", set(command.HSetExOptions{If: command.FieldsAbsent}), true, value),
		returns("HSetEx: FieldsAbsent, one exists", two, set(command.HSetExOptions{If: command.FieldsAbsent}), false, left(command.HLen("k"), 2)),
		returns("HSetEx: FieldsPresent", "HSET k a 1 c 1", set(command.HSetExOptions{If: command.FieldsPresent, TTL: ms}), true, value, fieldLasts(ms)),
		returns("HSetEx: FieldsPresent, one missing", two, set(command.HSetExOptions{If: command.FieldsPresent}), false, left(command.HLen("k"), 2)),
		fails("HSetEx: string", "SET k v", set(command.HSetExOptions{}), "WRONGTYPE"),
		returns("HGetEx", ending, get(command.GetExOptions{}), got, fieldLasts(100*time.Second)),
		returns("HGetEx: seconds", two, get(command.GetExOptions{TTL: 50 * time.Second}), got, fieldLasts(50*time.Second)),
		returns("HGetEx: milliseconds", two, get(command.GetExOptions{TTL: ms}), got, fieldLasts(ms)),
		returns("HGetEx: instant", two, get(command.GetExOptions{ExpireAt: farOff}), got, fieldEnds(farOff)),
		returns("HGetEx: instant in milliseconds", two, get(command.GetExOptions{ExpireAt: farther}), got, fieldEnds(farther)),
		returns("HGetEx: persist", ending, get(command.GetExOptions{Persist: true}), got, fieldTTL()),
		returns("HGetEx: absent key", "", get(command.GetExOptions{}), []command.Null[string]{{}, {}}),
	}
}
