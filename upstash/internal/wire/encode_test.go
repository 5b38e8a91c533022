package wire_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/internal/wire"
)

func TestAppendCommandIsExact(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ word, want string }{
		"plain":              {"hello", `"hello"`},
		"empty":              {"", `""`},
		"quote":              {`say "hi"`, `"say \"hi\""`},
		"backslash":          {`a\b`, `"a\\b"`},
		"slash":              {"a/b", `"a/b"`},
		"escape at the ends": {`"x"`, `"\"x\""`},
		"line breaks":        {"a\nb\r\tc", `"a\nb\r\tc"`},
		"NUL":                {"\x00", `"\u0000"`},
		"backspace":          {"\b\f", `"\u0008\u000c"`},
		"last control":       {"\x1f", `"\u001f"`},
		"DEL":                {"\x7f", "\"\x7f\""},
		"HTML":               {"<a href='x'>&", `"<a href='x'>&"`},
		"line separators":    {"\u2028\u2029", "\"\u2028\u2029\""},
		"replacement":        {"\uFFFD", "\"\uFFFD\""},
		"emoji":              {"👩‍🚀", `"👩‍🚀"`},
		"combining":          {"e\u0301", "\"e\u0301\""},
		"last code point":    {"\U0010FFFF", "\"\U0010FFFF\""},
		"digits":             {"9007199254740993", `"9007199254740993"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := wire.AppendCommand(nil, command.NewArgs("SET", "k", test.word))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(`["SET","k",`+test.want+`]`, string(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestAppendKeepsWhatIsThere(t *testing.T) {
	t.Parallel()
	got, err := wire.AppendCommand([]byte("before "), command.NewArgs("PING"))
	if diff := cmp.Diff(`before ["PING"]`, string(got)); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
	got, err = wire.AppendBatch([]byte("before "), nil)
	if diff := cmp.Diff(`before []`, string(got)); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}

func TestAppendBatch(t *testing.T) {
	t.Parallel()
	batch := []command.Args{command.NewArgs("SET", "k", 1), command.NewArgs("get", `"`), command.NewArgs("PING")}
	got, err := wire.AppendBatch(nil, batch)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(`[["SET","k","1"],["get","\""],["PING"]]`, string(got)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestSizeHoldsWhatNeedsNoEscape(t *testing.T) {
	t.Parallel()
	batch := []command.Args{command.NewArgs("SET", "k", "value", "EX", 10), command.NewArgs("PING")}
	got, err := wire.AppendBatch(nil, batch)
	if err != nil {
		t.Fatal(err)
	}
	if size := wire.Size(batch); size < len(got) || size > len(got)+8 {
		t.Errorf("Size is %d for a body of %d", size, len(got))
	}
}

func TestWhatIsNotTextIsRefusedWithItsPosition(t *testing.T) {
	t.Parallel()
	ok := command.NewArgs("GET", "k")
	for name, test := range map[string]struct {
		batch []command.Args
		want  wire.NotTextError
	}{
		"value":           {[]command.Args{command.NewArgs("SET", "k", "\xff")}, wire.NotTextError{Command: "SET", Index: 0, Argument: 2}},
		"key":             {[]command.Args{command.NewArgs("SET", "\xc3", "\xff")}, wire.NotTextError{Command: "SET", Index: 0, Argument: 1}},
		"third command":   {[]command.Args{ok, ok, command.NewArgs("HSET", "h", "f", "a\x80")}, wire.NotTextError{Command: "HSET", Index: 2, Argument: 3}},
		"half a rune":     {[]command.Args{ok, command.NewArgs("ECHO", "\xe2\x82")}, wire.NotTextError{Command: "ECHO", Index: 1, Argument: 1}},
		"surrogate":       {[]command.Args{command.NewArgs("ECHO", "\xed\xa0\x80")}, wire.NotTextError{Command: "ECHO", Index: 0, Argument: 1}},
		"overlong":        {[]command.Args{command.NewArgs("ECHO", "\xc0\x80")}, wire.NotTextError{Command: "ECHO", Index: 0, Argument: 1}},
		"beyond the last": {[]command.Args{command.NewArgs("ECHO", "\xf4\x90\x80\x80")}, wire.NotTextError{Command: "ECHO", Index: 0, Argument: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body, err := wire.AppendBatch(nil, test.batch)
			var got *wire.NotTextError
			if body != nil || !errors.As(err, &got) {
				t.Fatalf("got %q and %v", body, err)
			}
			if diff := cmp.Diff(test.want, *got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestNotTextErrorCountsForPeople(t *testing.T) {
	t.Parallel()
	_, err := wire.AppendBatch(nil, []command.Args{command.NewArgs("GET", "k"), command.NewArgs("SET", "k", marker+"\xff")})
	const want = "argument 2 of SET (command 2 of the request) is not valid UTF-8"
	if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), marker) {
		t.Errorf("got %v", err)
	}
}
