package upstash_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// canned answers at once and counts: what is left is the client's own work.
type canned struct {
	body  string
	count atomic.Int64
}

func (c *canned) RoundTrip(req *http.Request) (*http.Response, error) {
	c.count.Add(1)
	return &http.Response{
		StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(c.body)), ContentLength: int64(len(c.body)), Request: req,
	}, nil
}

func benchmark(b *testing.B, body string, run func(context.Context, *upstash.Client) error) {
	b.Helper()
	rt := &canned{body: body}
	rdb, err := upstash.New(upstash.Options{URL: testURL, Token: testToken, HTTPClient: &http.Client{Transport: rt}})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := run(b.Context(), rdb); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(rt.count.Load())/float64(b.N), "roundtrips/op")
}

func BenchmarkGet(b *testing.B) {
	benchmark(b, `{"result":"aGVsbG8="}`, func(ctx context.Context, rdb *upstash.Client) error {
		_, err := rdb.Get(ctx, "greeting")
		return err
	})
}

func BenchmarkPipeline100(b *testing.B) {
	body := "[" + strings.TrimSuffix(strings.Repeat(`{"result":"aGVsbG8="},`, 100), ",") + "]"
	benchmark(b, body, func(ctx context.Context, rdb *upstash.Client) error {
		p := pipeline.New(rdb)
		for range 100 {
			p.Get("greeting")
		}
		return p.Exec(ctx)
	})
}
