package wire_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/internal/wire"
)

// The tests of this file run alone: they look at the memory of the process.

// bytesPerRun is what testing.AllocsPerRun is for allocations.
func bytesPerRun(runs int, f func()) uint64 {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	f()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range runs {
		f()
	}
	runtime.ReadMemStats(&after)
	return (after.TotalAlloc - before.TotalAlloc) / uint64(runs)
}

func TestEncodeAllocatesNothing(t *testing.T) { //nolint:paralleltest // see above
	args := command.NewArgs("HSET", "user:1", "name", "Ada \"L.\"", "visits", 42)
	batch := []command.Args{args, args, args}
	dst := make([]byte, 0, 2*wire.Size(batch))
	for name, encode := range map[string]func() ([]byte, error){
		"command of 5 arguments": func() ([]byte, error) { return wire.AppendCommand(dst, args) },
		"batch":                  func() ([]byte, error) { return wire.AppendBatch(dst, batch) },
	} {
		n := testing.AllocsPerRun(100, func() {
			if body, err := encode(); err != nil || len(body) == 0 {
				t.Fatal(body, err)
			}
		})
		if n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

// What is shared is in steps of blocks: ten texts of 100 bytes to one. Lists of
// JSON do not say how long they are; theirs is grown.
func TestDecodeAllocations(t *testing.T) { //nolint:paralleltest // see above
	values, words := texts(100, 100), texts(100, 5)
	lines := each(values, func(s string) string { return s[:50] + "\n" + s[51:] })
	for name, test := range map[string]struct {
		format        wire.Format
		body          string
		batch         int
		allocs, bytes uint64
	}{
		"100 values, base64":            {wire.Base64, jsonBatch(values, b64), 100, 11, 16384},
		"100 values, plain":             {wire.Plain, jsonBatch(values, quoted), 100, 11, 16384},
		"100 values, escaped":           {wire.Plain, jsonBatch(lines, quoted), 100, 13, 16640},
		"100 values, RESP2":             {wire.RESP2, respList(values), 100, 11, 16384},
		"100 values, RESP2, one by one": {wire.RESP2, respValues(values), 100, 11, 16384},
		"100 words, base64":             {wire.Base64, jsonBatch(words, b64), 100, 2, 7168},
		"100 words, RESP2":              {wire.RESP2, respList(words), 100, 2, 7168},
		"100 numbers, base64":           {wire.Base64, "[" + strings.Repeat(`{"result":1},`, 99) + `{"result":1}]`, 100, 1, 6144},
		"100 numbers, RESP2":            {wire.RESP2, "*100\r\n" + strings.Repeat(":1\r\n", 100), 100, 1, 6144},
		"list of 100, base64":           {wire.Base64, `{"result":[` + strings.Join(each(values, b64), ",") + `]}`, 0, 19, 40 << 10},
		"list of 100, RESP2":            {wire.RESP2, respList(values), 0, 11, 16384},
		"text, base64":                  {wire.Base64, `{"result":` + b64("hello") + `}`, 0, 1, 16},
		"text, RESP2":                   {wire.RESP2, "$5\r\nhello\r\n", 0, 1, 16},
		"long text, base64":             {wire.Base64, `{"result":` + b64(strings.Repeat("v", 1<<16)) + `}`, 0, 1, 1 << 16},
		"long text, RESP2":              {wire.RESP2, respValues(texts(1, 1<<16)), 0, 1, 1 << 16},
		"number, base64":                {wire.Base64, `{"result":1}`, 0, 0, 0},
		"number, RESP2":                 {wire.RESP2, ":1\r\n", 0, 0, 0},
		"nil, RESP2":                    {wire.RESP2, "$-1\r\n", 0, 0, 0},
	} {
		body := []byte(test.body)
		decode := func() {
			if test.batch == 0 {
				if _, err := wire.Single(body, test.format); err != nil {
					t.Fatal(name, err)
				}
			} else if _, _, err := wire.Batch(body, test.format, test.batch); err != nil {
				t.Fatal(name, err)
			}
		}
		// The growth of a slice and the classes of sizes are the runtime's: where
		// they count, the number is the most there may be.
		if n := testing.AllocsPerRun(100, decode); n > float64(test.allocs) || n < float64(test.allocs)/2 {
			t.Errorf("%s: %v allocations, not %d", name, n, test.allocs)
		}
		if n := bytesPerRun(100, decode); n > test.bytes {
			t.Errorf("%s: %d bytes, more than %d", name, n, test.bytes)
		}
	}
}

// A body may declare any length, also many times over. It is refused before
// there is room for it.
func TestDeclaredLengthsAskForNothing(t *testing.T) { //nolint:paralleltest // see above
	pad := strings.Repeat("+\r\n", 1<<16)
	const message, oneArray = 512, 60_000 * 64
	for name, test := range map[string]struct {
		body string
		most uint64
	}{
		"array":                             {"*1000000000\r\n" + pad, message},
		"largest array":                     {"*2147483647\r\n" + pad, message},
		"string":                            {"$1000000000\r\n" + pad, message},
		"arrays in array":                   {"*2\r\n*1000000000\r\n" + pad, message},
		"nested, each as large as the rest": {strings.Repeat("*60000\r\n", 60) + pad, oneArray + message},
	} {
		body := []byte(test.body)
		n := bytesPerRun(10, func() {
			if _, err := wire.Single(body, wire.RESP2); err == nil {
				t.Fatal(name, "was accepted")
			}
		})
		if n > test.most {
			t.Errorf("%s: %d bytes for a body of %d", name, n, len(body))
		}
	}
}

// Whoever keeps one short text of a large reply does not keep the reply.
func TestAKeptTextDoesNotKeepItsReply(t *testing.T) { //nolint:paralleltest // see above
	const replies, size = 64, 64 << 10
	words := texts(size/64, 60)
	heap := func() int64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	for name, body := range map[string]struct {
		format wire.Format
		text   string
	}{
		"base64": {wire.Base64, jsonBatch(words, b64)},
		"RESP2":  {wire.RESP2, respList(words)},
	} {
		kept := make([]string, replies)
		before := heap()
		for i := range kept {
			items, _, err := wire.Batch([]byte(body.text), body.format, len(words))
			if err != nil {
				t.Fatal(err)
			}
			kept[i], _ = items[i].Text()
		}
		grown := heap() - before
		if most := int64(replies * 2 << 10); grown > most {
			t.Errorf("%s: %d texts of %d bytes keep %d bytes", name, replies, len(words[0]), grown)
		}
		runtime.KeepAlive(kept)
	}
}
