package cache_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/cache/superjson"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// Values that are compressed where that pays, and then encrypted. Keys come
// from where the program has its secrets, 32 random bytes each.
func ExampleEncrypted() {
	srv, err := upstashtest.NewServer(upstashtest.Options{}) // in production: rdb, err := upstash.FromEnv()
	if err != nil {
		panic(err)
	}
	defer srv.Close()
	rdb, ctx := srv.Client(), context.Background()
	c, err := cache.New(rdb, cache.Options{Namespace: "clinic"})
	if err != nil {
		panic(err)
	}

	newKey, oldKey := make([]byte, 32), make([]byte, 32)
	for _, key := range [][]byte{newKey, oldKey} {
		_, _ = rand.Read(key)
	}
	small := cache.Compressed(cache.JSON(), cache.CompressOptions{})
	sealed, err := cache.Encrypted(small, newKey, oldKey) // the first seals, all of them open
	if err != nil {
		panic(err)
	}
	letters := cache.Of[string](c, cache.ViewOptions{Prefix: "letter:", Codec: sealed})

	letter := strings.Repeat("Dear patient, ", 1000)
	if err := letters.Set(ctx, "42", letter); err != nil {
		panic(err)
	}
	stored, err := rdb.Get(ctx, "clinic:k:letter:42")
	fmt.Println("readable in Redis:", strings.Contains(stored, "patient"), err)
	fmt.Println("smaller:", len(stored) < len(letter)/10)

	got, err := letters.Get(ctx, "42")
	fmt.Println("read back:", got == letter, err)

	// An entry that was copied to another key does not open.
	if err := rdb.Set(ctx, "clinic:k:letter:7", stored); err != nil {
		panic(err)
	}
	_, err = letters.Get(ctx, "7")
	fmt.Println(err)
	// Output:
	// readable in Redis: false <nil>
	// smaller: true
	// read back: true <nil>
	// cache: miss
}

// Entries that TypeScript reads with superjson.parse, dates and big integers
// included, and documents that it wrote with superjson.stringify.
func ExampleViewOptions_superjson() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		panic(err)
	}
	defer srv.Close()
	rdb, ctx := srv.Client(), context.Background()
	c, err := cache.New(rdb, cache.Options{Namespace: "shop"})
	if err != nil {
		panic(err)
	}
	type order struct {
		At    time.Time `json:"at"`
		Total *big.Int  `json:"total"`
	}
	orders := cache.Of[order](c, cache.ViewOptions{Prefix: "order:", Codec: superjson.Codec(), Foreign: true})

	at := time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC)
	if err := orders.Set(ctx, "1", order{At: at, Total: big.NewInt(1250)}); err != nil {
		panic(err)
	}
	stored, err := rdb.Get(ctx, "shop:k:order:1")
	_, document, _ := strings.Cut(stored, "},")
	fmt.Println(document, err)

	// What TypeScript stores by redis.set("shop:k:order:2", superjson.stringify(order)).
	text := `{"json":{"at":"2026-02-01T00:00:00.000Z","total":"990"},"meta":{"values":{"at":["Date"],"total":["bigint"]},"v":1}}`
	if err := rdb.Set(ctx, "shop:k:order:2", text); err != nil {
		panic(err)
	}
	second, err := orders.Get(ctx, "2")
	fmt.Println(second.At.Format(time.DateOnly), second.Total, err)
	// Output:
	// "json":{"at":"2026-01-31T08:00:00.000Z","total":"1250"},"meta":{"values":{"at":["Date"],"total":["bigint"]},"v":1}} <nil>
	// 2026-02-01 990 <nil>
}
