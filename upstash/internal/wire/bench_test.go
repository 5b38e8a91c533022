package wire_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

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

// BenchmarkDecode100 reads a pipeline's 100 values of 100 bytes.
func BenchmarkDecode100(b *testing.B) {
	values := texts(100, 100)
	for _, bb := range []struct {
		name   string
		format wire.Format
		body   string
	}{
		{"base64", wire.Base64, jsonBatch(values, b64)},
		{"plain", wire.Plain, jsonBatch(values, quoted)},
		{"RESP2", wire.RESP2, respList(values)},
	} {
		b.Run(bb.name, func(b *testing.B) {
			body := []byte(bb.body)
			b.ReportAllocs()
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				if _, _, err := wire.Batch(body, bb.format, 100); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkDecode100Ratio takes turns, so that a busy machine slows all alike.
// The yardstick is encoding/json into any, which leaves the base64 as it is. To
// be held: base64/any at most 0.5, RESP2/base64 below 1.
func BenchmarkDecode100Ratio(b *testing.B) {
	values := texts(100, 100)
	encoded, resp := []byte(jsonBatch(values, b64)), []byte(respList(values))
	since := func(begin time.Time, err error) time.Duration {
		if err != nil {
			b.Fatal(err)
		}
		return time.Since(begin)
	}
	var base64, resp2, standard time.Duration
	for b.Loop() {
		begin := time.Now()
		_, _, err := wire.Batch(encoded, wire.Base64, 100)
		base64 += since(begin, err)

		begin = time.Now()
		_, _, err = wire.Batch(resp, wire.RESP2, 100)
		resp2 += since(begin, err)

		begin = time.Now()
		var v any
		err = json.Unmarshal(encoded, &v)
		standard += since(begin, err)
	}
	b.ReportMetric(float64(base64)/float64(standard), "base64/any")
	b.ReportMetric(float64(resp2)/float64(base64), "RESP2/base64")
}
