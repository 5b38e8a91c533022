package command_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func TestSearchQueriesSend(t *testing.T) {
	t.Parallel()
	wireless := command.SearchMatch("name", "wireless")
	query := func(o command.SearchQueryOptions) command.Args {
		return command.SearchQueryWith("i", wireless, o).Args()
	}
	const plain = `SEARCH.QUERY i {"name":"wireless"}`
	checkSent(t, []sent{
		{command.SearchCount("i", wireless).Args(), `SEARCH.COUNT i {"name":"wireless"}`, command.ReadOnly},
		{command.SearchQuery("i", wireless).Args(), plain, command.ReadOnly},
		{query(command.SearchQueryOptions{Limit: 1000, Offset: 10000}), plain + " LIMIT 1000 OFFSET 10000", command.ReadOnly},
		{query(command.SearchQueryOptions{OrderBy: "price"}), plain + " ORDERBY price ASC", command.ReadOnly},
		{query(command.SearchQueryOptions{OrderBy: "price", Descending: true}), plain + " ORDERBY price DESC", command.ReadOnly},
		{query(command.SearchQueryOptions{Select: []string{"name", "price"}}), plain + " SELECT 2 name price", command.ReadOnly},
		{query(command.SearchQueryOptions{NoContent: true}), plain + " NOCONTENT", command.ReadOnly},
		{query(command.SearchQueryOptions{Highlight: command.SearchHighlight{Fields: []string{"name"}}}),
			plain + " HIGHLIGHT FIELDS 1 name", command.ReadOnly},
		{query(command.SearchQueryOptions{Limit: 5, Select: []string{"name"}, Highlight: command.SearchHighlight{
			Fields: []string{"name", "text"}, Open: "!!", Close: "**",
		}}), plain + " LIMIT 5 SELECT 1 name HIGHLIGHT FIELDS 2 name text TAGS !! **", command.ReadOnly},
		{query(command.SearchQueryOptions{Score: command.SearchScore{Values: []command.SearchScoreValue{{Field: "popularity"}}}}),
			plain + " SCOREFUNC FIELDVALUE popularity", command.ReadOnly},
		{query(command.SearchQueryOptions{Score: command.SearchScore{
			Values: []command.SearchScoreValue{
				{Field: "popularity", Modifier: command.SearchLog1P, Factor: 2, Missing: 0.5},
				{Field: "recency", Modifier: command.SearchSqrt},
			},
			Combine: command.SearchCombineSum,
			Mode:    command.SearchScoreReplace,
		}}), plain + " SCOREFUNC COMBINEMODE SUM SCOREMODE REPLACE FIELDVALUE popularity MODIFIER LOG1P FACTOR 2 MISSING 0.5" +
			" FIELDVALUE recency MODIFIER SQRT", command.ReadOnly},
	})
}

func TestSearchQueriesRefuse(t *testing.T) {
	t.Parallel()
	query := func(o command.SearchQueryOptions) error {
		return command.SearchQueryWith("i", command.SearchAll(), o).Err()
	}
	score := func(s command.SearchScore) error { return query(command.SearchQueryOptions{Score: s}) }
	value := func(v command.SearchScoreValue) error {
		return score(command.SearchScore{Values: []command.SearchScoreValue{v}})
	}
	one := []command.SearchScoreValue{{Field: "f"}}
	fields := command.SearchHighlight{Fields: []string{"f"}}
	checkRefused(t, []refused{
		{"limit below 1", query(command.SearchQueryOptions{Limit: -1}), "1 to 1000"},
		{"limit above 1000", query(command.SearchQueryOptions{Limit: 1001}), "1 to 1000"},
		{"offset below 0", query(command.SearchQueryOptions{Offset: -1}), "0 to 10000"},
		{"offset above 10000", query(command.SearchQueryOptions{Offset: 10001}), "0 to 10000"},
		{"direction of nothing", query(command.SearchQueryOptions{Descending: true}), "needs OrderBy"},
		{"order and score", query(command.SearchQueryOptions{OrderBy: "f", Score: command.SearchScore{Values: one}}), "cannot be combined"},
		{"no content of fields", query(command.SearchQueryOptions{NoContent: true, Select: []string{"f"}}), "leaves nothing"},
		{"no content with marks", query(command.SearchQueryOptions{NoContent: true, Highlight: fields}), "leaves nothing"},
		{"one tag", query(command.SearchQueryOptions{Highlight: command.SearchHighlight{Fields: fields.Fields, Open: "<"}}), "both of Open and Close"},
		{"tags for nothing", query(command.SearchQueryOptions{Highlight: command.SearchHighlight{Open: "<", Close: ">"}}), "Highlight needs Fields"},
		{"mode for nothing", score(command.SearchScore{Mode: command.SearchScoreSum}), "Score needs Values"},
		{"unknown mode", score(command.SearchScore{Values: one, Mode: "DIVIDE"}), "Mode must be"},
		{"unknown combination", score(command.SearchScore{Values: one, Combine: "REPLACE"}), "Combine must be"},
		{"unknown modifier", value(command.SearchScoreValue{Field: "f", Modifier: "CUBE"}), "Modifier must be"},
		{"value without a field", value(command.SearchScoreValue{Factor: 1}), "needs its Field"},
		{"factor of NaN", value(command.SearchScoreValue{Field: "f", Factor: math.NaN()}), "NaN is not a number"},
		{"factor without end", value(command.SearchScoreValue{Field: "f", Factor: math.Inf(1)}), "cannot be infinite"},
		{"missing without end", value(command.SearchScoreValue{Field: "f", Missing: math.Inf(-1)}), "cannot be infinite"},
	})
}

