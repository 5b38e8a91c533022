package conform

import (
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func genericCases() []Case {
	return []Case{
		returns("Copy", "SET a 1 EX 100", command.Copy("a", "b"), true, left(command.Get("b"), "1"), left(command.TTL("b"), some(100*time.Second)), left(command.Exists("a"), 1)),
		returns("Copy: list", "RPUSH a 1 2", command.Copy("a", "b"), true, left(command.Type("b"), "list")),
		returns("Copy: destination exists", "SET a 1; SET b 2", command.Copy("a", "b"), false, left(command.Get("b"), "2")),
		returns("Copy: absent key", "", command.Copy("a", "b"), false),
		returns("CopyWith: Replace", "SET a 1; SET b 2 EX 100", command.CopyWith("a", "b", command.CopyOptions{Replace: true}), true, left(command.Get("b"), "1"), left(command.TTL("b"), none[time.Duration]())),
		returns("CopyWith: plain", "SET a 1; SET b 2", command.CopyWith("a", "b", command.CopyOptions{}), false),
		returns("Del", "SET a 1; RPUSH b 1", command.Del("a", "b", "absent", "a"), 2, left(command.Exists("a", "b"), 0)),
		nothing("Dump: absent key", "", command.Dump("k")),
		returns("Exists", "SET a 1", command.Exists("a", "a", "absent"), 2),
		returns("Keys", "SET one 1; SET two 2; SET three 3", command.Keys("t*"), []string{"two", "three"}),
		returns("Keys: classes", "SET a1 1; SET b1 1; SET c1 1; SET a12 1", command.Keys("[a-b]?"), []string{"a1", "b1"}),
		returns("Keys: none", "", command.Keys("*"), []string{}),
		returns("MemoryUsage", "SET k v", command.Map(command.MemoryUsage("k"), positive), true),
		nothing("MemoryUsage: absent key", "", command.MemoryUsage("k")),
		returns("MemoryUsageWith", "RPUSH k a b c", command.Map(command.MemoryUsageWith("k", 0), positive), true),
		returns("RandomKey", "SET k v", command.RandomKey(), "k"),
		nothing("RandomKey: empty", "", command.RandomKey()),
		returns("Rename", "SET a 1 EX 100; SET b 2", command.Rename("a", "b"), ok, left(command.Get("b"), "1"), left(command.Exists("a"), 0), left(command.TTL("b"), some(100*time.Second))),
		returns("Rename: to itself", "SET a 1", command.Rename("a", "a"), ok, left(command.Get("a"), "1")),
		fails("Rename: absent key", "", command.Rename("a", "b"), "ERR"),
		returns("RenameNX", "SET a 1", command.RenameNX("a", "b"), true, left(command.Get("b"), "1")),
		returns("RenameNX: exists", "SET a 1; SET b 2", command.RenameNX("a", "b"), false, left(command.Get("b"), "2")),
		fails("RenameNX: absent key", "", command.RenameNX("a", "b"), "ERR"),
		returns("Touch", "SET a 1", command.Touch("a", "absent"), 1),
		returns("Type: string", "SET k v", command.Type("k"), "string"),
		returns("Type: list", "RPUSH k v", command.Type("k"), "list"),
		returns("Type: set", "SADD k v", command.Type("k"), "set"),
		returns("Type: zset", "ZADD k 1 v", command.Type("k"), "zset"),
		returns("Type: hash", "HSET k f v", command.Type("k"), "hash"),
		returns("Type: stream", "XADD k 1-1 f v", command.Type("k"), "stream"),
		returns("Type: absent key", "", command.Type("k"), "none"),
		returns("Unlink", "SET a 1; SET b 2", command.Unlink("a", "b", "absent"), 2, left(command.Exists("a", "b"), 0)),
		returns("Wait", "", command.Wait(0, 10*time.Millisecond), 0),
		returns("WaitAOF", "", command.WaitAOF(0, 0, 10*time.Millisecond), command.AOFCounts{}),
	}
}

// restoreCases move a value by its dump, which every server writes in its own
// way. A dump of a real server is binary, and a batch over REST carries none.
func restoreCases() []Case {
	restored := func(name, given string, o command.RestoreOptions, want any, then ...check) Case {
		return Case{
			Name: name, given: words(given), then: then,
			dumped: func(dump []byte) check {
				return check{untyped(command.Restore("k", dump, o)), want}
			},
		}
	}
	value := left(command.Get("k"), "v")
	return []Case{
		restored("Restore", "SET src v", command.RestoreOptions{}, ok, value, left(command.TTL("k"), none[time.Duration]())),
		restored("Restore: hash", "HSET src f v", command.RestoreOptions{}, ok, left(command.HGet("k", "f"), "v")),
		restored("Restore: TTL", "SET src v", command.RestoreOptions{TTL: 100500 * time.Millisecond}, ok, value, left(command.PTTL("k"), some(100500*time.Millisecond))),
		restored("Restore: exists", "SET src v; SET k old", command.RestoreOptions{}, refused("BUSYKEY"), left(command.Get("k"), "old")),
		restored("Restore: Replace", "SET src v; SET k old EX 100", command.RestoreOptions{Replace: true}, ok, value, left(command.TTL("k"), none[time.Duration]())),
		restored("Restore: instant", "SET src v", command.RestoreOptions{ExpireAt: farther}, ok, value, left(command.PExpireTime("k"), some(farther))),
		restored("Restore: IdleTime", "SET src v", command.RestoreOptions{IdleTime: 10 * time.Second}, ok, value),
		restored("Restore: Frequency", "SET src v", command.RestoreOptions{Frequency: 7, Replace: true}, ok, value),
	}
}

func scanCases() []Case {
	const given = "SET s1 1; SET s2 2; RPUSH l1 1; HSET h1 f v"
	return []Case{
		returns("Scan", given, command.Scan("", command.ScanOptions{}), whole("s1", "s2", "l1", "h1")),
		returns("Scan: Match", given, command.Scan("0", command.ScanOptions{Match: "s*", Count: 100}), whole("s1", "s2")),
		returns("Scan: Type", given, command.Scan("", command.ScanOptions{Type: "list", Count: 100}), whole("l1")),
		returns("Scan: all options", given, command.Scan("", command.ScanOptions{Match: "?1", Count: 100, Type: "string"}), whole("s1")),
		returns("Scan: nothing", "", command.Scan("", command.ScanOptions{}), whole[string]()),
		returns("ScanWithTypes", given, command.ScanWithTypes("", command.ScanOptions{Match: "*1", Count: 100}), whole(
			command.KeyType{Key: "s1", Type: "string"}, command.KeyType{Key: "l1", Type: "list"}, command.KeyType{Key: "h1", Type: "hash"})),
	}
}
