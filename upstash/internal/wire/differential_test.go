package wire_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/internal/wire"
)

// randomText is valid UTF-8 with much of what an encoder must get right.
func randomText(r *rand.Rand) string {
	special := []rune("\"\\/\b\f\n\r\t\x00\x1f\x7f\u0301\u2028\u2029\uFFFD\uFEFF😀<>&'OK=")
	runes := make([]rune, r.IntN(12))
	for i := range runes {
		switch r.IntN(3) {
		case 0:
			runes[i] = special[r.IntN(len(special))]
		case 1:
			runes[i] = rune(' ' + r.IntN(95))
		default:
			for runes[i] = rune(r.IntN(0x110000)); runes[i] >= 0xD800 && runes[i] < 0xE000; {
				runes[i] = rune(r.IntN(0x110000))
			}
		}
	}
	return string(runes)
}

func randomInt(r *rand.Rand) int64 {
	edges := []int64{0, -1, 1, math.MaxInt64, math.MinInt64, 1<<53 + 1, -1<<53 - 1, math.MaxInt64 - 1}
	if r.IntN(2) == 0 {
		return edges[r.IntN(len(edges))]
	}
	return int64(r.Uint64()) >> r.IntN(64)
}

func randomTree(r *rand.Rand, depth int) any {
	switch n := r.IntN(8); {
	case n < 3:
		return randomText(r)
	case n < 5:
		return randomInt(r)
	case n == 5 || depth == 0:
		return nil
	}
	list := make([]any, r.IntN(5))
	for i := range list {
		list[i] = randomTree(r, depth-1)
	}
	return list
}

func TestDecodeReadsWhatEncodingJSONWrites(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	type envelope struct {
		Result any `json:"result"`
	}
	for range 3000 {
		want := []any{randomTree(r, 5), randomTree(r, 5), randomTree(r, 5)}
		one, err := json.Marshal(envelope{want})
		if err != nil {
			t.Fatal(err)
		}
		reply, err := wire.Single(one, wire.Plain)
		if err != nil {
			t.Fatalf("%s: %v", one, err)
		}
		if diff := cmp.Diff(want, tree(reply)); diff != "" {
			t.Fatalf("%s (-want +got)\n%s", one, diff)
		}
		many, err := json.MarshalIndent([]envelope{{want[0]}, {want[1]}, {want[2]}}, "", "\t")
		if err != nil {
			t.Fatal(err)
		}
		replies, _, err := wire.Batch(many, wire.Plain, 3)
		if err != nil {
			t.Fatalf("%s: %v", many, err)
		}
		if diff := cmp.Diff(any(want), tree(command.ArrayReply(replies...))); diff != "" {
			t.Fatalf("%s (-want +got)\n%s", many, diff)
		}
	}
}

// TestDecodeBase64 encodes the same trees the way the service does: encoding/json
// writes []byte as base64, and a status stays as it is.
func TestDecodeBase64(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	var encode func(v any) any
	encode = func(v any) any {
		switch v := v.(type) {
		case string:
			if v == "OK" && r.IntN(2) == 0 {
				return v
			}
			return []byte(v)
		case []any:
			list := make([]any, len(v))
			for i := range v {
				list[i] = encode(v[i])
			}
			return list
		}
		return v
	}
	for range 3000 {
		noise := make([]byte, r.IntN(20))
		for i := range noise {
			noise[i] = byte(r.Uint32())
		}
		want := []any{"OK", string(noise), []any{"OK", string(noise)}, randomTree(r, 5)}
		body, err := json.Marshal(map[string]any{"result": encode(want)})
		if err != nil {
			t.Fatal(err)
		}
		reply, err := wire.Single(body, wire.Base64)
		if err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		if diff := cmp.Diff(any(want), tree(reply)); diff != "" {
			t.Fatalf("%s (-want +got)\n%s", body, diff)
		}
	}
}

func TestEncodingJSONReadsWhatWeWrite(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	for range 3000 {
		want := []string{"SET", randomText(r), randomText(r)}
		body, err := wire.AppendCommand(nil, command.NewArgs(want[0], want[1], want[2]))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		if err := json.Unmarshal(body, &got); err != nil {
			t.Fatalf("%q: %v", body, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%q (-want +got)\n%s", body, diff)
		}
	}
}
