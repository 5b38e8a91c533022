package wire_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/internal/wire"
)

// FuzzRESP2 holds the decoder to a slow one that was written apart from it: both
// refuse, or what is decoded and encoded again is the body in its canonical form.
func FuzzRESP2(f *testing.F) {
	for _, test := range respShapes {
		f.Add([]byte(test.body))
	}
	for _, body := range respRefusals {
		if len(body) < 1<<10 {
			f.Add([]byte(body))
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		reply, err := wire.Single(body, wire.RESP2)
		want, rest, ok := canonical(string(body), 0)
		if ok = ok && rest == ""; ok != (err == nil) {
			t.Fatalf("valid: %v, error: %v", ok, err)
		}
		text, failed := wire.Error(body)
		if len(body) > 0 && body[0] == '-' && failed != ok || failed && ok && failure(text) != tree(reply) {
			t.Errorf("Error says %q, %v of %v", text, failed, reply)
		}
		if !ok {
			return
		}
		if diff := cmp.Diff(want, string(appendRESP2(nil, tree(reply)))); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

// FuzzBatchRESP2 says of batches in both forms that what is read of one, encoded
// again, is the whole body in its canonical form.
func FuzzBatchRESP2(f *testing.F) {
	for _, test := range respShapes {
		f.Add([]byte("*2\r\n"+test.body+test.body), uint8(2))
		f.Add([]byte(test.body+"-ERR x\r\n"+test.body), uint8(3))
		f.Add([]byte(test.body), uint8(1))
	}
	f.Fuzz(func(t *testing.T, body []byte, want uint8) {
		replies, refused, err := wire.Batch(body, wire.RESP2, int(want))
		if err != nil {
			if replies != nil || !refused.IsNil() {
				t.Fatalf("%v left %v, %v", err, replies, refused)
			}
			return
		}
		var all []string // what stands in the body, one after the other
		for left := string(body); left != ""; {
			item, rest, ok := canonical(left, -1)
			if !ok || len(all) > int(want) {
				t.Fatalf("it was read as %v, %v", replies, refused)
			}
			all, left = append(all, item), rest
		}
		var got []byte
		switch {
		case !refused.IsNil():
			got = appendRESP2(nil, tree(refused))
		case len(replies) != int(want):
			t.Fatalf("%d replies for %d commands", len(replies), want)
		case len(all) == 1:
			got = appendRESP2(nil, tree(command.ArrayReply(replies...)))
		default:
			for _, r := range replies {
				got = appendRESP2(got, tree(r))
			}
		}
		if diff := cmp.Diff(strings.Join(all, ""), string(got)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

// FuzzFormats writes one tree in two formats, which read as the same.
func FuzzFormats(f *testing.F) {
	for seed := range uint64(50) {
		f.Add(seed, seed, "\xff\x00OK\r\n", "ERR no")
	}
	f.Fuzz(func(t *testing.T, seed1, seed2 uint64, noise, failed string) {
		if strings.Contains(failed, "\r\n") || !utf8.ValidString(failed) {
			t.Skip("an error is one line, which JSON does not encode")
		}
		r := rand.New(rand.NewPCG(seed1, seed2))
		want := []any{randomTree(r, 5), noise, []any{noise, failure(failed), "OK"}, randomTree(r, 5)}
		body, err := json.Marshal(map[string]any{"result": jsonForm(want)})
		if err != nil {
			t.Fatal(err)
		}
		fromJSON, jsonErr := wire.Single(body, wire.Base64)
		fromRESP2, respErr := wire.Single(appendRESP2(nil, want), wire.RESP2)
		if jsonErr != nil || respErr != nil {
			t.Fatal(jsonErr, respErr)
		}
		if diff := cmp.Diff(any(want), tree(fromRESP2)); diff != "" {
			t.Errorf("RESP2 (-want +got)\n%s", diff)
		}
		if diff := cmp.Diff(tree(fromRESP2), tree(fromJSON)); diff != "" {
			t.Errorf("(-RESP2 +JSON)\n%s", diff)
		}
	})
}

// jsonForm is a tree as encoding/json writes it for the base64 format.
func jsonForm(v any) any {
	switch v := v.(type) {
	case string:
		return []byte(v)
	case failure:
		return map[string]string{"error": string(v)}
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = jsonForm(v[i])
		}
		return list
	}
	return v
}
