package upstash_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// A filter is built from parts, and goes out as the JSON of the service's query
// language. Search is of the service alone: this shows what is sent.
func ExampleCommands_SearchQueryWith() {
	type product struct {
		Name  string  `json:"name"`
		Price float64 `json:"price"`
	}
	filter := command.SearchMust(
		command.SearchMatch("category", "electronics"),
		command.SearchWhere("price", command.SearchGte(100), command.SearchLt(200)),
	).Should(
		command.SearchMatch("name", "wireless").Boost(2),
	).MustNot(
		command.SearchWhere("name", command.SearchPhrase("in ear")),
	)
	query := command.SearchQueryWith("products", filter, command.SearchQueryOptions{Limit: 5})

	products, err := upstash.Exec(context.Background(), printing, command.SearchJSON[product](query))
	if errors.Is(err, upstash.ErrNil) {
		fmt.Println("there is no such index")
		return
	}
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range products {
		fmt.Println(p.Key, p.Score, p.Value.Price)
	}
	// Output:
	// ["SEARCH.QUERY" "products" "{\"$must\":[{\"category\":\"electronics\"},{\"price\":{\"$gte\":100,\"$lt\":200}}],\"$should\":[{\"name\":\"wireless\",\"$boost\":2}],\"$mustNot\":[{\"name\":{\"$phrase\":\"in ear\"}}]}" "LIMIT" "5"]
	// there is no such index
}

// Aggregations are built in the same way, with others inside their groups.
func ExampleCommands_SearchAggregate() {
	rdb := upstash.Over(printing)
	results, err := rdb.SearchAggregate(context.Background(), "products", command.SearchAll(), command.SearchAggs{
		"average": command.SearchAvgOf("price"),
		"brands": command.SearchByTerms("brand", command.SearchTermsOptions{Size: 5}).With(command.SearchAggs{
			"cheapest": command.SearchMinOf("price"),
		}),
	})
	if errors.Is(err, upstash.ErrNil) {
		fmt.Println("there is no such index")
		return
	}
	if err != nil {
		log.Fatal(err)
	}
	for _, brand := range results["brands"].Buckets() {
		cheapest, err := brand.Parts["cheapest"].Float("value")
		fmt.Println(brand.Values["key"], cheapest, err)
	}
	// Output:
	// ["SEARCH.AGGREGATE" "products" "{}" "{\"average\":{\"$avg\":{\"field\":\"price\"}},\"brands\":{\"$terms\":{\"field\":\"brand\",\"size\":5},\"$aggs\":{\"cheapest\":{\"$min\":{\"field\":\"price\"}}}}}"]
	// there is no such index
}
