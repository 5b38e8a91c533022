package conform

import "github.com/seed-9937a0e6/upstash-go/upstash/command"

// document is what the text of a JSON document has to mean, whatever its layout.
func document[T any](paths ...string) command.Cmd[T] {
	return command.JSON[T](command.JSONGet("k", paths...))
}

func jsonCases() []Case {
	const (
		numbers = `JSON.SET k $ {"a":1,"b":2}`
		mixed   = `JSON.SET k $ {"list":[1,2,3],"text":"abc","yes":true}`
	)
	type (
		ints  = map[string]int64
		lists = map[string][]int64
	)
	lengths := func(n ...command.Null[int64]) []command.Null[int64] { return n }
	length := func(n int64) []command.Null[int64] { return lengths(some(n)) }
	items := func(want ...int64) check { return left(document[[][]int64]("$.list"), [][]int64{want}) }
	amount := func(n command.JSONNumber) []command.Null[command.JSONNumber] {
		return []command.Null[command.JSONNumber]{some(n)}
	}
	return []Case{
		returns("JSONSet", "", command.JSONSet("k", "$", ints{"a": 1}), ok, left(command.JSONGet("k"), `{"a":1}`)),
		returns("JSONSet: member", numbers, command.JSONSet("k", "$.c", 3), ok, left(document[ints](), ints{"a": 1, "b": 2, "c": 3})),
		returns("JSONSet: every match", numbers, command.JSONSet("k", "$.*", 0), ok, left(document[ints](), ints{"a": 0, "b": 0})),
		fails("JSONSet: string", "SET k v", command.JSONSet("k", "$", 1), "WRONGTYPE"),
		returns("JSONSetWith", numbers, command.JSONSetWith("k", "$.a", 9, command.JSONSetOptions{}), true, left(command.JSONGet("k", "$.a"), "[9]")),
		returns("JSONSetWith: Absent", numbers, command.JSONSetWith("k", "$.c", 9, command.JSONSetOptions{If: command.Absent}), true,
			left(command.JSONGet("k", "$.c"), "[9]")),
		returns("JSONSetWith: Absent, present", numbers, command.JSONSetWith("k", "$.a", 9, command.JSONSetOptions{If: command.Absent}), false,
			left(command.JSONGet("k", "$.a"), "[1]")),
		returns("JSONSetWith: Present", numbers, command.JSONSetWith("k", "$.a", 9, command.JSONSetOptions{If: command.Present}), true,
			left(command.JSONGet("k", "$.a"), "[9]")),
		returns("JSONSetWith: Present, absent", numbers, command.JSONSetWith("k", "$.c", 9, command.JSONSetOptions{If: command.Present}), false,
			left(command.JSONGet("k", "$.c"), "[]")),
		returns("JSONGet", numbers, command.JSONGet("k", "$.b"), "[2]"),
		returns("JSONGet: no match", numbers, command.JSONGet("k", "$.c"), "[]"),
		returns("JSONGet: legacy path", numbers, command.JSONGet("k", ".b"), "2"),
		returns("JSONGet: several paths", numbers, document[lists]("$.a", "$.b"), lists{"$.a": {1}, "$.b": {2}}),
		nothing("JSONGet: absent key", "", command.JSONGet("k")),
		returns("JSONGetWith", numbers,
			command.JSON[[]int64](command.JSONGetWith("k", command.JSONGetOptions{Indent: "\t", Newline: "\n", Space: " "}, "$.a")), []int64{1}),
		returns("JSONMGet", numbers, command.JSONMGet("$.a", "k", "absent"), []command.Null[string]{some("[1]"), none[string]()}),
		returns("JSONMSet", "", command.JSONMSet(
			command.JSONEntry{Key: "k", Path: "$", Value: ints{"a": 1}}, command.JSONEntry{Key: "d", Path: "$", Value: ints{"a": 2}},
		), ok, left(command.JSONMGet("$.a", "k", "d"), []command.Null[string]{some("[1]"), some("[2]")})),
		returns("JSONMerge", numbers, command.JSONMerge("k", "$", map[string]any{"a": nil, "c": 3}), ok, left(document[ints](), ints{"b": 2, "c": 3})),
		returns("JSONDel", numbers, command.JSONDel("k", "$.a"), 1, left(document[ints](), ints{"b": 2})),
		returns("JSONDel: no match", numbers, command.JSONDel("k", "$.c"), 0),
		returns("JSONDel: document", numbers, command.JSONDel("k", ""), 1, left(command.Exists("k"), 0)),
		returns("JSONDel: absent key", "", command.JSONDel("k", "$.a"), 0),
		returns("JSONForget", numbers, command.JSONForget("k", "$.*"), 2, left(document[ints](), ints{})),
		returns("JSONClear", mixed, command.JSONClear("k", "$.list"), 1, items()),
		returns("JSONClear: text", mixed, command.JSONClear("k", "$.text"), 0, left(command.JSONGet("k", "$.text"), `["abc"]`)),
		returns("JSONType", mixed, command.JSONType("k", "$.list"), []command.Null[string]{some("array")}),
		returns("JSONType: no match", mixed, command.JSONType("k", "$.none"), []command.Null[string]{}),
		returns("JSONType: legacy path", mixed, command.JSONType("k", ".text"), []command.Null[string]{some("string")}),
		returns("JSONResp", `JSON.SET k $ {"a":[1,"x"]}`, tree(command.JSONResp("k", "")), any([]any{"{", "a", []any{"[", int64(1), "x"}})),

		returns("JSONArrAppend", mixed, command.JSONArrAppend("k", "$.list", 4, 5), length(5), items(1, 2, 3, 4, 5)),
		returns("JSONArrAppend: text", mixed, command.JSONArrAppend("k", "$.text", 4), lengths(none[int64]())),
		returns("JSONArrIndex", mixed, command.JSONArrIndex("k", "$.list", 2), length(1)),
		returns("JSONArrIndex: none", mixed, command.JSONArrIndex("k", "$.list", "2"), length(-1)),
		returns("JSONArrIndexWith", mixed, command.JSONArrIndexWith("k", "$.list", 1, command.JSONArrIndexOptions{Start: 1}), length(-1)),
		returns("JSONArrIndexWith: Stop", mixed, command.JSONArrIndexWith("k", "$.list", 3, command.JSONArrIndexOptions{Stop: -1}), length(-1)),
		returns("JSONArrInsert", mixed, command.JSONArrInsert("k", "$.list", 1, 9), length(4), items(1, 9, 2, 3)),
		returns("JSONArrLen", mixed, command.JSONArrLen("k", "$.list"), length(3)),
		returns("JSONArrPop", mixed, command.JSONArrPop("k", "$.list"), []command.Null[string]{some("3")}, items(1, 2)),
		returns("JSONArrPopAt", mixed, command.JSONArrPopAt("k", "$.list", 0), []command.Null[string]{some("1")}, items(2, 3)),
		returns("JSONArrTrim", mixed, command.JSONArrTrim("k", "$.list", 1, 1), length(1), items(2)),

		returns("JSONObjKeys", numbers, command.JSONObjKeys("k", "$"), []command.Null[[]string]{some([]string{"a", "b"})}),
		returns("JSONObjKeys: list", mixed, command.JSONObjKeys("k", "$.list"), []command.Null[[]string]{none[[]string]()}),
		returns("JSONObjLen", numbers, command.JSONObjLen("k", "$"), length(2)),

		returns("JSONNumIncrBy", numbers, command.JSONNumIncrBy("k", "$.b", -5), amount("-3"), left(document[ints](), ints{"a": 1, "b": -3})),
		returns("JSONNumIncrByFloat", numbers, command.JSONNumIncrByFloat("k", "$.a", 0.5), amount("1.5")),
		returns("JSONNumMultBy", numbers, command.JSONNumMultBy("k", "$.b", 3), amount("6"), left(document[ints](), ints{"a": 1, "b": 6})),
		returns("JSONNumMultByFloat", numbers, command.JSONNumMultByFloat("k", "$.a", 1.5), amount("1.5")),
		returns("JSONStrAppend", mixed, command.JSONStrAppend("k", "$.text", "de"), length(5), left(command.JSONGet("k", "$.text"), `["abcde"]`)),
		returns("JSONStrLen", mixed, command.JSONStrLen("k", "$.text"), length(3)),
		returns("JSONStrLen: list", mixed, command.JSONStrLen("k", "$.list"), lengths(none[int64]())),
		returns("JSONToggle", mixed, command.JSONToggle("k", "$.yes"), []command.Null[bool]{some(false)}, left(command.JSONGet("k", "$.yes"), "[false]")),

		returns("JSONDebugHelp", "", command.Map(command.JSONDebugHelp(), func(lines []string) (bool, error) { return len(lines) > 0, nil }), true),
		returns("JSONDebugMemory", numbers, command.Map(command.JSONDebugMemory("k", "$"), func(sizes []int64) (bool, error) {
			return len(sizes) == 1 && sizes[0] > 0, nil
		}), true),
	}
}
