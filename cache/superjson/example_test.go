package superjson_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache/superjson"
)

type order struct {
	ID     *big.Int                    `json:"id"`
	Placed time.Time                   `json:"placed"`
	Tags   superjson.Set[string]       `json:"tags"`
	Stock  superjson.Map[int, float64] `json:"stock"`
	Buyer  *person                     `json:"buyer"`
	Payer  *person                     `json:"payer"`
}

type person struct {
	Name string `json:"name"`
}

func Example() {
	ada := &person{"Ada"}
	text, err := superjson.Marshal(order{
		ID:     big.NewInt(9007199254740993),
		Placed: time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC),
		Tags:   superjson.Set[string]{"new", "gift"},
		Stock:  superjson.Map[int, float64]{{Key: 7, Value: 1.5}},
		Buyer:  ada,
		Payer:  ada,
	})
	if err != nil {
		panic(err)
	}
	fmt.Println(string(text))

	var back order
	if err := superjson.Unmarshal(text, &back); err != nil {
		panic(err)
	}
	fmt.Println(back.ID, back.Placed, back.Tags, back.Stock, back.Buyer == back.Payer)
	// Output:
	// {"json":{"id":"9007199254740993","placed":"2026-01-31T08:00:00.000Z","tags":["new","gift"],"stock":[[7,1.5]],"buyer":{"name":"Ada"},"payer":{"name":"Ada"}},"meta":{"values":{"id":["bigint"],"placed":["Date"],"tags":["set"],"stock":["map"]},"referentialEqualities":{"buyer":["payer"]},"v":1}}
	// 9007199254740993 2026-01-31 08:00:00 +0000 UTC [new gift] [{7 1.5}] true
}

// A document can carry members of its own: readers of superjson pass over them.
func ExampleDocument() {
	type entry struct {
		Header map[string]int `json:"$c"`
		superjson.Document
	}
	d, err := superjson.Encode(time.UnixMilli(0))
	if err != nil {
		panic(err)
	}
	text, err := json.Marshal(entry{map[string]int{"version": 1}, d})
	if err != nil {
		panic(err)
	}
	fmt.Println(string(text))

	var stored entry
	if err := json.Unmarshal(text, &stored); err != nil {
		panic(err)
	}
	var at time.Time
	fmt.Println(stored.Decode(&at), at)
	// Output:
	// {"$c":{"version":1},"json":"1970-01-01T00:00:00.000Z","meta":{"values":["Date"],"v":1}}
	// <nil> 1970-01-01 00:00:00 +0000 UTC
}

// What is in a document that nobody has described to Go.
func ExampleUnmarshal_any() {
	var v any
	text := `{"json":{"at":"1970-01-01T00:00:00.000Z","price":"1.10"},"meta":{"values":{"at":["Date"],"price":[["custom","decimal"]]},"v":1}}`
	if err := superjson.Unmarshal([]byte(text), &v); err != nil {
		panic(err)
	}
	object, _ := v.(superjson.Object)
	for _, member := range object {
		switch value := member.Value.(type) {
		case *time.Time:
			fmt.Println(member.Key, "is the time", value)
		case *superjson.Tagged:
			fmt.Println(member.Key, "is a", value.Name, "of", value.Value)
		}
	}
	// Output:
	// at is the time 1970-01-01 00:00:00 +0000 UTC
	// price is a decimal of 1.10
}
