package command_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func some[T any](v T) command.Null[T] { return command.Null[T]{V: v, Valid: true} }

func none[T any]() command.Null[T] { return command.Null[T]{} }

func TestJSONCommandsSend(t *testing.T) {
	t.Parallel()
	type user struct {
		Name string `json:"name"`
		Age  int64  `json:"age,omitempty"`
	}
	ada, raw := user{Name: "Ada"}, json.RawMessage(`{"b":1,"a":18446744073709551616}`)
	checkSent(t, []sent{
		{command.JSONDel("k", "$.a").Args(), "JSON.DEL k $.a", command.Once},
		{command.JSONDel("k", "").Args(), "JSON.DEL k", command.Idempotent},
		{command.JSONDel("k", "$").Args(), "JSON.DEL k $", command.Idempotent},
		{command.JSONDel("k", ".").Args(), "JSON.DEL k .", command.Idempotent},
		{command.JSONForget("k", "$.a").Args(), "JSON.FORGET k $.a", command.Once},
		{command.JSONForget("k", "").Args(), "JSON.FORGET k", command.Idempotent},
		{command.JSONClear("k", "").Args(), "JSON.CLEAR k", command.Idempotent},
		{command.JSONClear("k", "$..a").Args(), "JSON.CLEAR k $..a", command.Idempotent},
		{command.JSONGet("k").Args(), "JSON.GET k", command.ReadOnly},
		{command.JSONGet("k", "$.a", "$.b").Args(), "JSON.GET k $.a $.b", command.ReadOnly},
		{command.JSONGetWith("k", command.JSONGetOptions{Indent: "--", Newline: "|", Space: "_"}, "$").Args(),
			"JSON.GET k INDENT -- NEWLINE | SPACE _ $", command.ReadOnly},
		{command.JSONMerge("k", "$", ada).Args(), `JSON.MERGE k $ {"name":"Ada"}`, command.Idempotent},
		{command.JSONMerge("k", "$..a", nil).Args(), `JSON.MERGE k $..a null`, command.Once},
		{command.JSONMGet("$.a", "k", "l").Args(), "JSON.MGET k l $.a", command.ReadOnly},
		{command.JSONMSet(command.JSONEntry{Key: "k", Path: "$", Value: ada}, command.JSONEntry{Key: "l", Path: "$.a", Value: true}).Args(),
			`JSON.MSET k $ {"name":"Ada"} l $.a true`, command.Idempotent},
		{command.JSONMSet(command.JSONEntry{Key: "k", Path: "$.a[0]", Value: 1}).Args(), `JSON.MSET k $.a[0] 1`, command.Once},
		{command.JSONResp("k", "$").Args(), "JSON.RESP k $", command.ReadOnly},
		{command.JSONResp("k", "").Args(), "JSON.RESP k", command.ReadOnly},
		{command.JSONSet("k", "$", ada).Args(), `JSON.SET k $ {"name":"Ada"}`, command.Idempotent},
		{command.JSONSet("k", "$", raw).Args(), `JSON.SET k $ {"b":1,"a":18446744073709551616}`, command.Idempotent},
		{command.JSONSet("k", "$.a", "<v&>").Args(), `JSON.SET k $.a "<v&>"`, command.Idempotent},
		{command.JSONSet("k", "$.a", "\uFFFD").Args(), "JSON.SET k $.a \"\uFFFD\"", command.Idempotent},
		{command.JSONSet("k", "$.a", `\ufffd`).Args(), `JSON.SET k $.a "\\ufffd"`, command.Idempotent},
		{command.JSONSet("k", "$.a", json.RawMessage(`"\ufffd"`)).Args(), `JSON.SET k $.a "\ufffd"`, command.Idempotent},
		{command.JSONSet("k", "$.a", int64(math.MaxInt64)).Args(), `JSON.SET k $.a 9223372036854775807`, command.Idempotent},
		{command.JSONSet("k", "$.a", []byte("hi")).Args(), `JSON.SET k $.a "aGk="`, command.Idempotent},
		{command.JSONSet("k", "$..a", 1).Args(), `JSON.SET k $..a 1`, command.Once},
		{command.JSONSet("k", "$.a[9]", 1).Args(), `JSON.SET k $.a[9] 1`, command.Once},
		{command.JSONSetWith("k", "$.a", 1, command.JSONSetOptions{}).Args(), `JSON.SET k $.a 1`, command.Idempotent},
		{command.JSONSetWith("k", "$.a", 1, command.JSONSetOptions{If: command.Absent}).Args(), `JSON.SET k $.a 1 NX`, command.Once},
		{command.JSONSetWith("k", "$.a", 1, command.JSONSetOptions{If: command.Present}).Args(), `JSON.SET k $.a 1 XX`, command.Idempotent},
		{command.JSONSetWith("k", "$..a", 1, command.JSONSetOptions{If: command.Present}).Args(), `JSON.SET k $..a 1 XX`, command.Once},
		{command.JSONType("k", "$").Args(), "JSON.TYPE k $", command.ReadOnly},
		{command.JSONType("k", "").Args(), "JSON.TYPE k", command.ReadOnly},
		{command.JSONArrAppend("k", "$.a", "x", 1, nil).Args(), `JSON.ARRAPPEND k $.a "x" 1 null`, command.Once},
		{command.JSONArrIndex("k", "$.a", "x").Args(), `JSON.ARRINDEX k $.a "x"`, command.ReadOnly},
		{command.JSONArrIndexWith("k", "$.a", 1, command.JSONArrIndexOptions{Start: 2}).Args(), `JSON.ARRINDEX k $.a 1 2`, command.ReadOnly},
		{command.JSONArrIndexWith("k", "$.a", 1, command.JSONArrIndexOptions{Stop: -1}).Args(), `JSON.ARRINDEX k $.a 1 0 -1`, command.ReadOnly},
		{command.JSONArrInsert("k", "$.a", -1, "x", []int{1}).Args(), `JSON.ARRINSERT k $.a -1 "x" [1]`, command.Once},
		{command.JSONArrLen("k", "$.a").Args(), "JSON.ARRLEN k $.a", command.ReadOnly},
		{command.JSONArrLen("k", "").Args(), "JSON.ARRLEN k", command.ReadOnly},
		{command.JSONArrPop("k", "").Args(), "JSON.ARRPOP k", command.Once},
		{command.JSONArrPop("k", "$.a").Args(), "JSON.ARRPOP k $.a", command.Once},
		{command.JSONArrPopAt("k", "$.a", 0).Args(), "JSON.ARRPOP k $.a 0", command.Once},
		{command.JSONArrTrim("k", "$.a", 1, -1).Args(), "JSON.ARRTRIM k $.a 1 -1", command.Once},
		{command.JSONObjKeys("k", "$").Args(), "JSON.OBJKEYS k $", command.ReadOnly},
		{command.JSONObjKeys("k", "").Args(), "JSON.OBJKEYS k", command.ReadOnly},
		{command.JSONObjLen("k", "$").Args(), "JSON.OBJLEN k $", command.ReadOnly},
		{command.JSONNumIncrBy("k", "$.n", math.MinInt64).Args(), "JSON.NUMINCRBY k $.n -9223372036854775808", command.Once},
		{command.JSONNumIncrByFloat("k", "$.n", 0.5).Args(), "JSON.NUMINCRBY k $.n 0.5", command.Once},
		{command.JSONNumMultBy("k", "$.n", 3).Args(), "JSON.NUMMULTBY k $.n 3", command.Once},
		{command.JSONNumMultByFloat("k", "$.n", 1e30).Args(), "JSON.NUMMULTBY k $.n 1e+30", command.Once},
		{command.JSONStrAppend("k", "$.s", `"x`).Args(), `JSON.STRAPPEND k $.s "\"x"`, command.Once},
		{command.JSONStrLen("k", "$.s").Args(), "JSON.STRLEN k $.s", command.ReadOnly},
		{command.JSONToggle("k", "$.b").Args(), "JSON.TOGGLE k $.b", command.Once},
		{command.JSONDebugHelp().Args(), "JSON.DEBUG HELP", command.ReadOnly},
		{command.JSONDebugMemory("k", "$.a").Args(), "JSON.DEBUG MEMORY k $.a", command.ReadOnly},
		{command.JSONDebugMemory("k", "").Args(), "JSON.DEBUG MEMORY k", command.ReadOnly},
	})
}

