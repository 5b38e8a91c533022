package wire_test

import (
	"encoding/base64"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/internal/wire"
)

// marker stands for a user's value: no error may show it.
const marker = "s3cr3t"

func b64(s string) string { return `"` + base64.StdEncoding.EncodeToString([]byte(s)) + `"` }

// tree is a reply as a plain value, for comparison.
func tree(r command.Reply) any {
	switch r.Kind() {
	case command.KindText:
		text, _ := r.Text()
		return text
	case command.KindInt:
		n, _ := r.Int()
		return n
	case command.KindArray:
		items, _ := r.Array()
		list := make([]any, len(items))
		for i, item := range items {
			list[i] = tree(item)
		}
		return list
	case command.KindError:
		return failure(command.NewError(textOf(r)).Detail())
	default:
		return nil
	}
}

// failure is an error reply in a tree.
type failure string

func textOf(r command.Reply) string {
	if e, ok := r.Err().(*command.Error); ok { //nolint:errorlint // Err returns it unwrapped
		return e.Detail()
	}
	return ""
}

type shape struct {
	format wire.Format
	body   string
	want   any
}

var shapes = map[string]shape{
	"text":                   {wire.Base64, `{"result":` + b64("hello") + `}`, "hello"},
	"plain text":             {wire.Plain, `{"result":"hello"}`, "hello"},
	"empty text":             {wire.Base64, `{"result":""}`, ""},
	"status":                 {wire.Base64, `{"result":"OK"}`, "OK"},
	"the value OK":           {wire.Base64, `{"result":"T0s="}`, "OK"},
	"plain base64":           {wire.Plain, `{"result":"T0s="}`, "T0s="},
	"PONG is encoded":        {wire.Base64, `{"result":"UE9ORw=="}`, "PONG"},
	"all bytes":              {wire.Base64, `{"result":` + b64(allBytes()) + `}`, allBytes()},
	"escaped base64":         {wire.Base64, `{"result":"\u0061GVs\u0062G8="}`, "hello"},
	"escaped solidus":        {wire.Base64, `{"result":"\/\/\/\/"}`, "\xff\xff\xff"},
	"null":                   {wire.Base64, `{"result":null}`, nil},
	"zero":                   {wire.Base64, `{"result":0}`, int64(0)},
	"negative zero":          {wire.Base64, `{"result":-0}`, int64(0)},
	"2^53+1":                 {wire.Base64, `{"result":9007199254740993}`, int64(1)<<53 + 1},
	"largest":                {wire.Base64, `{"result":9223372036854775807}`, int64(math.MaxInt64)},
	"smallest":               {wire.Base64, `{"result":-9223372036854775808}`, int64(math.MinInt64)},
	"empty array":            {wire.Base64, `{"result":[]}`, []any{}},
	"array":                  {wire.Base64, `{"result":["YQ==",null,7,"OK",[]]}`, []any{"a", nil, int64(7), "OK", []any{}}},
	"nested":                 {wire.Base64, `{"result":[["OK",["YQ==",["OK","Yg=="]]]]}`, []any{[]any{"OK", []any{"a", []any{"OK", "b"}}}}},
	"error":                  {wire.Base64, `{"error":"WRONGTYPE x"}`, failure("WRONGTYPE x")},
	"error is not encoded":   {wire.Base64, `{"error":"T0s="}`, failure("T0s=")},
	"error in an array":      {wire.Base64, `{"result":["YQ==",{"error":"ERR no"}]}`, []any{"a", failure("ERR no")}},
	"error deep inside":      {wire.Base64, `{"result":[[[{"error":"ERR no"}]]]}`, []any{[]any{[]any{failure("ERR no")}}}},
	"error: null after":      {wire.Base64, `{"result":1,"error":null}`, int64(1)},
	"error: null before":     {wire.Base64, `{"error":null,"result":1}`, int64(1)},
	"result: null before":    {wire.Base64, `{"result":null,"error":"ERR no"}`, failure("ERR no")},
	"result: null after":     {wire.Base64, `{"error":"ERR no","result":null}`, failure("ERR no")},
	"unknown members":        {wire.Base64, `{"a":{"b":[1.5e-3,true,false,null,"x\"",-0.1,{}]},"result":1,"z":[[]]}`, int64(1)},
	"white space":            {wire.Base64, " \t\r\n{ \"result\" : [ 1 , \"OK\" ] } \n", []any{int64(1), "OK"}},
	"escaped name":           {wire.Base64, `{"\u0072esult":1}`, int64(1)},
	"escapes":                {wire.Plain, `{"result":"\"\\\/\b\f\n\r\t\u0000\u00e9\uD83D\uDE00"}`, "\"\\/\b\f\n\r\t\x00é😀"},
	"upper and lower hex":    {wire.Plain, `{"result":"\u00AB\u00ab"}`, "««"},
	"lone high surrogate":    {wire.Plain, `{"result":"a\ud800b"}`, "a\uFFFDb"},
	"lone low surrogate":     {wire.Plain, `{"result":"\udc00"}`, "\uFFFD"},
	"surrogates reversed":    {wire.Plain, `{"result":"\ude00\ud83d"}`, "\uFFFD\uFFFD"},
	"high, then a letter":    {wire.Plain, `{"result":"\ud800\u0041"}`, "\uFFFDA"},
	"high, high, low":        {wire.Plain, `{"result":"\ud83d\ud83d\ude00"}`, "\uFFFD😀"},
	"raw separators":         {wire.Plain, "{\"result\":\"\u2028\x7f\"}", "\u2028\x7f"},
	"text after escape":      {wire.Plain, `{"result":"a\nbc"}`, "a\nbc"},
	"many items are no nest": {wire.Base64, `{"result":[` + strings.Repeat("[],", 99) + `[]]}`, repeated(100)},
}

