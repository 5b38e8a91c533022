package upstash_test

import (
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// TestSearchOnTheWire makes every call of the search as the service documents it.
func TestSearchOnTheWire(t *testing.T) {
	t.Parallel()
	schema := []command.SearchField{
		{Name: "name", Type: command.SearchText},
		{Name: "price", Type: command.SearchF64, Fast: true},
		{Name: "inStock", Type: command.SearchBool},
	}
	create := command.SearchCreateArgs{On: command.SearchJSONs, Prefixes: []string{"product:"}, Schema: schema}
	wireless := command.SearchMatch("name", "wireless")
	inStock := command.SearchMatch("inStock", true)
	average := command.SearchAggs{"avg_price": command.SearchAvgOf("price")}
	type product struct {
		Name  string  `json:"name"`
		Price float64 `json:"price"`
	}
	checkDocumented(t, "Search", []documented{
		says("SearchCreate", func(ctx wireContext, rdb wireClient) (bool, error) { return rdb.SearchCreate(ctx, "products", create) }, `1`, true,
			"SEARCH.CREATE", "products", "ON", "JSON", "PREFIX", "1", "product:", "SCHEMA", "name", "TEXT", "price", "F64", "FAST", "inStock", "BOOL"),
		says("SearchDescribe", func(ctx wireContext, rdb wireClient) (command.SearchIndex, error) {
			return rdb.SearchDescribe(ctx, "products")
		},
			`["name", "products", "type", "JSON", "prefixes", ["product:"], "language", "english", "indexSize", 1234, "pendingUpdates", 2,
				"schema", [["name", "TEXT"], ["price", "F64", "FAST"], ["inStock", "BOOL"]]]`,
			command.SearchIndex{Name: "products", Type: command.SearchJSONs, Prefixes: []string{"product:"}, Language: "english",
				Size: 1234, Pending: 2, Schema: schema}, "SEARCH.DESCRIBE", "products"),
		says("SearchDescribe", func(ctx wireContext, rdb wireClient) (command.SearchIndex, error) {
			return rdb.SearchDescribe(ctx, "products")
		},
			`null`, upstash.ErrNil, "SEARCH.DESCRIBE", "products"),
		says("SearchDrop", func(ctx wireContext, rdb wireClient) (bool, error) { return rdb.SearchDrop(ctx, "products") },
			`0`, false, "SEARCH.DROP", "products"),
		says("SearchReindex", func(ctx wireContext, rdb wireClient) (bool, error) { return rdb.SearchReindex(ctx, "products") },
			`1`, true, "SEARCH.REINDEX", "products"),
		says("SearchWaitIndexing", func(ctx wireContext, rdb wireClient) (bool, error) { return rdb.SearchWaitIndexing(ctx, "products") },
			`1`, true, "SEARCH.WAITINDEXING", "products"),
		says("SearchAliasAdd", func(ctx wireContext, rdb wireClient) (bool, error) {
			return rdb.SearchAliasAdd(ctx, "shop", "products")
		},
			`2`, false, "SEARCH.ALIASADD", "shop", "products"),
		says("SearchAliasDel", func(ctx wireContext, rdb wireClient) (bool, error) { return rdb.SearchAliasDel(ctx, "shop") },
			`1`, true, "SEARCH.ALIASDEL", "shop"),
		says("SearchListAliases", func(ctx wireContext, rdb wireClient) (map[string]string, error) { return rdb.SearchListAliases(ctx) },
			`[["shop", "products"], ["OK", "gone"]]`, map[string]string{"shop": "products", "OK": "gone"}, "SEARCH.LISTALIASES"),
		says("SearchListIndexes", func(ctx wireContext, rdb wireClient) ([]command.SearchIndexName, error) {
			return rdb.SearchListIndexes(ctx)
		},
			`[["name", "products", "type", "JSON"]]`, []command.SearchIndexName{{Name: "products", Type: command.SearchJSONs}}, "SEARCH.LISTINDEXES"),
		says("SearchListIndexesWith", func(ctx wireContext, rdb wireClient) ([]command.SearchIndexName, error) {
			return rdb.SearchListIndexesWith(ctx, command.SearchListOptions{Match: "product*", Limit: 10})
		}, `[]`, []command.SearchIndexName{}, "SEARCH.LISTINDEXES", "MATCH", "product*", "LIMIT", "10"),

		says("SearchQuery", func(ctx wireContext, rdb wireClient) ([]command.SearchHit, error) {
			return rdb.SearchQuery(ctx, "products", wireless)
		},
			`[["product:1", "5.23", [["$", "{\"name\":\"Wireless Headphones\",\"price\":99.99}"]]], ["product:2", "3.11", [["name", "Headset"]]]]`,
			[]command.SearchHit{
				{Key: "product:1", Score: 5.23, ScoreText: "5.23", Fields: []command.Pair{{Key: "$", Value: `{"name":"Wireless Headphones","price":99.99}`}}},
				{Key: "product:2", Score: 3.11, ScoreText: "3.11", Fields: []command.Pair{{Key: "name", Value: "Headset"}}},
			}, "SEARCH.QUERY", "products", `{"name":"wireless"}`),
		says("SearchQuery", func(ctx wireContext, rdb wireClient) ([]command.SearchDocument[product], error) {
			return upstash.Exec(ctx, rdb, command.SearchJSON[product](command.SearchQuery("products", wireless)))
		}, `[["product:1", "5.23", [["$", "{\"name\":\"Wireless Headphones\",\"price\":99.99}"]]]]`,
			[]command.SearchDocument[product]{{Key: "product:1", Score: 5.23, Value: product{"Wireless Headphones", 99.99}}},
			"SEARCH.QUERY", "products", `{"name":"wireless"}`),
		says("SearchQuery", func(ctx wireContext, rdb wireClient) ([]command.SearchHit, error) {
			return rdb.SearchQuery(ctx, "products", wireless)
		},
			`null`, upstash.ErrNil, "SEARCH.QUERY", "products", `{"name":"wireless"}`),
		says("SearchQueryWith", func(ctx wireContext, rdb wireClient) ([]command.SearchHit, error) {
			return rdb.SearchQueryWith(ctx, "products", wireless, command.SearchQueryOptions{Limit: 10, Offset: 20, NoContent: true})
		}, `[["product:1", "1"]]`, []command.SearchHit{{Key: "product:1", Score: 1, ScoreText: "1"}},
			"SEARCH.QUERY", "products", `{"name":"wireless"}`, "LIMIT", "10", "OFFSET", "20", "NOCONTENT"),
		says("SearchCount", func(ctx wireContext, rdb wireClient) (int64, error) { return rdb.SearchCount(ctx, "products", inStock) },
			`"42"`, int64(42), "SEARCH.COUNT", "products", `{"inStock":true}`),
		says("SearchCount", func(ctx wireContext, rdb wireClient) (int64, error) { return rdb.SearchCount(ctx, "products", inStock) },
			`-1`, upstash.ErrNil, "SEARCH.COUNT", "products", `{"inStock":true}`),
		says("SearchAggregate", func(ctx wireContext, rdb wireClient) (map[string]command.SearchResult, error) {
			return rdb.SearchAggregate(ctx, "products", command.SearchAll(), average)
		}, `["avg_price", ["value", "49.99"], "by_category", ["buckets", [["key", "electronics", "docCount", 42]], "sumOtherDocCount", 0]]`,
			map[string]command.SearchResult{
				"avg_price": {Values: map[string]string{"value": "49.99"}},
				"by_category": {
					Values: map[string]string{"sumOtherDocCount": "0"},
					Lists:  map[string][]command.SearchResult{"buckets": {{Values: map[string]string{"key": "electronics", "docCount": "42"}}}},
				},
			}, "SEARCH.AGGREGATE", "products", "{}", `{"avg_price":{"$avg":{"field":"price"}}}`),
		says("SearchAggregate", func(ctx wireContext, rdb wireClient) (map[string]command.SearchResult, error) {
			return rdb.SearchAggregate(ctx, "products", inStock, average)
		}, `null`, upstash.ErrNil, "SEARCH.AGGREGATE", "products", `{"inStock":true}`, `{"avg_price":{"$avg":{"field":"price"}}}`),
	})
}
