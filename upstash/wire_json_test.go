package upstash_test

import (
	"context"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

type (
	wireContext = context.Context
	wireClient  = *upstash.Client
)

func valid[T any](v T) command.Null[T] { return command.Null[T]{V: v, Valid: true} }

// TestJSONOnTheWire makes every call for JSON documents as the service documents it.
func TestJSONOnTheWire(t *testing.T) {
	t.Parallel()
	type (
		ints   = []command.Null[int64]
		texts  = []command.Null[string]
		amount = []command.Null[command.JSONNumber]
	)
	profile := map[string]string{"name": "Ada"}
	checkDocumented(t, "JSON", []documented{
		succeeds("JSONSet", func(ctx wireContext, rdb wireClient) error { return rdb.JSONSet(ctx, "profile", "$", profile) },
			`"OK"`, nil, "JSON.SET", "profile", "$", `{"name":"Ada"}`),
		succeeds("JSONSet", func(ctx wireContext, rdb wireClient) error { return rdb.JSONSet(ctx, "profile", "$.a.b", 1) },
			`null`, upstash.ErrNil, "JSON.SET", "profile", "$.a.b", "1"),
		says("JSONSetWith", func(ctx wireContext, rdb wireClient) (bool, error) {
			return rdb.JSONSetWith(ctx, "profile", "$.name", "Ada", command.JSONSetOptions{If: command.Absent})
		}, `null`, false, "JSON.SET", "profile", "$.name", `"Ada"`, "NX"),
		says("JSONSetWith", func(ctx wireContext, rdb wireClient) (bool, error) {
			return rdb.JSONSetWith(ctx, "profile", "$.name", "Ada", command.JSONSetOptions{If: command.Present})
		}, `"OK"`, true, "JSON.SET", "profile", "$.name", `"Ada"`, "XX"),
		says("JSONGet", func(ctx wireContext, rdb wireClient) (string, error) { return rdb.JSONGet(ctx, "profile", "$.name") },
			`"[\"Ada\"]"`, `["Ada"]`, "JSON.GET", "profile", "$.name"),
		says("JSONGet", func(ctx wireContext, rdb wireClient) (string, error) { return rdb.JSONGet(ctx, "profile") },
			`null`, upstash.ErrNil, "JSON.GET", "profile"),
		says("JSONGet", func(ctx wireContext, rdb wireClient) ([]int64, error) {
			return upstash.Exec(ctx, rdb, command.JSON[[]int64](command.JSONGet("profile", "$.id")))
		}, `"[9007199254740993]"`, []int64{9007199254740993}, "JSON.GET", "profile", "$.id"),
		says("JSONGetWith", func(ctx wireContext, rdb wireClient) (string, error) {
			return rdb.JSONGetWith(ctx, "profile", command.JSONGetOptions{Indent: "\t", Newline: "\n", Space: " "}, "$.name")
		}, `"[\n\t\"Ada\"\n]"`, "[\n\t\"Ada\"\n]", "JSON.GET", "profile", "INDENT", "\t", "NEWLINE", "\n", "SPACE", " ", "$.name"),
		says("JSONMGet", func(ctx wireContext, rdb wireClient) (texts, error) {
			return rdb.JSONMGet(ctx, "$.name", "profile:1", "profile:2")
		}, `["[\"Ada\"]", null]`, texts{valid(`["Ada"]`), {}}, "JSON.MGET", "profile:1", "profile:2", "$.name"),
		succeeds("JSONMSet", func(ctx wireContext, rdb wireClient) error {
			return rdb.JSONMSet(ctx, command.JSONEntry{Key: "profile:1", Path: "$", Value: profile}, command.JSONEntry{Key: "profile:2", Path: "$.a", Value: nil})
		}, `"OK"`, nil, "JSON.MSET", "profile:1", "$", `{"name":"Ada"}`, "profile:2", "$.a", "null"),
		succeeds("JSONMerge", func(ctx wireContext, rdb wireClient) error {
			return rdb.JSONMerge(ctx, "profile", "$", map[string]any{"active": true, "old": nil})
		}, `"OK"`, nil, "JSON.MERGE", "profile", "$", `{"active":true,"old":null}`),
		says("JSONDel", func(ctx wireContext, rdb wireClient) (int64, error) {
			return rdb.JSONDel(ctx, "profile", "$.temporary")
		},
			`1`, int64(1), "JSON.DEL", "profile", "$.temporary"),
		says("JSONForget", func(ctx wireContext, rdb wireClient) (int64, error) { return rdb.JSONForget(ctx, "profile", "") },
			`1`, int64(1), "JSON.FORGET", "profile"),
		says("JSONClear", func(ctx wireContext, rdb wireClient) (int64, error) { return rdb.JSONClear(ctx, "profile", "$.stats") },
			`2`, int64(2), "JSON.CLEAR", "profile", "$.stats"),
		says("JSONType", func(ctx wireContext, rdb wireClient) (texts, error) { return rdb.JSONType(ctx, "profile", "$..name") },
			`["string", "object"]`, texts{valid("string"), valid("object")}, "JSON.TYPE", "profile", "$..name"),
		says("JSONType", func(ctx wireContext, rdb wireClient) (texts, error) { return rdb.JSONType(ctx, "profile", "") },
			`"object"`, texts{valid("object")}, "JSON.TYPE", "profile"),
		says("JSONResp", func(ctx wireContext, rdb wireClient) (string, error) {
			r, err := rdb.JSONResp(ctx, "profile", "")
			return r.String(), err
		}, `["{", "name", "Ada", "active", "true"]`, "array of 5", "JSON.RESP", "profile"),

		says("JSONArrAppend", func(ctx wireContext, rdb wireClient) (ints, error) {
			return rdb.JSONArrAppend(ctx, "profile", "$..tags", "new", []int{1})
		}, `[3, null]`, ints{valid[int64](3), {}}, "JSON.ARRAPPEND", "profile", "$..tags", `"new"`, "[1]"),
		says("JSONArrIndex", func(ctx wireContext, rdb wireClient) (ints, error) {
			return rdb.JSONArrIndex(ctx, "profile", "$.tags", "new")
		},
			`[-1]`, ints{valid[int64](-1)}, "JSON.ARRINDEX", "profile", "$.tags", `"new"`),
		says("JSONArrIndexWith", func(ctx wireContext, rdb wireClient) (ints, error) {
			return rdb.JSONArrIndexWith(ctx, "profile", "$.tags", "new", command.JSONArrIndexOptions{Start: 1, Stop: -1})
		}, `[1]`, ints{valid[int64](1)}, "JSON.ARRINDEX", "profile", "$.tags", `"new"`, "1", "-1"),
		says("JSONArrInsert", func(ctx wireContext, rdb wireClient) (ints, error) {
			return rdb.JSONArrInsert(ctx, "profile", "$.tags", 0, "new")
		}, `[4]`, ints{valid[int64](4)}, "JSON.ARRINSERT", "profile", "$.tags", "0", `"new"`),
		says("JSONArrLen", func(ctx wireContext, rdb wireClient) (ints, error) { return rdb.JSONArrLen(ctx, "profile", "$.tags") },
			`[4]`, ints{valid[int64](4)}, "JSON.ARRLEN", "profile", "$.tags"),
		says("JSONArrPop", func(ctx wireContext, rdb wireClient) (texts, error) { return rdb.JSONArrPop(ctx, "profile", "$.tags") },
			`["\"new\"", null]`, texts{valid(`"new"`), {}}, "JSON.ARRPOP", "profile", "$.tags"),
		says("JSONArrPopAt", func(ctx wireContext, rdb wireClient) (texts, error) {
			return rdb.JSONArrPopAt(ctx, "profile", "$.tags", -1)
		},
			`["\"new\""]`, texts{valid(`"new"`)}, "JSON.ARRPOP", "profile", "$.tags", "-1"),
		says("JSONArrTrim", func(ctx wireContext, rdb wireClient) (ints, error) {
			return rdb.JSONArrTrim(ctx, "profile", "$.tags", 0, 1)
		},
			`[2]`, ints{valid[int64](2)}, "JSON.ARRTRIM", "profile", "$.tags", "0", "1"),
		says("JSONObjKeys", func(ctx wireContext, rdb wireClient) ([]command.Null[[]string], error) {
			return rdb.JSONObjKeys(ctx, "profile", "$..stats")
		}, `[["a", "b"], null]`, []command.Null[[]string]{valid([]string{"a", "b"}), {}}, "JSON.OBJKEYS", "profile", "$..stats"),
		says("JSONObjLen", func(ctx wireContext, rdb wireClient) (ints, error) { return rdb.JSONObjLen(ctx, "profile", "") },
			`3`, ints{valid[int64](3)}, "JSON.OBJLEN", "profile"),
		says("JSONNumIncrBy", func(ctx wireContext, rdb wireClient) (amount, error) {
			return rdb.JSONNumIncrBy(ctx, "profile", "$..n", 1)
		},
			`"[9007199254740993,null]"`, amount{valid[command.JSONNumber]("9007199254740993"), {}}, "JSON.NUMINCRBY", "profile", "$..n", "1"),
		says("JSONNumIncrByFloat", func(ctx wireContext, rdb wireClient) (amount, error) {
			return rdb.JSONNumIncrByFloat(ctx, "profile", ".n", 0.25)
		}, `"1.25"`, amount{valid[command.JSONNumber]("1.25")}, "JSON.NUMINCRBY", "profile", ".n", "0.25"),
		says("JSONNumMultBy", func(ctx wireContext, rdb wireClient) (amount, error) {
			return rdb.JSONNumMultBy(ctx, "profile", "$.n", 2)
		},
			`"[6]"`, amount{valid[command.JSONNumber]("6")}, "JSON.NUMMULTBY", "profile", "$.n", "2"),
		says("JSONNumMultByFloat", func(ctx wireContext, rdb wireClient) (amount, error) {
			return rdb.JSONNumMultByFloat(ctx, "profile", "$.n", 0.5)
		}, `"[1.5]"`, amount{valid[command.JSONNumber]("1.5")}, "JSON.NUMMULTBY", "profile", "$.n", "0.5"),
		says("JSONStrAppend", func(ctx wireContext, rdb wireClient) (ints, error) {
			return rdb.JSONStrAppend(ctx, "profile", "$.name", " Lovelace")
		}, `[12]`, ints{valid[int64](12)}, "JSON.STRAPPEND", "profile", "$.name", `" Lovelace"`),
		says("JSONStrLen", func(ctx wireContext, rdb wireClient) (ints, error) { return rdb.JSONStrLen(ctx, "profile", ".name") },
			`null`, upstash.ErrNil, "JSON.STRLEN", "profile", ".name"),
		says("JSONToggle", func(ctx wireContext, rdb wireClient) ([]command.Null[bool], error) {
			return rdb.JSONToggle(ctx, "profile", "$..active")
		}, `[1, 0, null]`, []command.Null[bool]{valid(true), valid(false), {}}, "JSON.TOGGLE", "profile", "$..active"),
		says("JSONDebugHelp", func(ctx wireContext, rdb wireClient) ([]string, error) { return rdb.JSONDebugHelp(ctx) },
			`["MEMORY <key> [path]"]`, []string{"MEMORY <key> [path]"}, "JSON.DEBUG", "HELP"),
		says("JSONDebugMemory", func(ctx wireContext, rdb wireClient) ([]int64, error) {
			return rdb.JSONDebugMemory(ctx, "profile", "$.stats")
		},
			`[24]`, []int64{24}, "JSON.DEBUG", "MEMORY", "profile", "$.stats"),
	})
}
