package superjson_test

import (
	"fmt"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/cache/superjson"
)

// The time for one record stays the same however many there are.
func BenchmarkRecords(b *testing.B) {
	for _, n := range []int{100, 1000, 10_000} {
		records := make([]*ring, n)
		for i := range records {
			records[i] = &ring{Name: "some name", Next: &ring{Name: "shared by two"}}
			if i%2 == 1 {
				records[i].Next = records[i-1].Next
			}
		}
		text, err := superjson.Marshal(records)
		noErr(b, err)
		perRecord := func(b *testing.B) {
			b.Helper()
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/record")
		}
		b.Run(fmt.Sprintf("Marshal/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := superjson.Marshal(records); err != nil {
					b.Fatal(err)
				}
			}
			perRecord(b)
		})
		b.Run(fmt.Sprintf("Unmarshal/%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var back []*ring
				if err := superjson.Unmarshal(text, &back); err != nil {
					b.Fatal(err)
				}
			}
			perRecord(b)
		})
	}
}