func TestJSONCommandsRefuse(t *testing.T) {
	t.Parallel()
	entry := func(path string, value any) command.JSONEntry {
		return command.JSONEntry{Key: "k", Path: path, Value: value}
	}
	type pair struct{ A, B any }
	checkRefused(t, []refused{
		{"no path", command.JSONSet("k", "", 1).Err(), "needs a path"},
		{"path that reads as an option", command.JSONGet("k", "$.a", "space").Err(), "reads as an option"},
		{"empty path among others", command.JSONGet("k", "$.a", "").Err(), "a path is empty"},
		{"merge without a path", command.JSONMerge("k", "", 1).Err(), "needs a path"},
		{"no path for many", command.JSONMGet("", "k").Err(), "needs a path"},
		{"no keys", command.JSONMGet("$").Err(), "at least one key"},
		{"no entries", command.JSONMSet().Err(), "at least one entry"},
		{"entry without a path", command.JSONMSet(entry("$", 1), entry("", 1)).Err(), "needs a path"},
		{"entry without JSON", command.JSONMSet(entry("$", 1), entry("$", math.NaN())).Err(), "float64 does not marshal to JSON"},
		{"function", command.JSONSet("k", "$", func() {}).Err(), "func() does not marshal to JSON"},
		{"broken raw JSON", command.JSONSet("k", "$", json.RawMessage(`{"a"`)).Err(), "json.RawMessage does not marshal to JSON"},
		{"bytes in a string", command.JSONSet("k", "$", "a\xffb").Err(), "not valid UTF-8"},
		{"bytes deep inside", command.JSONSet("k", "$", pair{`\`, map[string]any{"\xc3": 1}}).Err(), "not valid UTF-8"},
		{"bytes in raw JSON", command.JSONSet("k", "$", json.RawMessage("\"\xff\"")).Err(), "not valid UTF-8"},
		{"bytes to append", command.JSONStrAppend("k", "$", "\xff").Err(), "not valid UTF-8"},
		{"condition with a value", command.JSONSetWith("k", "$", 1, command.JSONSetOptions{If: command.Equals([]byte("x"))}).Err(), "Absent or Present"},
		{"nothing to append", command.JSONArrAppend("k", "$").Err(), "at least one value"},
		{"nothing to insert", command.JSONArrInsert("k", "$", 0).Err(), "at least one value"},
		{"append without a path", command.JSONArrAppend("k", "", 1).Err(), "needs a path"},
		{"pop at a place of nothing", command.JSONArrPopAt("k", "", 1).Err(), "needs a path"},
		{"trim of nothing", command.JSONArrTrim("k", "", 0, 1).Err(), "needs a path"},
		{"search in nothing", command.JSONArrIndex("k", "", 1).Err(), "needs a path"},
		{"add NaN", command.JSONNumIncrByFloat("k", "$", math.NaN()).Err(), "no JSON numbers"},
		{"multiply by infinity", command.JSONNumMultByFloat("k", "$", math.Inf(-1)).Err(), "no JSON numbers"},
		{"add nowhere", command.JSONNumIncrBy("k", "", 1).Err(), "needs a path"},
		{"toggle nowhere", command.JSONToggle("k", "").Err(), "needs a path"},
	})
}

func TestJSONCommandsDecode(t *testing.T) {
	t.Parallel()
	checkReply(t, command.JSONDel("k", "$.a"), number(2), int64(2))
	checkReply(t, command.JSONForget("k", "$.a"), number(0), int64(0))
	checkReply(t, command.JSONClear("k", "$"), number(1), int64(1))
	checkReply(t, command.JSONGet("k"), text(`{"a":1}`), `{"a":1}`)
	checkReply(t, command.JSONGet("k"), command.Reply{}, command.ErrNil)
	checkReply(t, command.JSON[[]int64](command.JSONGet("k", "$.a")), text(`[9007199254740993]`), []int64{9007199254740993})
	checkReply(t, command.JSON[[]int64](command.JSONGet("k", "$.a")), command.Reply{}, command.ErrNil)
	checkReply(t, command.JSONMGet("$.a", "k", "l"), list("[1]", nil), []command.Null[string]{some("[1]"), none[string]()})
	for _, c := range []command.Cmd[command.OK]{
		command.JSONSet("k", "$", 1), command.JSONMerge("k", "$", 1), command.JSONMSet(command.JSONEntry{Key: "k", Path: "$"}),
	} {
		checkReply(t, c, text("OK"), command.OK{})
		checkReply(t, c, command.Reply{}, command.ErrNil)
	}
	checkReply(t, command.JSONSetWith("k", "$", 1, command.JSONSetOptions{}), text("OK"), true)
	checkReply(t, command.JSONSetWith("k", "$", 1, command.JSONSetOptions{}), command.Reply{}, false)
	resp, err := command.JSONResp("k", "$").Decode(list("{", "a", 1, "b", list("[", "true")))
	if err != nil || resp.String() != "array of 5" {
		t.Errorf("JSONResp = %v, %v", resp, err)
	}
	checkReply(t, command.JSONDebugHelp(), list("MEMORY <key>"), []string{"MEMORY <key>"})
	checkReply(t, command.JSONDebugMemory("k", "$.*"), list(8, 24), []int64{8, 24})
	checkReply(t, command.JSONDebugMemory("k", ""), number(8), []int64{8})
	checkReply(t, command.JSONDebugMemory("k", ""), command.Reply{}, command.ErrNil)
}

// TestJSONMatches checks the replies that have one item for each match, and those
// to legacy paths, which have none around it.
func TestJSONMatches(t *testing.T) {
	t.Parallel()
	for _, c := range []command.Cmd[[]command.Null[int64]]{
		command.JSONArrAppend("k", "$", 1), command.JSONArrIndex("k", "$", 1), command.JSONArrInsert("k", "$", 0, 1),
		command.JSONArrLen("k", "$"), command.JSONArrTrim("k", "$", 0, 1), command.JSONObjLen("k", "$"),
		command.JSONStrAppend("k", "$", "x"), command.JSONStrLen("k", "$"),
	} {
		checkReply(t, c, list(3, nil, -1), []command.Null[int64]{some[int64](3), none[int64](), some[int64](-1)})
		checkReply(t, c, list(), []command.Null[int64]{})
		checkReply(t, c, number(3), []command.Null[int64]{some[int64](3)})
		checkReply(t, c, command.Reply{}, command.ErrNil)
	}
	for _, c := range []command.Cmd[[]command.Null[string]]{
		command.JSONArrPop("k", "$"), command.JSONArrPopAt("k", "$", 0), command.JSONType("k", "$"),
	} {
		checkReply(t, c, list(`"x"`, nil), []command.Null[string]{some(`"x"`), none[string]()})
		checkReply(t, c, text("object"), []command.Null[string]{some("object")})
		checkReply(t, c, command.Reply{}, command.ErrNil)
	}
	toggle := command.JSONToggle("k", "$")
	checkReply(t, toggle, list(1, 0, nil), []command.Null[bool]{some(true), some(false), none[bool]()})
	checkReply(t, toggle, text("true"), []command.Null[bool]{some(true)})
	checkReply(t, toggle, text("false"), []command.Null[bool]{some(false)})
	names := command.JSONObjKeys("k", "$")
	checkReply(t, names, list(list("a", "b"), nil, list()),
		[]command.Null[[]string]{some([]string{"a", "b"}), none[[]string](), some([]string{})})
	checkReply(t, names, list("a", "b"), []command.Null[[]string]{some([]string{"a", "b"})})
	checkReply(t, names, command.Reply{}, command.ErrNil)
}

func TestJSONNumbersKeepTheirDigits(t *testing.T) {
	t.Parallel()
	for _, c := range []command.Cmd[[]command.Null[command.JSONNumber]]{
		command.JSONNumIncrBy("k", "$", 1), command.JSONNumIncrByFloat("k", "$", 1),
		command.JSONNumMultBy("k", "$", 1), command.JSONNumMultByFloat("k", "$", 1),
	} {
		checkReply(t, c, text("[9007199254740993,null,1.50]"), []command.Null[command.JSONNumber]{
			some[command.JSONNumber]("9007199254740993"), none[command.JSONNumber](), some[command.JSONNumber]("1.50"),
		})
		checkReply(t, c, text("[]"), []command.Null[command.JSONNumber]{})
		checkReply(t, c, text("-1e-7"), []command.Null[command.JSONNumber]{some[command.JSONNumber]("-1e-7")})
		checkReply(t, c, text("null"), []command.Null[command.JSONNumber]{none[command.JSONNumber]()})
		checkReply(t, c, command.Reply{}, command.ErrNil)
	}
	got, err := command.JSONNumIncrBy("k", "$", 1).Decode(text("[9007199254740993]"))
	if n, _ := got[0].V.Int64(); err != nil || n != 9007199254740993 {
		t.Errorf("%d, %v", n, err)
	}
}

// TestJSONMismatch gives every shape of reply that is not expected.
func TestJSONMismatch(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{
		"text for a length":       second(command.JSONArrLen("k", "$").Decode(text(marker))),
		"text in lengths":         second(command.JSONArrLen("k", "$").Decode(list(1, marker))),
		"list for a type":         second(command.JSONType("k", "$").Decode(list(list("a")))),
		"word for a boolean":      second(command.JSONToggle("k", "$").Decode(list(marker))),
		"2 for a boolean":         second(command.JSONToggle("k", "$").Decode(list(2))),
		"text for names":          second(command.JSONObjKeys("k", "$").Decode(text(marker))),
		"names and nil":           second(command.JSONObjKeys("k", "$").Decode(list("a", nil))),
		"text for a size":         second(command.JSONDebugMemory("k", "$").Decode(text(marker))),
		"nil among sizes":         second(command.JSONDebugMemory("k", "$").Decode(list(1, nil))),
		"no JSON for numbers":     second(command.JSONNumIncrBy("k", "$", 1).Decode(text(marker))),
		"object for numbers":      second(command.JSONNumIncrBy("k", "$", 1).Decode(text(`{"a":"` + marker + `"}`))),
		"text among numbers":      second(command.JSONNumIncrBy("k", "$", 1).Decode(text(`["` + marker + `"]`))),
		"list for numbers":        second(command.JSONNumIncrBy("k", "$", 1).Decode(list(1))),
		"status that is not OK":   second(command.JSONSet("k", "$", 1).Decode(text(marker))),
		"document of another":     second(command.JSON[[]int](command.JSONGet("k")).Decode(text(`"` + marker + `"`))),
		"integer for a document":  second(command.JSONGet("k").Decode(number(1))),
		"text for popped numbers": second(command.JSONArrPop("k", "$").Decode(number(1))),
	} {
		if _, ok := errors.AsType[*command.DecodeError](err); !ok {
			t.Errorf("%s: error = %v, want a DecodeError", name, err)
			continue
		}
		if strings.Contains(err.Error(), marker) {
			t.Errorf("%s: the error shows the reply: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// TestJSONValuesAreNotShown looks for values in refusals.
func TestJSONValuesAreNotShown(t *testing.T) {
	t.Parallel()
	type odd struct {
		A string
		B chan int
	}
	for _, err := range []error{
		command.JSONSet(marker, "$."+marker, odd{A: marker}).Err(),
		command.JSONSet(marker, "$", marker+"\xff").Err(),
		command.JSONSet(marker, "$", json.RawMessage(marker)).Err(),
		command.JSONGet(marker, marker, "").Err(),
	} {
		if err == nil || strings.Contains(err.Error(), marker) {
			t.Errorf("the refusal is %v", err)
		}
	}
}

// TestJSONTextOfGoTypes checks that what goes out is what encoding/json means.
func TestJSONTextOfGoTypes(t *testing.T) {
	t.Parallel()
	at := time.Date(2037, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, v := range []any{nil, "", "é\u2028\x00", 0.1, 1e21, at, []any{}, map[string]any{"b": 1, "a": nil}, json.Number("12345678901234567890")} {
		got := command.JSONSet("k", "$", v).Args().At(3)
		want, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var fromGot, fromWant any
		if err := errors.Join(json.Unmarshal([]byte(got), &fromGot), json.Unmarshal(want, &fromWant)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(fromWant, fromGot); diff != "" || strings.HasSuffix(got, "\n") {
			t.Errorf("%q (-want +got):\n%s", got, diff)
		}
	}
}
