package wire_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/internal/wire"
)

// texts makes n different texts of a length.
func texts(n, length int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = (strconv.Itoa(i) + strings.Repeat("v", length))[:length]
	}
	return list
}

func each(list []string, f func(string) string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = f(s)
	}
	return out
}

func quoted(s string) string {
	text, _ := json.Marshal(s) // a string always has a form
	return string(text)
}

func jsonBatch(list []string, form func(string) string) string {
	return "[" + strings.Join(each(list, func(s string) string { return `{"result":` + form(s) + `}` }), ",") + "]"
}

func respValues(list []string) string {
	return strings.Join(each(list, func(s string) string { return string(appendRESP2(nil, s)) }), "")
}

func respList(list []string) string { return "*" + strconv.Itoa(len(list)) + "\r\n" + respValues(list) }

// Texts share memory: of whatever lengths they are and in whatever order they
// come, none is cut off and none is written over by a later one.
func TestTextsOfAllLengths(t *testing.T) {
	t.Parallel()
	var want []string
	for _, lengths := range [][]int{
		{0, 1, 2, 3, 4, 5, 254, 255, 256, 257, 258, 767, 768, 769, 1023, 1024, 1025, 1535, 1536, 1537, 4096, 1 << 16},
		{256, 256, 256, 256, 256, 0, 255, 255, 255, 255, 4, 1, 1 << 12, 1, 257, 1, 0, 100, 200, 250, 100, 99, 255},
	} {
		for _, n := range lengths {
			want = append(want, texts(1, n)[0], strings.Repeat("\\\"\n", n/3))
		}
	}
	for name, body := range map[string]struct {
		format wire.Format
		text   string
	}{
		"base64":            {wire.Base64, jsonBatch(want, b64)},
		"base64, escaped":   {wire.Base64, strings.ReplaceAll(jsonBatch(want, b64), "d", `\u0064`)},
		"plain":             {wire.Plain, jsonBatch(want, quoted)},
		"RESP2":             {wire.RESP2, respList(want)},
		"RESP2, one by one": {wire.RESP2, respValues(want)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			replies, _, err := wire.Batch([]byte(body.text), body.format, len(want))
			if err != nil {
				t.Fatal(err)
			}
			got, err := command.ArrayReply(replies...).Texts()
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%v (-want +got)\n%s", err, diff)
			}
		})
	}
}

// A reply has nothing of the body: callers use its memory again.
func TestRepliesDoNotShareTheBody(t *testing.T) {
	t.Parallel()
	want := texts(20, 300)
	for f, text := range map[wire.Format]string{
		wire.Base64: jsonBatch(want, b64), wire.Plain: jsonBatch(want, quoted), wire.RESP2: respList(want),
	} {
		body := []byte(text)
		replies, _, err := wire.Batch(body, f, len(want))
		if err != nil {
			t.Fatal(err)
		}
		clear(body)
		got, err := command.ArrayReply(replies...).Texts()
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("format %d: %v (-want +got)\n%s", f, err, diff)
		}
	}
}
