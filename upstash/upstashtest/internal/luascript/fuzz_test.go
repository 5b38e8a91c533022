package luascript

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	lua "github.com/yuin/gopher-lua"
)

// Any source compiles or not, ends within its limits, and answers RESP2.
func FuzzRun(f *testing.F) {
	for _, c := range readCasesFor(f) {
		f.Add(c.script)
	}
	f.Fuzz(func(t *testing.T, source string) {
		p, err := Compile(source)
		if err != nil {
			return
		}
		began := time.Now()
		resp := p.Run(t.Context(), Options{
			Keys: []string{"k"}, Args: []string{"1", "x"}, Call: newEngine().call,
			Timeout: 50 * time.Millisecond, Memory: 32 << 20,
		}).Resp
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("took %v", took)
		}
		if !isReply(resp) {
			t.Errorf("malformed reply %.200q", resp)
		}
	})
}

// isReply tells whether it is one well-formed reply.
func isReply(resp []byte) bool {
	line, _, ok := strings.Cut(string(resp), "\r\n")
	if !ok || strings.ContainsAny(line, "\r\n") {
		return false
	}
	_, rest, ok := luaValue(resp, 0)
	return ok && len(rest) == 0
}

// What cjson decodes is what encoding/json takes for valid, but for the known
// liberties; and what it encodes it decodes to the same.
func FuzzCJSON(f *testing.F) {
	for _, text := range []string{
		`{}`, `[]`, `[1,2.5,-3e10,"x",true,false,null]`, `{"a":{"b":[{}]}}`, `"\u00e9\ud83d\ude00\/"`, `01`, `nan`, `[1,]`,
		`{"a":1,"a":2}`, `" "`, "\"\xff\"", `1e400`, `-0`, `0x10`, `[[[[]]]]`, `{"1":2}`, "\"a\x01\"", `"\ud800"`, ``, ` 1 `,
	} {
		f.Add(text)
	}
	decode := compileFor(f, `return cjson.encode(cjson.decode(ARGV[1]))`)
	again := compileFor(f, `local a=cjson.decode(ARGV[1]) return cjson.encode(cjson.decode(cjson.encode(a)))==cjson.encode(a) and 1 or 0`)
	f.Fuzz(func(t *testing.T, text string) {
		resp := string(decode.Run(t.Context(), Options{Args: []string{text}}).Resp)
		accepted := resp[0] == '$'
		unencodable := strings.Contains(resp, "must not be NaN or Inf")
		if liberal(text) {
			return
		}
		if valid := json.Valid([]byte(text)); valid != (accepted || unencodable) {
			t.Fatalf("%q: valid %v, got %q", text, valid, resp)
		}
		if accepted {
			if got := string(again.Run(t.Context(), Options{Args: []string{text}}).Resp); got != ":1\r\n" {
				t.Fatalf("%q does not survive: %q", text, got)
			}
		}
	})
}

// liberal tells of texts that cjson, but no other decoder, may accept: numbers
// as C writes them, raw control characters; and of those only the others do:
// lone surrogates, zero bytes, deep nesting.
func liberal(text string) bool {
	lower := strings.ToLower(text)
	for i := range len(text) {
		if text[i] < ' ' && text[i] != '\n' && text[i] != '\r' && text[i] != '\t' {
			return true
		}
	}
	if strings.ContainsAny(text, "\n\r\t+") || strings.Contains(lower, "nan") || strings.Contains(lower, "inf") ||
		strings.Contains(lower, "0x") || strings.Contains(lower, `\ud`) || strings.Count(text, "[")+strings.Count(text, "{") > 900 {
		return true
	}
	for i := range len(text) {
		if isDigit(text[i]) && i+1 < len(text) && (text[i] == '0' && isDigit(text[i+1])) || text[i] == '.' || text[i] == 'e' || text[i] == 'E' {
			return true // 01, 1. and 1.e5; the table of replies has them
		}
	}
	return false
}

func compileFor(f *testing.F, source string) *Program {
	f.Helper()
	p, err := Compile(source)
	if err != nil {
		f.Fatal(err)
	}
	return p
}

// A reply that goes through a script comes out the same, but for what Lua cannot
// hold.
func FuzzReplyRoundTrip(f *testing.F) {
	for _, resp := range []string{
		"+OK\r\n", "-ERR x\r\n", ":5\r\n", ":-1\r\n", "$3\r\nabc\r\n", "$0\r\n\r\n", "$-1\r\n", "*-1\r\n", "*0\r\n",
		"*2\r\n:1\r\n*1\r\n$1\r\nx\r\n", "*1\r\n$-1\r\n", "$5\r\nab", "*9\r\n", ":x\r\n", "", "\r\n", "*1\r\n-WRONGTYPE x\r\n",
	} {
		f.Add([]byte(resp))
	}
	p := compileFor(f, `return redis.pcall('X')`)
	f.Fuzz(func(t *testing.T, resp []byte) {
		got := p.Run(t.Context(), Options{Call: func([]string) []byte { return resp }}).Resp
		v, rest, ok := luaValue(resp, 0)
		if !ok || len(rest) > 0 {
			if diff := cmp.Diff("-"+msgBadReply+"\r\n", string(got)); diff != "" {
				t.Fatalf("(-want +got):\n%s", diff)
			}
			return
		}
		want, err := (&run{}).appendReplyFor(v)
		if err == nil {
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Fatalf("(-want +got):\n%s", diff)
			}
		}
		if back, rest, ok := luaValue(got, 0); !ok || len(rest) > 0 || back.Type() != v.Type() {
			t.Fatalf("%q became %q", resp, got)
		}
	})
}

func (r *run) appendReplyFor(v lua.LValue) ([]byte, error) {
	r.ctx = neverDone
	return r.appendReply(nil, v)
}

// Numbers keep their value as arguments, and lose their fraction as replies.
func FuzzNumbers(f *testing.F) {
	for _, n := range []float64{0, 1, -1, 0.1, 1e15, 1 << 53, 1e17, -1e300, math.Inf(1), 123456.789} {
		f.Add(n)
	}
	p := compileFor(f, `return redis.call('ECHO', tonumber(ARGV[1]))`)
	reply := compileFor(f, `return tonumber(ARGV[1])`)
	f.Fuzz(func(t *testing.T, n float64) {
		if math.IsNaN(n) {
			return
		}
		text := formatG(n, 17)
		resp := p.Run(t.Context(), Options{Args: []string{text}, Call: newEngine().call}).Resp
		v, _, _ := luaValue(resp, 0)
		if back, ok := toNumber(v); !ok || back != n {
			t.Errorf("%v went as %q", n, resp)
		}
		if math.Abs(n) < 1<<53 {
			resp := reply.Run(t.Context(), Options{Args: []string{text}}).Resp
			v, _, _ := luaValue(resp, 0)
			if diff := cmp.Diff(lua.LValue(lua.LNumber(math.Trunc(n))+0), v); diff != "" {
				t.Errorf("%v (-want +got):\n%s", n, diff)
			}
		}
	})
}
