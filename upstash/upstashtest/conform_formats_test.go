package upstashtest_test

import (
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest/internal/conform"
)

// TestConformInEveryFormat runs the cases of [TestConformEmbedded], which asks for
// base64, with the other forms of replies. What plain JSON cannot hold, a dump's
// bytes, is left out there.
func TestConformInEveryFormat(t *testing.T) {
	t.Parallel()
	needs64Bits(t)
	for name, format := range map[string]upstash.ReplyFormat{
		"plain": upstash.FormatJSON, "resp2": upstash.FormatRESP2,
	} {
		for wayName, way := range conformWays {
			t.Run(name+"/"+wayName, func(t *testing.T) {
				t.Parallel()
				executed := 0
				for _, c := range conform.Cases() {
					if engineLacks.Entry(c) != "" || format == upstash.FormatJSON && c.Dumps() {
						continue
					}
					srv := upstashtest.New(t, upstashtest.Options{Clock: fixedClock, InProcess: true})
					o := srv.ClientOptions()
					o.Format = format
					rdb := upstash.Must(upstash.New(o))
					for _, problem := range c.Problems(t.Context(), rdb, way, 0) {
						t.Error(problem)
					}
					executed++
				}
				t.Logf("%d cases", executed)
			})
		}
	}
}
