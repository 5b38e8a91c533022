package wire_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/internal/wire"
)

// agree fails unless we and encoding/json read the same, or both refuse. It
// compares content only where the body is UTF-8: we keep other bytes, they do not.
func agree(t *testing.T, body []byte, got any, err error, want any, wantErr error) {
	t.Helper()
	if (err == nil) != (wantErr == nil) {
		t.Fatalf("we say %v, encoding/json says %v", err, wantErr)
	}
	if err == nil && utf8.Valid(body) {
		if diff := cmp.Diff(compact(want), compact(got)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

// compact writes a tree as text: cmp.Diff takes exponential time on deep nesting.
func compact(v any) string {
	switch v := v.(type) {
	case []any:
		parts := make([]string, len(v))
		for i, item := range v {
			parts[i] = compact(item)
		}
		return "[" + strings.Join(parts, ",") + "]"
	case failure:
		return "error " + compact(string(v))
	}
	text, _ := json.Marshal(v)
	return string(text)
}

func FuzzSingle(f *testing.F) {
	for _, test := range shapes {
		f.Add([]byte(test.body))
	}
	for _, body := range refusals {
		if len(body) < 1<<10 {
			f.Add([]byte(body))
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		reply, err := wire.Single(body, wire.Plain)
		want, wantErr := single(body)
		agree(t, body, tree(reply), err, want, wantErr)

		encoded, encodedErr := wire.Single(body, wire.Base64)
		if encodedErr == nil && (err != nil || encoded.Kind() != reply.Kind()) {
			t.Errorf("as base64 it is %v, plain %v (%v)", encoded, reply, err)
		}
		if text, ok := wire.Error(body); ok != (encodedErr == nil && encoded.Kind() == command.KindError) {
			t.Errorf("Error says %q, %v of %v", text, ok, encoded)
		}
	})
}

func FuzzBatch(f *testing.F) {
	for _, test := range shapes {
		f.Add([]byte("["+test.body+"]"), uint8(1))
		f.Add([]byte("["+test.body+",{\"error\":\"x\"}]"), uint8(2))
	}
	f.Add([]byte(`{"error":"x"}`), uint8(1))
	f.Add([]byte(`[]`), uint8(0))
	f.Fuzz(func(t *testing.T, body []byte, want uint8) {
		replies, refused, err := wire.Batch(body, wire.Plain, int(want))
		got := tree(command.ArrayReply(replies...))
		if !refused.IsNil() {
			got = tree(refused)
		}
		wanted, wantErr := batch(body, int(want))
		agree(t, body, got, err, wanted, wantErr)
		if _, _, encodedErr := wire.Batch(body, wire.Base64, int(want)); encodedErr == nil && err != nil {
			t.Errorf("only base64 reads it: %v", err)
		}
	})
}

func FuzzEncode(f *testing.F) {
	for _, s := range []string{"", "k", "\"\\/\b\f\n\r\t\x00\x1f\x7f", "\u2028é😀e\u0301", "\xff", "a\xc3", "\xed\xa0\x80", "<&>'"} {
		f.Add("SET", s, "v")
		f.Add(s, "k", s)
	}
	f.Fuzz(func(t *testing.T, a, b, c string) {
		words := []string{a, b, c}
		if a == "" {
			t.Skip("a command has a name")
		}
		wrong := slices.IndexFunc(words, func(s string) bool { return !utf8.ValidString(s) })
		args := command.NewArgs(a, b, c)

		body, err := wire.AppendCommand(nil, args)
		whole, batchErr := wire.AppendBatch(nil, []command.Args{command.NewArgs("PING"), args})
		if size, ok := wire.CommandSize(args); ok != (wrong < 0) || ok && size != len(body) {
			t.Errorf("CommandSize is %d, %v for a body of %d", size, ok, len(body))
		}
		if wrong >= 0 {
			for i, err := range []error{err, batchErr} {
				got, ok := errors.AsType[*wire.NotTextError](err)
				want := wire.NotTextError{Command: args.Name(), Index: i, Argument: wrong}
				if !ok || *got != want {
					t.Fatalf("word %d is not UTF-8, the error is %v", wrong, err)
				}
			}
			return
		}
		if err != nil || batchErr != nil {
			t.Fatal(err, batchErr)
		}
		var got []string
		if err := json.Unmarshal(body, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(words, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		var all [][]string
		if err := json.Unmarshal(whole, &all); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([][]string{{"PING"}, words}, all); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}
