package luascript

import (
	"context"
	"testing"
)

var neverDone = context.Background()

func BenchmarkRun(b *testing.B) {
	for name, script := range map[string]string{
		"empty":       "return 1",
		"one call":    "return redis.call('PING')",
		"fixedWindow": fixedWindow,
		"concat":      "return ARGV[1]..':'..1.5",
		"pcall":       "local ok,e=pcall(redis.call,'NOPE') return e",
		"loop":        "local x=0 for i=1,10000 do x=x+i end return x",
		"cjson":       `return cjson.encode(cjson.decode('{"a":[1,2,{"b":null}]}'))`,
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			p := mustCompile(b, script)
			e := newEngine()
			o := Options{Keys: []string{"k"}, Args: []string{"10", "1000", "1"}, Call: e.call}
			for b.Loop() {
				p.Run(b.Context(), o)
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	b.Run("cached", func(b *testing.B) {
		for b.Loop() {
			mustCompile(b, fixedWindow)
		}
	})
	b.Run("new", func(b *testing.B) {
		for b.Loop() {
			if _, err := compileChunk(fixedWindow, chunkName); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// fixedWindow is what a rate limiter runs.
const fixedWindow = `
local key    = KEYS[1]
local limit  = tonumber(ARGV[1])
local window = ARGV[2]
local cost   = ARGV[3]
local r = redis.call("INCRBY", key, cost)
if r == tonumber(cost) then
  redis.call("SETPX", key, window)
end
return {r, limit}`
