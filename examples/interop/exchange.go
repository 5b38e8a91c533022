package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// unicode is the same text as in client.mjs.
const unicode = "naïve 日本語 🚀👩\u200d🚀 \"quoted\" \\ \x00 \u2028 \r\n\t <&>"

// document is what both sides write as JSON.
type document struct {
	ID     int      `json:"id"`
	Name   string   `json:"name"`
	Price  float64  `json:"price"`
	Tags   []string `json:"tags"`
	Owner  *string  `json:"owner"`
	Nested struct {
		On bool `json:"on"`
	} `json:"nested"`
}

func shared() document {
	d := document{ID: 42, Name: "Käse <&> 🧀", Price: 12.5, Tags: []string{"a", "b"}}
	d.Nested.On = true
	return d
}

// allBytes is every byte once, the highest first: not UTF-8.
func allBytes() []byte {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(255 - i)
	}
	return all
}

// fromGo writes with Go what TypeScript reads.
func (s *suite) fromGo(ctx context.Context) error {
	text, err := json.Marshal(shared())
	if err != nil {
		return err
	}
	p := pipeline.New(s.rdb)
	p.Set("go:text", "hello from Go: "+unicode)
	p.Set("go:small", 42)
	p.Set("go:big", int64(9223372036854775807))
	p.Set("go:json", text)
	p.HSet("go:hash", map[string]any{"name": "Ada", "age": 36, "big": "9007199254740993", "tags": `["a","b"]`})
	p.SAdd("go:set", "x", "y")
	p.ZAdd("go:zset", command.Z{Member: "high", Score: 1e6}, command.Z{Member: "low", Score: -1.5})
	p.Set("go:base64", base64.StdEncoding.EncodeToString(allBytes()))
	p.SetEx("go:expiring", "x", 90*time.Second)
	sha := p.ScriptLoad("return redis.call('STRLEN', KEYS[1])")
	if err := p.Exec(ctx); err != nil {
		return err
	}
	if err := s.rdb.Set(ctx, "go:sha", sha.Val()); err != nil {
		return err
	}
	// Bytes that are not UTF-8 go in a request of their own.
	if err := s.rdb.Set(ctx, "go:bytes", allBytes()); err != nil {
		return err
	}
	for _, args := range [][]any{
		{"RPUSH", "go:list", "a", 2, `{"c":3}`},
		{"XADD", "go:stream", "5-1", "kind", "order", "total", 99},
		{"XADD", "go:stream", "5-2", "kind", unicode},
	} {
		name, ok := args[0].(string)
		if !ok {
			return fmt.Errorf("%v is no name of a command", args[0])
		}
		if _, err := s.rdb.Raw(ctx, name, args[1:]...); err != nil {
			return err
		}
	}
	return s.typescript(ctx, "read")
}

// fromTypeScript reads with Go what TypeScript writes.
func (s *suite) fromTypeScript(ctx context.Context) error {
	if err := s.typescript(ctx, "write"); err != nil {
		return err
	}
	rdb := s.rdb
	s.check("reads text and numbers that TypeScript wrote",
		is("ts:text", "hello from TypeScript: "+unicode)(rdb.Get(ctx, "ts:text")),
		is("ts:number", "0.30000000000000004")(rdb.Get(ctx, "ts:number")),
		is("ts:bool", "true")(rdb.Get(ctx, "ts:bool")),
		is("ts:expiring", command.Null[time.Duration]{V: 90 * time.Second, Valid: true})(rdb.TTL(ctx, "ts:expiring")),
		is("ts:big", "9223372036854775806")(rdb.Get(ctx, "ts:big")),
		is("INCR ts:big", int64(9223372036854775807))(rdb.Incr(ctx, "ts:big")))

	base64Text, err := rdb.Get(ctx, "ts:base64")
	s.check("reads bytes that TypeScript wrote as base64 text", err, sameBytes(base64Text, allBytes()))
	raw, err := rdb.Get(ctx, "go:bytes")
	s.check("reads raw bytes back", err, is("go:bytes", allBytes())([]byte(raw), nil))

	s.check("reads JSON that TypeScript wrote",
		is("ts:json", shared())(upstash.Exec(ctx, rdb, command.JSON[document](command.Get("ts:json")))))

	s.check("reads a hash that TypeScript wrote",
		is("ts:hash", map[string]string{"name": "Ada", "age": "36", "address": `{"city":"Zürich"}`, "ok": "false"})(rdb.HGetAll(ctx, "ts:hash")))

	s.check("reads a sorted set that TypeScript wrote",
		is("ts:zset", []command.Z{{Member: "low", Score: -1.5}, {Member: "mid", Score: 2}, {Member: "high", Score: 1e6}})(
			rdb.ZRangeWithScores(ctx, "ts:zset", 0, -1)))

	list, err := rdb.Raw(ctx, "LRANGE", "ts:list", 0, -1)
	s.check("reads a list that TypeScript wrote", err, is("ts:list", []string{"a", "2", `{"c":3}`})(list.Texts()))
	members, err := rdb.SMembers(ctx, "ts:set")
	slices.Sort(members)
	s.check("reads a set that TypeScript wrote", is("ts:set", []string{"x", "y"})(members, err))
	stream, err := rdb.Raw(ctx, "XRANGE", "ts:stream", "-", "+")
	s.check("reads a stream that TypeScript wrote", err,
		is("ts:stream", []any{[]any{"5-1", []any{"kind", "order", "total", "99"}}})(plain(stream)))

	const superjson = `{"json":{"at":"2026-01-31T08:00:00.000Z","big":"9007199254740993","tags":["a"],"none":null},` +
		`"meta":{"values":{"at":["Date"],"big":["bigint"],"tags":["set"],"none":["undefined"]},"v":1}}`
	type inner struct {
		At   time.Time `json:"at"`
		Big  int64     `json:"big,string"`
		Tags []string  `json:"tags"`
	}
	type outer struct {
		JSON inner `json:"json"`
	}
	s.check("reads a superjson document that TypeScript wrote",
		is("ts:superjson", superjson)(rdb.Get(ctx, "ts:superjson")),
		is("its value", outer{inner{time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC), 9007199254740993, []string{"a"}}})(
			upstash.Exec(ctx, rdb, command.JSON[outer](command.Get("ts:superjson")))))
	return nil
}

func sameBytes(text string, want []byte) error {
	got, err := base64.StdEncoding.DecodeString(text)
	if err == nil && !bytes.Equal(got, want) {
		err = fmt.Errorf("got %x, want %x", got, want)
	}
	return err
}

// plain makes texts and lists of texts out of a reply.
func plain(r command.Reply) (any, error) {
	items, err := r.Array()
	if err != nil {
		return r.Text()
	}
	list := make([]any, len(items))
	for i, item := range items {
		if list[i], err = plain(item); err != nil {
			return nil, err
		}
	}
	return list, nil
}
