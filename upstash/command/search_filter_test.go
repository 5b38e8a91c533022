package command_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// TestSearchFilters compares filters with the JSON of the service's documentation.
func TestSearchFilters(t *testing.T) {
	t.Parallel()
	match, where := command.SearchMatch, command.SearchWhere
	type id string
	for _, tt := range []struct {
		filter command.SearchFilter
		want   string
	}{
		{command.SearchAll(), `{}`},
		{match("name", "headphones"), `{"name":"headphones"}`},
		{match("description", `"noise reducing"`), `{"description":"\"noise reducing\""}`},
		{match("inStock", true), `{"inStock":true}`},
		{match("price", 199.99), `{"price":199.99}`},
		{match("views", uint64(math.MaxUint64)), `{"views":18446744073709551615}`},
		{match("id", id("x")), `{"id":"x"}`},
		{match("id", []byte("x")), `{"id":"x"}`},
		{match("n", json.Number("12345678901234567890")), `{"n":12345678901234567890}`},
		{match("html", "<em>&"), `{"html":"<em>&"}`},
		{match("createdAt", time.Date(2024, 2, 1, 0, 0, 0, 0, time.UTC)), `{"createdAt":"2024-02-01T00:00:00Z"}`},
		{where("name", command.SearchEq("wireless headphones")), `{"name":{"$eq":"wireless headphones"}}`},
		{where("price", command.SearchGt(9.99), command.SearchNe(99.99)), `{"price":{"$gt":9.99,"$ne":99.99}}`},
		{where("price", command.SearchGte(100), command.SearchLte(200)), `{"price":{"$gte":100,"$lte":200}}`},
		{where("tag", command.SearchLt("m")), `{"tag":{"$lt":"m"}}`},
		{where("category", command.SearchIn("/category/books", "/category/electronics")),
			`{"category":{"$in":["/category/books","/category/electronics"]}}`},
		{where("name", command.SearchFuzzy("headphon")), `{"name":{"$fuzzy":"headphon"}}`},
		{where("name", command.SearchFuzzyWith("haedphone", command.SearchFuzzyOptions{Distance: 2, SwapIsTwo: true})),
			`{"name":{"$fuzzy":{"value":"haedphone","distance":2,"transpositionCostOne":false}}}`},
		{where("name", command.SearchFuzzyWith("haedpho", command.SearchFuzzyOptions{Prefix: true})),
			`{"name":{"$fuzzy":{"value":"haedpho","prefix":true}}}`},
		{where("description", command.SearchPhrase("noise reducing")), `{"description":{"$phrase":"noise reducing"}}`},
		{where("description", command.SearchPhraseWith("wireless headphones", command.SearchPhraseOptions{Slop: 2})),
			`{"description":{"$phrase":{"value":"wireless headphones","slop":2}}}`},
		{where("name", command.SearchPhraseWith("wireless head", command.SearchPhraseOptions{Prefix: true})),
			`{"name":{"$phrase":{"value":"wireless head","prefix":true}}}`},
		{where("email", command.SearchRegex(`.*@company\.com`)), `{"email":{"$regex":".*@company\\.com"}}`},
		{where("name", command.SearchSmart("wireless headphones"), command.SearchBoost(2)),
			`{"name":{"$smart":"wireless headphones","$boost":2}}`},
		{where("name", command.SearchOperator("$new", map[string]int{"b": 1, "a": 2})), `{"name":{"$new":{"a":2,"b":1}}}`},
		{command.SearchAnd(where("name", command.SearchSmart("a"), command.SearchBoost(2)), match("b", 1)),
			`{"$and":[{"name":{"$smart":"a","$boost":2}},{"b":1}]}`},
		{command.SearchOr(match("a", 1), command.SearchAnd(match("b", 2), match("c", 3))),
			`{"$or":[{"a":1},{"$and":[{"b":2},{"c":3}]}]}`},
		{command.SearchShould(match("category", "electronics"), match("category", "sports")),
			`{"$should":[{"category":"electronics"},{"category":"sports"}]}`},
		{command.SearchShould(match("a", 1)).MustNot(match("b", 2)), `{"$should":[{"a":1}],"$mustNot":[{"b":2}]}`},
		{command.SearchMust(match("category", "electronics"), match("inStock", true)).
			Should(match("name", "wireless"), match("description", "bluetooth").Boost(-2)).
			MustNot(match("description", "budget")),
			`{"$must":[{"category":"electronics"},{"inStock":true}],` +
				`"$should":[{"name":"wireless"},{"description":"bluetooth","$boost":-2}],"$mustNot":[{"description":"budget"}]}`},
		{command.SearchShould(command.SearchMust(match("a", 1), match("b", 2)), command.SearchMust(match("c", 3))),
			`{"$should":[{"$must":[{"a":1},{"b":2}]},{"$must":[{"c":3}]}]}`},
		{match("a", 1).MustNot(match("b", 2)).MustNot(match("c", 3)), `{"$must":[{"a":1}],"$mustNot":[{"b":2},{"c":3}]}`},
		{match("a", 1).Should(match("b", 2)), `{"$must":[{"a":1}],"$should":[{"b":2}]}`},
		{command.SearchShould(match("a", 1)).Should(match("b", 2)), `{"$must":[{"$should":[{"a":1}]}],"$should":[{"b":2}]}`},
		{command.SearchMust(match("a", 1)).Boost(0.5).Should(match("b", 2)), `{"$must":[{"a":1}],"$should":[{"b":2}],"$boost":0.5}`},
		{command.SearchRaw(` {"b": 12345678901234567890, "a": {"$x": "<"}} `), `{"b":12345678901234567890,"a":{"$x":"<"}}`},
		{command.SearchRaw(`{"a":1}`).Boost(2), `{"a":1,"$boost":2}`},
		{command.SearchRaw(`{"a":1}`).MustNot(match("b", 2)), `{"$must":[{"a":1}],"$mustNot":[{"b":2}]}`},
		{command.SearchRaw(`{}`), `{}`},
	} {
		c := command.SearchCount("i", tt.filter)
		if err := c.Err(); err != nil {
			t.Errorf("%s: %v", tt.want, err)
			continue
		}
		if diff := cmp.Diff(tt.want, c.Args().At(2)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if !json.Valid([]byte(c.Args().At(2))) {
			t.Errorf("not JSON: %s", c.Args().At(2))
		}
	}
}

// TestSearchFiltersAreValues checks that what is made of a filter does not change it.
func TestSearchFiltersAreValues(t *testing.T) {
	t.Parallel()
	base := command.SearchMust(command.SearchMatch("a", 1)).Should(command.SearchMatch("b", 2))
	text := func(f command.SearchFilter) string { return command.SearchCount("i", f).Args().At(2) }
	one, two := base.Should(command.SearchMatch("c", 3)), base.Should(command.SearchMatch("d", 4))
	if diff := cmp.Diff([]string{
		`{"$must":[{"a":1}],"$should":[{"b":2}]}`,
		`{"$must":[{"a":1}],"$should":[{"b":2},{"c":3}]}`,
		`{"$must":[{"a":1}],"$should":[{"b":2},{"d":4}]}`,
	}, []string{text(base), text(one), text(two)}); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSearchFiltersRefuse(t *testing.T) {
	t.Parallel()
	err := func(f command.SearchFilter) error { return command.SearchCount("i", f).Err() }
	where := func(c ...command.SearchCondition) error { return err(command.SearchWhere("f", c...)) }
	match := command.SearchMatch("a", 1)
	checkRefused(t, []refused{
		{"zero filter", err(command.SearchFilter{}), "the filter is empty"},
		{"zero filter inside", err(command.SearchAnd(match, command.SearchFilter{})), "the filter is empty"},
		{"and of nothing", err(command.SearchAnd()), "at least one other"},
		{"or of nothing", err(command.SearchOr()), "at least one other"},
		{"must of nothing", err(command.SearchMust()), "at least one other"},
		{"should of nothing", err(command.SearchShould()), "at least one other"},
		{"must not of nothing", err(match.MustNot()), "at least one other"},
		{"all inside", err(command.SearchOr(match, command.SearchAll())), "stands alone"},
		{"all but", err(command.SearchAll().MustNot(match)), "stands alone"},
		{"all with a boost", err(command.SearchAll().Boost(2)), "no score to boost"},
		{"two boosts", err(match.Boost(2).Boost(3)), "two boosts"},
		{"boost of NaN", err(match.Boost(math.NaN())), "no JSON numbers"},
		{"error of a part", err(command.SearchMust(command.SearchMatch("", 1)).Should(match).MustNot(match).Boost(1)), "name of a field"},
		{"no field", err(command.SearchMatch("", 1)), "name of a field"},
		{"operator for a field", err(command.SearchMatch("$or", "x")), "name of a field"},
		{"object for a value", err(command.SearchMatch("f", map[string]any{"$ne": 1})), "no value to search for"},
		{"list for a value", err(command.SearchMatch("f", []string{"a"})), "no value to search for"},
		{"nil for a value", err(command.SearchMatch("f", nil)), "no value to search for"},
		{"NaN for a value", err(command.SearchMatch("f", math.NaN())), "does not marshal to JSON"},
		{"bytes for a value", err(command.SearchMatch("f", "\xff")), "not valid UTF-8"},
		{"bytes for a field", err(command.SearchMatch("\xff", 1)), "not valid UTF-8"},
		{"no conditions", where(), "at least one condition"},
		{"zero condition", where(command.SearchCondition{}), "a condition is empty"},
		{"condition twice", where(command.SearchGt(1), command.SearchGt(2)), "twice"},
		{"in nothing", where(command.SearchIn()), "at least one value"},
		{"in a list", where(command.SearchIn(1, []int{2})), "no value to search for"},
		{"equal to an object", where(command.SearchEq(struct{}{})), "no value to search for"},
		{"no words", where(command.SearchFuzzy("")), "$fuzzy needs a text"},
		{"no pattern", where(command.SearchRegex("")), "$regex needs a text"},
		{"distance of 3", where(command.SearchFuzzyWith("a", command.SearchFuzzyOptions{Distance: 3})), "must be 1 or 2"},
		{"slop below 0", where(command.SearchPhraseWith("a", command.SearchPhraseOptions{Slop: -1})), "cannot be negative"},
		{"slop and prefix", where(command.SearchPhraseWith("a", command.SearchPhraseOptions{Slop: 1, Prefix: true})), "not both"},
		{"boost without end", where(command.SearchBoost(math.Inf(1))), "no JSON numbers"},
		{"operator without $", where(command.SearchOperator("eq", 1)), "begins with $"},
		{"operator without JSON", where(command.SearchOperator("$new", func() {})), "does not marshal"},
		{"raw text", err(command.SearchRaw("a")), "JSON text of an object"},
		{"raw list", err(command.SearchRaw("[]")), "JSON text of an object"},
		{"raw null", err(command.SearchRaw("null")), "JSON text of an object"},
		{"raw bytes", err(command.SearchRaw("{\"a\":\"\xff\"}")), "not valid UTF-8"},
		{"raw filter and more", err(command.SearchRaw(`{} {}`)), "JSON text of an object"},
		{"zero filter of a query", command.SearchQuery("i", command.SearchFilter{}).Err(), "the filter is empty"},
		{"zero filter of an aggregation", command.SearchAggregate("i", command.SearchFilter{},
			command.SearchAggs{"a": command.SearchAvgOf("f")}).Err(), "the filter is empty"},
	})
}

// TestSearchShowsNothing looks for values in refusals and in what prints.
func TestSearchShowsNothing(t *testing.T) {
	t.Parallel()
	filter := command.SearchMatch(marker, marker).Should(command.SearchWhere(marker, command.SearchPhrase(marker)))
	for _, v := range []any{
		filter, command.SearchEq(marker), command.SearchRawAggregation(`{"$` + marker + `":1}`),
		command.SearchAggs{"a": command.SearchByFacet(marker, "/"+marker, command.SearchFacetOptions{})},
		command.SearchQuery(marker, filter), command.SearchQuery(marker, filter).Args(),
		command.SearchCount(marker, command.SearchRaw(marker)).Err(),
		command.SearchCount(marker, command.SearchMatch(marker, marker+"\xff")).Err(),
		command.SearchCreate(marker, command.SearchCreateArgs{On: command.SearchSource(marker)}).Err(),
		command.SearchAggregate(marker, filter, command.SearchAggs{"$" + marker: command.SearchAvgOf(marker)}).Err(),
	} {
		if shown := fmt.Sprintf("%v %+v %#v", v, v, v); strings.Contains(shown, marker) {
			t.Errorf("%T shows what it holds: %s", v, shown)
		}
	}
}