func TestSearchQueriesDecode(t *testing.T) {
	t.Parallel()
	count := command.SearchCount("i", command.SearchAll())
	checkReply(t, count, number(42), int64(42))
	checkReply(t, count, text("42"), int64(42))
	checkReply(t, count, number(-1), command.ErrNil)
	checkReply(t, count, text("-1"), command.ErrNil)

	query := command.SearchQuery("i", command.SearchAll())
	checkReply(t, query, command.Reply{}, command.ErrNil)
	checkReply(t, query, list(), []command.SearchHit{})
	checkReply(t, query, list(
		list("p:1", "5.23", list(list("$", `{"name":"a"}`))),
		list("p:2", 3, list(list("name", "b"), list("gone", nil), list("price", 5))),
		list("p:3", "9007199254740993"),
		list("p:4", "0.5", nil),
		list("p:5", "0.5", list(), "new"),
	), []command.SearchHit{
		{Key: "p:1", Score: 5.23, ScoreText: "5.23", Fields: []command.Pair{{Key: "$", Value: `{"name":"a"}`}}},
		{Key: "p:2", Score: 3, ScoreText: "3", Fields: []command.Pair{{Key: "name", Value: "b"}, {Key: "price", Value: "5"}}},
		{Key: "p:3", Score: 9007199254740992, ScoreText: "9007199254740993"},
		{Key: "p:4", Score: 0.5, ScoreText: "0.5"},
		{Key: "p:5", Score: 0.5, ScoreText: "0.5"},
	})
	hits, err := query.Decode(list(list("p:1", "2024-01-01T00:00:00Z")))
	if err != nil || !math.IsNaN(hits[0].Score) || hits[0].ScoreText != "2024-01-01T00:00:00Z" {
		t.Errorf("sorted by a date: %+v, %v", hits, err)
	}
	for name, r := range map[string]command.Reply{
		"text":                  text(marker),
		"text for a hit":        list(marker),
		"nil for a hit":         list(nil),
		"hit without a score":   list(list(marker)),
		"nil for a key":         list(list(nil, "1")),
		"list for a score":      list(list("k", list(marker))),
		"text for the fields":   list(list("k", "1", marker)),
		"text for a field":      list(list("k", "1", list(marker))),
		"field without a value": list(list("k", "1", list(list(marker)))),
		"number for a name":     list(list("k", "1", list(list(1, marker)))),
		"list for a value":      list(list("k", "1", list(list("f", list(marker))))),
	} {
		_, err := query.Decode(r)
		var decodeErr *command.DecodeError
		if !errors.As(err, &decodeErr) || strings.Contains(err.Error(), marker) {
			t.Errorf("%s: error = %v, want a DecodeError", name, err)
		}
	}
}

func TestSearchJSON(t *testing.T) {
	t.Parallel()
	type product struct{ Name string }
	c := command.SearchJSON[product](command.SearchQuery("i", command.SearchMatch("name", "a")))
	if diff := cmp.Diff([]string{"SEARCH.QUERY", "i", `{"name":"a"}`}, c.Args().Words()); diff != "" || c.Args().Class() != command.ReadOnly {
		t.Errorf("%v (-want +got):\n%s", c.Args().Class(), diff)
	}
	checkReply(t, c, list(list("p:1", "5", list(list("$", `{"name":"A"}`)))),
		[]command.SearchDocument[product]{{Key: "p:1", Score: 5, Value: product{Name: "A"}}})
	checkReply(t, c, command.Reply{}, command.ErrNil)
	for name, r := range map[string]command.Reply{
		"no content":      list(list("p:1", "5")),
		"selected fields": list(list("p:1", "5", list(list("name", marker)))),
		"no JSON":         list(list("p:1", "5", list(list("$", marker)))),
	} {
		_, err := c.Decode(r)
		var decodeErr *command.DecodeError
		if !errors.As(err, &decodeErr) || strings.Contains(err.Error(), marker) {
			t.Errorf("%s: error = %v, want a DecodeError", name, err)
		}
	}
}
