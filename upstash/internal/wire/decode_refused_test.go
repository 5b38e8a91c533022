package wire_test

import (
	"strings"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/internal/wire"
)

// refusals are bodies that say nothing this protocol can say. Each holds the
// marker wherever there is room for it.
var refusals = map[string]string{
	"nothing":                    ``,
	"blanks":                     "  \n",
	"HTML":                       `<html>` + marker,
	"NUL":                        "\x00",
	"byte order mark":            "\uFEFF" + `{"result":1}`,
	"bare value":                 `"` + marker + `"`,
	"true":                       `{"result":true}`,
	"false":                      `{"result":false}`,
	"float":                      `{"result":1.5}`,
	"float without a fraction":   `{"result":1.0}`,
	"exponent":                   `{"result":1e3}`,
	"too large":                  `{"result":9223372036854775808}`,
	"too small":                  `{"result":-9223372036854775809}`,
	"far too large":              `{"result":` + strings.Repeat("9", 400) + `}`,
	"leading zero":               `{"result":007}`,
	"negative leading zero":      `{"result":-01}`,
	"plus":                       `{"result":+1}`,
	"minus alone":                `{"result":-}`,
	"two minus":                  `{"result":--1}`,
	"hexadecimal":                `{"result":0x10}`,
	"underscore":                 `{"result":1_000}`,
	"NaN":                        `{"result":NaN}`,
	"object":                     `{"result":{"` + marker + `":1}}`,
	"result in an object":        `{"result":{"result":1}}`,
	"object in an array":         `{"result":[{"result":"YQ=="}]}`,
	"bool in an array":           `{"result":[true]}`,
	"float in an array":          `{"result":[0.5]}`,
	"neither":                    `{}`,
	"only unknown members":       `{"` + marker + `":1}`,
	"names are exact":            `{"Result":1}`,
	"error: null alone":          `{"error":null}`,
	"error: number":              `{"error":1}`,
	"error: object":              `{"error":{"message":"` + marker + `"}}`,
	"error: almost null":         `{"error":nul}`,
	"two results":                `{"result":1,"result":2}`,
	"two nulls":                  `{"result":null,"result":null}`,
	"two errors":                 `{"error":"` + marker + `","error":"b"}`,
	"error and null":             `{"error":"a","error":null}`,
	"result and error":           `{"result":1,"error":"` + marker + `"}`,
	"error and result":           `{"error":"` + marker + `","result":1}`,
	"null, error, null":          `{"result":null,"error":"a","result":null}`,
	"trailing text":              `{"result":1}` + marker,
	"trailing object":            `{"result":1}{"result":2}`,
	"trailing comma":             `{"result":1,}`,
	"trailing comma in an array": `{"result":[1,]}`,
	"comma first":                `{"result":[,1]}`,
	"no comma":                   `{"result":[1 2]}`,
	"no colon":                   `{"result" 1}`,
	"bare name":                  `{result:1}`,
	"quoted wrong":               `{'result':1}`,
	"brackets crossed":           `{"result":[1}]`,
	"raw line break":             "{\"result\":\"YQ==\n\"}",
	"raw control after escape":   "{\"result\":\"\\n\x01\"}",
	"unknown escape":             `{"result":"\x41` + marker + `"}`,
	"escaped line break":         `{"result":"YW\nJj"}`,
	"short unicode escape":       `{"result":"\u12"}`,
	"broken unicode escape":      `{"result":"\u12g4"}`,
	"signed unicode escape":      `{"result":"\u+123"}`,
	"not base64":                 `{"result":"` + marker + `!"}`,
	"not base64, deep":           `{"result":[[["` + marker + `!"]]]}`,
	"no padding":                 `{"result":"YQ"}`,
	"padding too much":           `{"result":"YQ==="}`,
	"padding inside":             `{"result":"YQ==YQ=="}`,
	"padding inside, far":        `{"result":"` + strings.Repeat("A", 1022) + `==YQ=="}`,
	"padding alone":              `{"result":"===="}`,
	"escaped line breaks":        `{"result":"YWJj\n\n\n\n"}`,
	"line breaks alone":          `{"result":"\n\n\n\n"}`,
	"line breaks, far":           `{"result":"` + strings.Repeat("A", 1024) + `\n\n\n\nYWJj"}`,
	"URL alphabet":               `{"result":"__--"}`,
	"bits left over":             `{"result":"YR=="}`,
	"base64 with a blank":        `{"result":"YQ =="}`,
	"almost OK":                  `{"result":"ok"}`,
	"skipped: broken number":     `{"a":1.2.3,"result":1}`,
	"skipped: leading zero":      `{"a":00,"result":1}`,
	"skipped: signs":             `{"a":+-+,"result":1}`,
	"skipped: no fraction":       `{"a":1.,"result":1}`,
	"skipped: no exponent":       `{"a":1e,"result":1}`,
	"skipped: word":              `{"a":` + marker + `,"result":1}`,
	"skipped: long word":         `{"a":nulls,"result":1}`,
	"skipped: open":              `{"a":[1,"result":1}`,
	"too deep":                   `{"result":` + strings.Repeat("[", 65) + strings.Repeat("]", 65) + `}`,
	"skipped: too deep":          `{"a":` + strings.Repeat("[", 65) + strings.Repeat("]", 65) + `,"result":1}`,
	"endless":                    `{"result":` + strings.Repeat("[", 1<<20),
	"endless, skipped":           strings.Repeat(`{"a":`, 1<<20),
}

