package conform

import "github.com/seed-9937a0e6/upstash-go/upstash/command"

func hyperLogLogCases() []Case {
	count := func(want int64, keys ...string) check { return left(command.PFCount(keys...), want) }
	const two = "PFADD a 1 2 3; PFADD b 3 4"
	return []Case{
		returns("PFAdd", "", command.PFAdd("k", "a", "b", 3), true, count(3, "k"), left(command.Type("k"), "string")),
		returns("PFAdd: known", "PFADD k a b", command.PFAdd("k", "b"), false, count(2, "k")),
		returns("PFAdd: nothing", "", command.PFAdd("k"), true, left(command.Exists("k"), 1), count(0, "k")),
		returns("PFAdd: nothing, exists", "PFADD k a", command.PFAdd("k"), false, count(1, "k")),
		fails("PFAdd: another string", "SET k v", command.PFAdd("k", "a"), "WRONGTYPE"),
		returns("PFCount", two, command.PFCount("a"), 3),
		returns("PFCount: together", two, command.PFCount("a", "b", "absent"), 4),
		returns("PFCount: absent key", "", command.PFCount("k"), 0),
		fails("PFCount: list", "RPUSH k a", command.PFCount("k"), "WRONGTYPE"),
		returns("PFMerge", two, command.PFMerge("d", "a", "b"), ok, count(4, "d"), count(3, "a")),
		returns("PFMerge: onto one that exists", two, command.PFMerge("a", "b", "absent"), ok, count(4, "a")),
		returns("PFMerge: nothing", "", command.PFMerge("k"), ok, left(command.Exists("k"), 1)),
		fails("PFMerge: set", two+"; SADD s x", command.PFMerge("a", "s"), "WRONGTYPE", count(3, "a")),
	}
}
