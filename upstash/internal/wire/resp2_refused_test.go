package wire_test

import (
	"strings"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/internal/wire"
)

// respRefusals are bodies that no RESP2 server sends. Each holds the marker
// wherever there is room for it.
var respRefusals = map[string]string{
	"nothing":                  "",
	"a line break":             "\r\n",
	"blank first":              " :1\r\n",
	"JSON":                     `{"result":"` + marker + `"}`,
	"HTML":                     "<html>" + marker + "\r\n",
	"inline":                   marker + "\r\n",
	"RESP3 null":               "_\r\n",
	"RESP3 double":             ",1.5\r\n",
	"RESP3 bool":               "#t\r\n",
	"RESP3 map":                "%1\r\n+" + marker + "\r\n:1\r\n",
	"RESP3 set":                "~1\r\n+" + marker + "\r\n",
	"RESP3 big number":         "(1\r\n",
	"RESP3 inside":             "*1\r\n_\r\n",
	"no end of the line":       "+" + marker,
	"line feed alone":          "+" + marker + "\n",
	"carriage return alone":    "+" + marker + "\r",
	"number: nothing":          ":\r\n",
	"number: word":             ":" + marker + "\r\n",
	"number: sign alone":       ":-\r\n",
	"number: two signs":        ":--1\r\n",
	"number: too large":        ":9223372036854775808\r\n",
	"number: too small":        ":-9223372036854775809\r\n",
	"number: fraction":         ":1.0\r\n",
	"number: underscore":       ":1_000\r\n",
	"number: hexadecimal":      ":0x10\r\n",
	"number: blank":            ": 1\r\n",
	"string: no length":        "$\r\n\r\n",
	"string: length -2":        "$-2\r\n",
	"string: length -01":       "$-01\r\n",
	"string: signed length":    "$+1\r\na\r\n",
	"string: length is a word": "$" + marker + "\r\n",
	"string: too short":        "$9\r\n" + marker + "\r\n",
	"string: too long":         "$3\r\n" + marker + "\r\n",
	"string: no end":           "$6\r\n" + marker,
	"string: half an end":      "$6\r\n" + marker + "\r",
	"string: wrong end":        "$6\r\n" + marker + "\n\r",
	"string: 2 GiB":            "$2147483647\r\n" + marker + "\r\n",
	"string: 4 GiB":            "$4294967296\r\n" + marker + "\r\n",
	"string: int64":            "$9223372036854775807\r\n" + marker + "\r\n",
	"string: uint64":           "$18446744073709551615\r\n" + marker + "\r\n",
	"string: beyond uint64":    "$99999999999999999999\r\n" + marker + "\r\n",
	"array: no length":         "*\r\n",
	"array: length -2":         "*-2\r\n",
	"array: too short":         "*2\r\n+" + marker + "\r\n",
	"array: too long":          "*1\r\n+" + marker + "\r\n+" + marker + "\r\n",
	"array: 1e9":               "*1000000000\r\n+" + marker + "\r\n",
	"array: 2 GiB":             "*2147483647\r\n",
	"array: int64":             "*9223372036854775807\r\n",
	"array: uint64":            "*18446744073709551615\r\n",
	"array: broken inside":     "*2\r\n+" + marker + "\r\n:x\r\n",
	"trailing line break":      ":1\r\n\r\n",
	"trailing text":            "+OK\r\n" + marker,
	"trailing value":           "+OK\r\n+" + marker + "\r\n",
	"trailing blank":           "+OK\r\n ",
	"too deep":                 strings.Repeat("*1\r\n", wire.MaxDepth+1) + ":1\r\n",
	"endless":                  strings.Repeat("*1\r\n", 1<<20),
}

func TestSingleRefusesRESP2(t *testing.T) {
	t.Parallel()
	for name, body := range respRefusals {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reply, err := wire.Single([]byte(body), wire.RESP2)
			checkRefused(t, err)
			if !reply.IsNil() {
				t.Errorf("a refused body left %v", reply)
			}
		})
	}
}

func TestBatchRefusesRESP2(t *testing.T) {
	t.Parallel()
	const one = "$6\r\n" + marker + "\r\n"
	bodies := map[string]string{
		"one too few":              "*2\r\n" + one + one,
		"one too few, one by one":  one + one,
		"one too many":             "*4\r\n" + one + one + one + one,
		"one too many, one by one": one + one + one + one,
		"none":                     "*0\r\n",
		"no array":                 "*-1\r\n",
		"a result":                 one,
		"a status":                 "+OK\r\n",
		"JSON":                     `[{"result":"` + marker + `"},{"result":1},{"result":1}]`,
		"array and more":           "*3\r\n" + one + one + one + one,
		"error and rubbish":        "-ERR x\r\n" + marker,
	}
	for name, item := range respRefusals {
		bodies["array: "+name] = "*3\r\n:1\r\n:2\r\n" + item
		bodies["one by one: "+name] = ":1\r\n:2\r\n" + item
	}
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			replies, refused, err := wire.Batch([]byte(body), wire.RESP2, 3)
			checkRefused(t, err)
			if replies != nil || !refused.IsNil() {
				t.Errorf("a refused body left %v, %v", replies, refused)
			}
		})
	}
}

// A connection may end anywhere: every prefix of an answer is refused. Of replies
// without an array around them only HTTP knows where they end, see Batch.
func TestTruncationRESP2(t *testing.T) {
	t.Parallel()
	const whole = "*7\r\n$3\r\na\r\n\r\n$-1\r\n:-123\r\n+OK\r\n*1\r\n*0\r\n-ERR no\r\n*-1\r\n"
	if _, err := wire.Single([]byte(whole), wire.RESP2); err != nil {
		t.Fatal(err)
	}
	const batch = "*2\r\n" + whole + whole
	if _, _, err := wire.Batch([]byte(batch), wire.RESP2, 2); err != nil {
		t.Fatal(err)
	}
	for i := range whole {
		if reply, err := wire.Single([]byte(whole[:i]), wire.RESP2); err == nil {
			t.Errorf("%q was read as %v", whole[:i], reply)
		}
	}
	for i := range batch {
		if replies, refused, err := wire.Batch([]byte(batch[:i]), wire.RESP2, 2); err == nil {
			t.Errorf("%q was read as %v, %v", batch[:i], replies, refused)
		}
	}
}

func TestRESP2ErrorsAreReadable(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"":                   `the body ends after 0 bytes where a value belongs`,
		"<html>":             `byte 0 begins something else where a value belongs`,
		"*1\r\n:12":          `the body ends after 7 bytes where the end of a line belongs`,
		"*2\r\n$1\r\na\r\n":  `the body ends after 11 bytes where a value belongs`,
		"*1\r\n:x\r\n":       `the number at byte 5 is not a 64-bit integer`,
		"$x\r\n":             `the length at byte 1 is not one`,
		"$5\r\nabc":          `the body ends after 7 bytes where the rest of a string belongs`,
		"$2\r\nabc\r\n":      `byte 6 begins something else where a line break after a string belongs`,
		"$3\r\nabc\r":        `byte 7 begins something else where a line break after a string belongs`,
		"$3\r\nabc":          `the body ends after 7 bytes where a line break after a string belongs`,
		"+OK\r\nx":           `something follows the reply at byte 5`,
		"*1000000000\r\n:1":  `the body ends after 15 bytes, too early for the array that is declared at byte 1`,
		"*1\r\n*9\r\n:1\r\n": `the body ends after 12 bytes, too early for the array that is declared at byte 5`,
	} {
		_, err := wire.Single([]byte(body), wire.RESP2)
		if err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", body, err, want)
		}
	}
}
