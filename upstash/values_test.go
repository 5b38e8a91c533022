package upstash_test

import (
	"context"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// survivors are values that something on the way could take for something else.
func survivors() []string {
	list := []string{
		"", "OK", "PONG", "ok", "T0s=", "aGVsbG8=", "UE9ORw==", "YQ", "====", "null", "true", "[]", "{}", `{"error":"x"}`, `{"result":1}`, `"quoted"`,
		"007", "1e5", "1.0", "-0", "9007199254740993", "9223372036854775807", "-9223372036854775808", "18446744073709551616", "NaN", "inf",
		"👩‍🚀", "e\u0301", "é", "\u2028\u2029", "\uFEFF", "\uFFFD", "\U0010FFFF", "日本語", "ﷺ",
		"\x00", "a\x00b", "\n", "\r\n", "\t", `"`, `'`, "`", `\`, `\u0000`, `\n`, "/", "?", "#", "%", "%00", "%zz", "+", "&", "=", " ", "  x  ", "$1", "*1\r\n",
		"<script>", "data: x\n\n", "--\n", strings.Repeat("é\n\"", 1<<18), allBytes(), strings.Repeat(allBytes(), 2),
		"\xff", "\xc3", "\xc3(", "\xed\xa0\x80", "\xf0\x9f\x98", "a\x80b", "OK\xff", "\xff\xfe\x00", randomBytes(1 << 20),
	}
	for b := range 256 {
		list = append(list, string([]byte{byte(b)}))
	}
	r := rand.New(rand.NewPCG(11, 12))
	for range 100 {
		list = append(list, randomBytesOf(r, r.IntN(40)), string([]rune(strconv.FormatUint(r.Uint64(), 36))))
	}
	return list
}

func allBytes() string {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	return string(all)
}

func randomBytes(n int) string { return randomBytesOf(rand.New(rand.NewPCG(13, 14)), n) }

func randomBytesOf(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return string(b)
}

// same compares without printing a megabyte.
func same(t *testing.T, where, want, got string) {
	t.Helper()
	if want != got {
		t.Errorf("%s: %.40q (%d bytes) came back as %.40q (%d bytes)", where, want, len(want), got, len(got))
	}
}

// TestValuesSurvive stores every value and reads it back: alone, in a pipeline
// and in a transaction. What JSON cannot carry is stored alone and read in all ways.
func TestValuesSurvive(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t)
	rdb := srv.Client()
	ctx := t.Context()
	for _, value := range survivors() {
		if err := rdb.Set(ctx, "k", value); err != nil {
			t.Fatalf("%.40q: %v", value, err)
		}
		got, err := rdb.Get(ctx, "k")
		if err != nil {
			t.Fatal(err)
		}
		same(t, "alone", value, got)
		if n, err := rdb.StrLen(ctx, "k"); n != int64(len(value)) || err != nil {
			t.Errorf("%.40q: the server holds %d bytes, not %d (%v)", value, n, len(value), err)
		}
		for _, atomic := range []bool{false, true} {
			write := command.Set("batch", value).Args()
			if !utf8.ValidString(value) {
				write = command.Copy("k", "batch").Args()
			}
			replies, err := rdb.Do(ctx, upstash.Batch{Atomic: atomic, Commands: []command.Args{
				write, command.Get("batch").Args(), command.MGet("k", "none", "batch").Args(), command.Del("batch").Args(),
			}})
			if err != nil {
				t.Fatal(err)
			}
			got, err := replies[1].Text()
			if err != nil {
				t.Fatal(err)
			}
			same(t, "batch", value, got)
			list, err := replies[2].NullTexts()
			if err != nil || len(list) != 3 || !list[0].Valid || list[1].Valid || !list[2].Valid {
				t.Fatal(list, err)
			}
			same(t, "list", value, list[0].V)
			same(t, "list", value, list[2].V)
		}
	}
}

func TestIntegersSurvive(t *testing.T) {
	t.Parallel()
	if strconv.IntSize < 64 {
		t.Skip("the engine of the local server counts in int")
	}
	rdb := upstashtest.New(t).Client()
	for _, n := range []int64{0, 1, -1, math.MaxInt64, math.MinInt64, 1<<53 + 1, -1<<53 - 1, math.MaxInt64 - 1} {
		key := strconv.FormatInt(n, 10)
		got, err := rdb.IncrBy(t.Context(), key, n)
		if got != n || err != nil {
			t.Errorf("INCRBY %d: %d, %v", n, got, err)
		}
		if text, err := rdb.Get(t.Context(), key); text != key || err != nil {
			t.Errorf("%d is stored as %q, %v", n, text, err)
		}
		replies, err := rdb.Do(t.Context(), upstash.Batch{Commands: []command.Args{command.IncrBy(key, 0).Args(), command.Get(key).Args()}})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := replies[0].Int(); got != n || err != nil {
			t.Errorf("INCRBY %d in a pipeline: %d, %v", n, got, err)
		}
	}
}

// Keys, fields and members are strings like values.
func TestKeysAndFieldsSurvive(t *testing.T) {
	t.Parallel()
	rdb := upstashtest.New(t).Client()
	ctx := context.WithoutCancel(t.Context())
	want := map[string]string{}
	for i, s := range survivors() {
		if !utf8.ValidString(s) || len(s) > 1<<10 {
			continue
		}
		value := strconv.Itoa(i)
		want[s] = value
		if err := rdb.Set(ctx, s, value); err != nil {
			t.Fatal(err)
		}
		if got, err := rdb.Get(ctx, s); got != value || err != nil {
			t.Errorf("key %q: %q, %v", s, got, err)
		}
		if _, err := rdb.HSetField(ctx, " hash", s, value); err != nil {
			t.Fatal(err)
		}
	}
	got, err := rdb.HGetAll(ctx, " hash")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
