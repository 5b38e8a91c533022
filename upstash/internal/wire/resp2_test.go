package wire_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/internal/wire"
)

type respShape struct {
	body string
	want any
}

var respShapes = map[string]respShape{
	"status":               {"+OK\r\n", "OK"},
	"empty status":         {"+\r\n", ""},
	"string":               {"$5\r\nhello\r\n", "hello"},
	"empty string":         {"$0\r\n\r\n", ""},
	"line breaks inside":   {"$6\r\n\r\na\r\n\r\r\n", "\r\na\r\n\r"},
	"all bytes":            {"$256\r\n" + allBytes() + "\r\n", allBytes()},
	"the value OK":         {"$2\r\nOK\r\n", "OK"},
	"base64 is left alone": {"$4\r\nT0s=\r\n", "T0s="},
	"no string":            {"$-1\r\n", nil},
	"no array":             {"*-1\r\n", nil},
	"zero":                 {":0\r\n", int64(0)},
	"negative zero":        {":-0\r\n", int64(0)},
	"plus":                 {":+7\r\n", int64(7)},
	"leading zeros":        {":007\r\n", int64(7)},
	"2^53+1":               {":9007199254740993\r\n", int64(1)<<53 + 1},
	"largest":              {":9223372036854775807\r\n", int64(math.MaxInt64)},
	"smallest":             {":-9223372036854775808\r\n", int64(math.MinInt64)},
	"empty array":          {"*0\r\n", []any{}},
	"array":                {"*5\r\n$1\r\na\r\n$-1\r\n:7\r\n+OK\r\n*0\r\n", []any{"a", nil, int64(7), "OK", []any{}}},
	"nested":               {"*1\r\n*2\r\n+OK\r\n*2\r\n$1\r\na\r\n*-1\r\n", []any{[]any{"OK", []any{"a", nil}}}},
	"error":                {"-WRONGTYPE x\r\n", failure("WRONGTYPE x")},
	"error without text":   {"-\r\n", failure("")},
	"error in an array":    {"*2\r\n$1\r\na\r\n-ERR no\r\n", []any{"a", failure("ERR no")}},
	"error deep inside":    {"*1\r\n*1\r\n*1\r\n-ERR no\r\n", []any{[]any{[]any{failure("ERR no")}}}},
	"many items":           {"*100\r\n" + strings.Repeat("*0\r\n", 100), repeated(100)},
}

func TestSingleRESP2(t *testing.T) {
	t.Parallel()
	for name, test := range respShapes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := wire.Single([]byte(test.body), wire.RESP2)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, tree(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestBatchRESP2 puts every shape between others, with an array around all and without.
func TestBatchRESP2(t *testing.T) {
	t.Parallel()
	for name, test := range respShapes {
		for form, body := range map[string]string{
			"array":       "*4\r\n" + test.body + ":1\r\n" + test.body + "-ERR x\r\n",
			"one by one":  test.body + ":1\r\n" + test.body + "-ERR x\r\n",
			"error first": "-ERR x\r\n" + test.body + ":1\r\n" + test.body,
		} {
			t.Run(name+"/"+form, func(t *testing.T) {
				t.Parallel()
				got, refused, err := wire.Batch([]byte(body), wire.RESP2, 4)
				if err != nil || !refused.IsNil() {
					t.Fatal(refused, err)
				}
				want := []any{test.want, int64(1), test.want, failure("ERR x")}
				if form == "error first" {
					want = []any{failure("ERR x"), test.want, int64(1), test.want}
				}
				if diff := cmp.Diff(want, tree(command.ArrayReply(got...))); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
			})
		}
	}
}

// The first reply may itself be an array of as many items as there are commands.
func TestBatchRESP2TellsTheFormsApart(t *testing.T) {
	t.Parallel()
	const pair = "*2\r\n$1\r\na\r\n$1\r\nb\r\n"
	ab := []any{"a", "b"}
	for body, want := range map[string][]any{
		pair:                   ab,
		"*2\r\n" + pair + pair: {ab, ab},
		pair + pair:            {ab, ab},
		pair + ":1\r\n":        {ab, int64(1)},
		"*0\r\n*0\r\n":         {[]any{}, []any{}},
		"*2\r\n*0\r\n*-1\r\n":  {[]any{}, nil},
		"*-1\r\n*-1\r\n":       {nil, nil},
		"-ERR x\r\n-ERR x\r\n": {failure("ERR x"), failure("ERR x")},
	} {
		got, refused, err := wire.Batch([]byte(body), wire.RESP2, 2)
		if err != nil || !refused.IsNil() {
			t.Errorf("%q: %v, %v", body, refused, err)
		}
		if diff := cmp.Diff(any(want), tree(command.ArrayReply(got...))); diff != "" {
			t.Errorf("%q (-want +got)\n%s", body, diff)
		}
	}
}

func TestBatchRESP2OfNone(t *testing.T) {
	t.Parallel()
	if got, refused, err := wire.Batch([]byte("*0\r\n"), wire.RESP2, 0); len(got) != 0 || !refused.IsNil() || err != nil {
		t.Errorf("got %v, %v, %v", got, refused, err)
	}
}

func TestBatchRESP2RefusedAsAWhole(t *testing.T) {
	t.Parallel()
	got, refused, err := wire.Batch([]byte("-ERR empty pipeline request\r\n"), wire.RESP2, 2)
	if got != nil || err != nil {
		t.Fatal(got, err)
	}
	if diff := cmp.Diff(failure("ERR empty pipeline request"), tree(refused)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestDepthRESP2(t *testing.T) {
	t.Parallel()
	nested := func(depth int) string { return strings.Repeat("*1\r\n", depth) + ":1\r\n" }
	reply, err := wire.Single([]byte(nested(wire.MaxDepth)), wire.RESP2)
	if err != nil {
		t.Fatal(err)
	}
	for range wire.MaxDepth {
		items, err := reply.Array()
		if len(items) != 1 || err != nil {
			t.Fatal(items, err)
		}
		reply = items[0]
	}
	if n, err := reply.Int(); n != 1 || err != nil {
		t.Error(n, err)
	}
	if _, err := wire.Single([]byte(nested(wire.MaxDepth+1)), wire.RESP2); err == nil {
		t.Error("deeper than MaxDepth was read")
	}
	if _, _, err := wire.Batch([]byte("*1\r\n"+nested(wire.MaxDepth)), wire.RESP2, 1); err != nil {
		t.Error(err)
	}
	if _, _, err := wire.Batch([]byte("*1\r\n"+nested(wire.MaxDepth+1)), wire.RESP2, 1); err == nil {
		t.Error("deeper than MaxDepth was read in a batch")
	}
	siblings := "*99\r\n" + strings.Repeat("*1\r\n*0\r\n", 99)
	if _, err := wire.Single([]byte(siblings), wire.RESP2); err != nil {
		t.Errorf("arrays side by side are not nested: %v", err)
	}
}
