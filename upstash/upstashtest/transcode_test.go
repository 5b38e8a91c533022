package upstashtest

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestAppendReply(t *testing.T) {
	t.Parallel()
	for resp, want := range map[string]string{
		"+OK\r\n":                             `{"result":"OK"}`,
		"-ERR \"no\"\r\n":                     `{"error":"ERR \"no\""}`,
		":-9223372036854775808\r\n":           `{"result":-9223372036854775808}`,
		"$-1\r\n":                             `{"result":null}`,
		"*-1\r\n":                             `{"result":null}`,
		"$0\r\n\r\n":                          `{"result":""}`,
		"$4\r\n\r\n\x00\xff\r\n":              `{"result":"\r\n\u0000` + "\uFFFD" + `"}`,
		"*0\r\n":                              `{"result":[]}`,
		"*3\r\n$1\r\na\r\n:1\r\n*1\r\n+b\r\n": `{"result":["a",1,["b"]]}`,
		"*2\r\n-ERR x\r\n*-1\r\n":             `{"result":[{"error":"ERR x"},null]}`,
	} {
		got, err := appendReply(nil, []byte(resp), false)
		if err != nil {
			t.Errorf("%q: %v", resp, err)
		}
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", resp, diff)
		}
	}
}

func TestAppendReplyRefuses(t *testing.T) {
	t.Parallel()
	for _, resp := range []string{
		"", "\r\n", "+OK", "_\r\n", ":\r\n", ":x\r\n", ":9223372036854775808\r\n", "$-2\r\n", "$5\r\nabc\r\n",
		"$3\r\nabcd\r\n", "$9223372036854775807\r\n", "*1\r\n", "*9223372036854775807\r\n", "+OK\r\n+OK\r\n",
		strings.Repeat("*1\r\n", 2*maxNesting) + ":1\r\n",
	} {
		if got, err := appendReply(nil, []byte(resp), false); err == nil {
			t.Errorf("%q became %s", resp, got)
		}
	}
}

func TestAppendString(t *testing.T) {
	t.Parallel()
	every := make([]byte, 0, 256+4)
	for c := range 256 {
		every = append(every, byte(c))
	}
	every = append(every, "\u2028é😀"...)
	var got string
	if err := json.Unmarshal(appendString(nil, every), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Map(func(r rune) rune { return r }, string(every)), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// No reply makes the transcoder panic, and what it accepts becomes valid JSON.
func FuzzTranscode(f *testing.F) {
	for _, seed := range []string{
		"+OK\r\n", "-ERR no\r\n", ":12\r\n", "$3\r\na\xffb\r\n", "$-1\r\n", "*2\r\n+OK\r\n*1\r\n$2\r\nOK\r\n",
		"*-1\r\n", "*99\r\n", "$99\r\nx\r\n", ":+7\r\n",
	} {
		f.Add([]byte(seed), true)
		f.Add([]byte(seed), false)
	}
	f.Fuzz(func(t *testing.T, resp []byte, b64 bool) {
		got, err := appendReply(nil, resp, b64)
		if err == nil && (!json.Valid(got) || !utf8.Valid(got)) {
			t.Fatalf("%q became %s", resp, got)
		}
	})
}