func checkRefused(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		t.Fatal("it was accepted")
	}
	if strings.Contains(err.Error(), marker) {
		t.Errorf("the error shows content: %v", err)
	}
}

func TestSingleRefuses(t *testing.T) {
	t.Parallel()
	for name, body := range refusals {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reply, err := wire.Single([]byte(body), wire.Base64)
			checkRefused(t, err)
			if !reply.IsNil() {
				t.Errorf("a refused body left %v", reply)
			}
		})
	}
}

func TestBatchRefuses(t *testing.T) {
	t.Parallel()
	for name, item := range refusals {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			replies, refused, err := wire.Batch([]byte(`[{"result":1},`+item+`]`), wire.Base64, 2)
			checkRefused(t, err)
			if replies != nil || !refused.IsNil() {
				t.Errorf("a refused body left %v, %v", replies, refused)
			}
		})
	}
	const one = `{"result":1}`
	for name, body := range map[string]string{
		"one too few":      `[` + one + `]`,
		"one too many":     `[` + one + `,` + one + `,` + one + `]`,
		"none":             `[]`,
		"a result":         one,
		"bare values":      `[1,2]`,
		"arrays":           `[[` + one + `],[` + one + `]]`,
		"nulls":            `[null,null]`,
		"error and more":   `{"error":"x"}` + marker,
		"a broken error":   `{"error":1}`,
		"a string":         `"` + marker + `"`,
		"results and more": `[` + one + `,` + one + `]` + marker,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			replies, refused, err := wire.Batch([]byte(body), wire.Base64, 2)
			checkRefused(t, err)
			if replies != nil || !refused.IsNil() {
				t.Errorf("a refused body left %v, %v", replies, refused)
			}
		})
	}
}

// A connection may end anywhere: every prefix of an answer is refused.
func TestTruncation(t *testing.T) {
	t.Parallel()
	const sample = `{"x":[{"y":-1.5e+10}],"result":["YQ==",null,-123,"OK",[[]],{"error":"ERR \u00e9\n"},true]}`
	whole := strings.Replace(sample, ",true", "", 1)
	if _, err := wire.Single([]byte(whole), wire.Base64); err != nil {
		t.Fatal(err)
	}
	batch := `[` + whole + `,` + whole + `]`
	if _, _, err := wire.Batch([]byte(batch), wire.Base64, 2); err != nil {
		t.Fatal(err)
	}
	for i := range whole {
		if reply, err := wire.Single([]byte(whole[:i]), wire.Base64); err == nil {
			t.Errorf("%q was read as %v", whole[:i], reply)
		}
	}
	for i := range batch {
		if replies, _, err := wire.Batch([]byte(batch[:i]), wire.Base64, 2); err == nil {
			t.Errorf("%q was read as %v", batch[:i], replies)
		}
	}
}

func TestErrorsAreReadable(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`<html>`:               `byte 0 begins something else where an object belongs`,
		`{"result":tru`:        `byte 10 begins something else where a string, an integer, null or an array belongs`,
		`{"result":[1`:         `the body ends after 12 bytes where a comma or the end of the list belongs`,
		`{"result":"YQ==`:      `the body ends after 15 bytes where the end of a string belongs`,
		`{"result":1} x`:       `something follows the reply at byte 13`,
		`{"result":1.5}`:       `the number at byte 10 is not a 64-bit integer`,
		`{"error":"a` + "\x01": `a control character in a string at byte 11`,
	} {
		_, err := wire.Single([]byte(body), wire.Base64)
		if err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", body, err, want)
		}
	}
}
