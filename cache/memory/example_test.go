package memory_test

import (
	"fmt"
	"strings"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache/memory"
)

func Example() {
	store := memory.New(64 << 10)
	store.Set("tea", "450", time.Minute)
	fmt.Println(store.Get("tea"))

	// Whatever comes later, it stays within its bound.
	for i := range 10_000 {
		store.Set(fmt.Sprint("key ", i), strings.Repeat("x", 1000), time.Minute)
	}
	fmt.Println(store.Bytes() <= 64<<10)

	store.Set("tea", "500", time.Minute)
	store.Delete("tea")
	fmt.Println(store.Get("tea"))
	// Output:
	// 450 true
	// true
	//  false
}
