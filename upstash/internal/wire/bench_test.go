package wire_test

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/internal/wire"
)

func BenchmarkAppendBatch(b *testing.B) {
	batch := make([]command.Args, 100)
	for i := range batch {
		batch[i] = command.Set("user:"+strconv.Itoa(i), strings.Repeat("v", 100)).Args()
	}
	b.Run("wire", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			body, err := wire.AppendBatch(make([]byte, 0, wire.Size(batch)), batch)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(body)))
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			words := make([][]string, len(batch))
			for i, c := range batch {
				words[i] = c.Words()
			}
			body, err := json.Marshal(words)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(body)))
		}
	})
}

// BenchmarkDecode100 reads 100 values of 100 bytes, and what a client without a
// decoder of its own would do: encoding/json into any, then base64 of each string.
func BenchmarkDecode100(b *testing.B) {
	value := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("v", 100)))
	body := []byte(`[` + strings.TrimSuffix(strings.Repeat(`{"result":"`+value+`"},`, 100), ",") + `]`)
	b.Run("wire", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			if _, _, err := wire.Batch(body, wire.Base64, 100); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			var replies []map[string]any
			if err := json.Unmarshal(body, &replies); err != nil {
				b.Fatal(err)
			}
			for _, r := range replies {
				text, ok := r["result"].(string)
				if _, err := base64.StdEncoding.DecodeString(text); err != nil || !ok {
					b.Fatal(err)
				}
			}
		}
	})
}