func allBytes() string {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	return string(all)
}

func repeated(n int) any {
	list := make([]any, n)
	for i := range list {
		list[i] = []any{}
	}
	return list
}

func TestSingle(t *testing.T) {
	t.Parallel()
	for name, test := range shapes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := wire.Single([]byte(test.body), test.format)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, tree(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestBatchReadsWhatSingleReads puts every shape into an array, alone and beside others.
func TestBatchReadsWhatSingleReads(t *testing.T) {
	t.Parallel()
	for name, test := range shapes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := `[{"result":1},` + test.body + `,{"error":"ERR x"}]`
			got, refused, err := wire.Batch([]byte(body), test.format, 3)
			if err != nil || !refused.IsNil() {
				t.Fatal(refused, err)
			}
			if diff := cmp.Diff([]any{int64(1), test.want, failure("ERR x")}, tree(command.ArrayReply(got...))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestDepth: cmp.Diff takes exponential time on what is nested this deep.
func TestDepth(t *testing.T) {
	t.Parallel()
	nested := func(depth int) string {
		return `{"result":` + strings.Repeat("[", depth) + strings.Repeat("]", depth) + `}`
	}
	reply, err := wire.Single([]byte(nested(wire.MaxDepth)), wire.Base64)
	for range wire.MaxDepth - 1 {
		items, arrayErr := reply.Array()
		if arrayErr != nil || len(items) != 1 {
			t.Fatal(items, arrayErr, err)
		}
		reply = items[0]
	}
	if items, err := reply.Array(); len(items) != 0 || err != nil {
		t.Error(items, err)
	}
	if _, _, err := wire.Batch([]byte("["+nested(wire.MaxDepth)+"]"), wire.Base64, 1); err != nil {
		t.Error(err)
	}
	if _, err := wire.Single([]byte(nested(wire.MaxDepth+1)), wire.Base64); err == nil {
		t.Error("deeper than MaxDepth was read")
	}
	if _, _, err := wire.Batch([]byte("["+nested(wire.MaxDepth+1)+"]"), wire.Base64, 1); err == nil {
		t.Error("deeper than MaxDepth was read in a batch")
	}
}

func TestBatchOfNone(t *testing.T) {
	t.Parallel()
	if got, refused, err := wire.Batch([]byte(" [ ] "), wire.Base64, 0); len(got) != 0 || !refused.IsNil() || err != nil {
		t.Errorf("got %v, %v, %v", got, refused, err)
	}
}

func TestBatchRefusedAsAWhole(t *testing.T) {
	t.Parallel()
	got, refused, err := wire.Batch([]byte(` {"error":"EXECABORT discarded"} `), wire.Base64, 2)
	if got != nil || err != nil {
		t.Fatal(got, err)
	}
	if diff := cmp.Diff(failure("EXECABORT discarded"), tree(refused)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestError(t *testing.T) {
	t.Parallel()
	type result struct {
		Text string
		OK   bool
	}
	for body, want := range map[string]result{
		`{"error":"ERR no"}`:             {"ERR no", true},
		` {"status":429,"error":"slow"}`: {"slow", true},
		`{"error":""}`:                   {"", true},
		`{"result":"OK"}`:                {},
		`{"result":null}`:                {},
		`{"error":null}`:                 {},
		`{"error":{"code":1}}`:           {},
		`{"error":"x"} trailing`:         {},
		`[{"error":"x"}]`:                {},
		`<html>`:                         {},
		``:                               {},
	} {
		text, ok := wire.Error([]byte(body))
		if diff := cmp.Diff(want, result{text, ok}); diff != "" {
			t.Errorf("%s (-want +got)\n%s", body, diff)
		}
	}
}
