package command_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func TestSearchAggregateSends(t *testing.T) {
	t.Parallel()
	checkSent(t, []sent{
		{command.SearchAggregate("i", command.SearchAll(), command.SearchAggs{"avg": command.SearchAvgOf("price")}).Args(),
			`SEARCH.AGGREGATE i {} {"avg":{"$avg":{"field":"price"}}}`, command.ReadOnly},
		{command.SearchAggregate("i", command.SearchMatch("inStock", true), command.SearchAggs{
			"b": command.SearchMaxOf("price"), "a": command.SearchMinOf("price"),
		}).Args(), `SEARCH.AGGREGATE i {"inStock":true} {"a":{"$min":{"field":"price"}},"b":{"$max":{"field":"price"}}}`, command.ReadOnly},
	})
}

// TestSearchAggregations compares aggregations with the JSON of the service's
// documentation.
func TestSearchAggregations(t *testing.T) {
	t.Parallel()
	avg := command.SearchAggs{"avg_price": command.SearchAvgOf("price")}
	cheap := command.SearchBelow(30)
	cheap.Key = "cheap"
	for _, tt := range []struct {
		aggregation command.SearchAggregation
		want        string
	}{
		{command.SearchAvgOf("f").Option("missing", 0), `{"$avg":{"field":"f","missing":0}}`},
		{command.SearchSumOf("f").Option("nullIfNoMatch", true), `{"$sum":{"field":"f","nullIfNoMatch":true}}`},
		{command.SearchMinOf("f"), `{"$min":{"field":"f"}}`},
		{command.SearchMaxOf("f"), `{"$max":{"field":"f"}}`},
		{command.SearchCountOf("f"), `{"$count":{"field":"f"}}`},
		{command.SearchCardinalityOf("f"), `{"$cardinality":{"field":"f"}}`},
		{command.SearchStatsOf("f"), `{"$stats":{"field":"f"}}`},
		{command.SearchExtendedStatsOf("f", 0), `{"$extendedStats":{"field":"f"}}`},
		{command.SearchExtendedStatsOf("f", 2.5).Option("missing", 0), `{"$extendedStats":{"field":"f","sigma":2.5,"missing":0}}`},
		{command.SearchPercentilesOf("f"), `{"$percentiles":{"field":"f"}}`},
		{command.SearchPercentilesOf("f", 50, 99.9).Option("keyed", false), `{"$percentiles":{"field":"f","percents":[50,99.9],"keyed":false}}`},
		{command.SearchByTerms("f", command.SearchTermsOptions{}), `{"$terms":{"field":"f"}}`},
		{command.SearchByTerms("f", command.SearchTermsOptions{
			Size: 10, SegmentSize: 100, MinDocCount: 2, OrderBy: "key", Missing: "none", CountErrors: true,
			Include: []string{"a", "b"}, Exclude: []string{"c"},
		}), `{"$terms":{"field":"f","size":10,"segmentSize":100,"minDocCount":2,"order":{"key":"asc"},"missing":"none",` +
			`"showTermDocCountError":true,"include":["a","b"],"exclude":["c"]}}`},
		{command.SearchByTerms("f", command.SearchTermsOptions{OrderBy: "avg_price", Descending: true}).With(avg),
			`{"$terms":{"field":"f","order":{"avg_price":"desc"}},"$aggs":{"avg_price":{"$avg":{"field":"price"}}}}`},
		{command.SearchByRange("f", command.SearchBelow(30), command.SearchBetween(30, 60), command.SearchFrom(60)),
			`{"$range":{"field":"f","ranges":[{"to":30},{"from":30,"to":60},{"from":60}]}}`},
		{command.SearchByRange("f", cheap), `{"$range":{"field":"f","ranges":[{"key":"cheap","to":30}]}}`},
		{command.SearchByHistogram("f", 25, command.SearchHistogramOptions{}), `{"$histogram":{"field":"f","interval":25}}`},
		{command.SearchByHistogram("f", 0.5, command.SearchHistogramOptions{
			Offset: -1, MinDocCount: 1, Hard: command.SearchBounds{Max: 10}, Extended: command.SearchBounds{Min: -5, Max: 5},
		}), `{"$histogram":{"field":"f","interval":0.5,"offset":-1,"minDocCount":1,"hardBounds":{"min":0,"max":10},"extendedBounds":{"min":-5,"max":5}}}`},
		{command.SearchByDate("f", "1d", command.SearchDateOptions{}), `{"$dateHistogram":{"field":"f","fixedInterval":"1d"}}`},
		{command.SearchByDate("f", "1h", command.SearchDateOptions{
			Offset: "30m", MinDocCount: 3, Hard: command.SearchBounds{Min: 1, Max: 2}, Extended: command.SearchBounds{Min: 3, Max: 4},
		}).With(avg), `{"$dateHistogram":{"field":"f","fixedInterval":"1h","offset":"30m","minDocCount":3,"hardBounds":{"min":1,"max":2},` +
			`"extendedBounds":{"min":3,"max":4}},"$aggs":{"avg_price":{"$avg":{"field":"price"}}}}`},
		{command.SearchByFacet("f", "/category", command.SearchFacetOptions{}), `{"$facet":{"field":"f","path":"/category"}}`},
		{command.SearchByFacet("f", "/category", command.SearchFacetOptions{Depth: 2, Size: 10, MinDocCount: 1, OrderBy: "count", Descending: true}),
			`{"$facet":{"field":"f","path":"/category","depth":2,"size":10,"minDocCount":1,"order":{"count":"desc"}}}`},
		{command.SearchByComposite(
			command.SearchPart{Name: "category", By: command.SearchByTerms("category", command.SearchTermsOptions{}).Option("order", "desc")},
			command.SearchPart{Name: "price", By: command.SearchByHistogram("price", 10, command.SearchHistogramOptions{})},
		).Option("size", 100).Option("after", map[string]string{"price": "f64:20", "category": "str:books"}).With(avg),
			`{"$composite":{"sources":[{"category":{"$terms":{"field":"category","order":"desc"}}},` +
				`{"price":{"$histogram":{"field":"price","interval":10}}}],"size":100,"after":{"category":"str:books","price":"f64:20"}},` +
				`"$aggs":{"avg_price":{"$avg":{"field":"price"}}}}`},
		{command.SearchRawAggregation(`{"$new":{"n":12345678901234567890}}`), `{"$new":{"n":12345678901234567890}}`},
	} {
		c := command.SearchAggregate("i", command.SearchAll(), command.SearchAggs{"a": tt.aggregation})
		if err := c.Err(); err != nil {
			t.Errorf("%s: %v", tt.want, err)
			continue
		}
		if diff := cmp.Diff(`{"a":`+tt.want+`}`, c.Args().At(3)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestSearchAggregationsRefuse(t *testing.T) {
	t.Parallel()
	err := func(a command.SearchAggregation) error {
		return command.SearchAggregate("i", command.SearchAll(), command.SearchAggs{"a": a}).Err()
	}
	named := func(name string) error {
		return command.SearchAggregate("i", command.SearchAll(), command.SearchAggs{name: command.SearchAvgOf("f")}).Err()
	}
	avg := command.SearchAggs{"avg": command.SearchAvgOf("f")}
	terms := command.SearchByTerms("f", command.SearchTermsOptions{})
	part := func(p command.SearchPart) error { return err(command.SearchByComposite(p)) }
	checkRefused(t, []refused{
		{"nothing", command.SearchAggregate("i", command.SearchAll(), nil).Err(), "at least one aggregation"},
		{"no name", named(""), "name of an aggregation"},
		{"operator for a name", named("$aggs"), "name of an aggregation"},
		{"zero aggregation", err(command.SearchAggregation{}), "an aggregation is empty"},
		{"no field", err(command.SearchAvgOf("")), "$avg needs a field"},
		{"option twice", err(command.SearchAvgOf("f").Option("field", "g")), "same option twice"},
		{"option without JSON", err(command.SearchAvgOf("f").Option("missing", math.NaN())), "does not marshal"},
		{"percent above 100", err(command.SearchPercentilesOf("f", 101)), "0 to 100"},
		{"percent of NaN", err(command.SearchPercentilesOf("f", math.NaN())), "0 to 100"},
		{"sigma of NaN", err(command.SearchExtendedStatsOf("f", math.NaN())), "does not marshal"},
		{"inside a number", err(command.SearchAvgOf("f").With(avg)), "inside their groups"},
		{"inside a facet", err(command.SearchByFacet("f", "/", command.SearchFacetOptions{}).With(avg)), "inside their groups"},
		{"inside raw JSON", err(command.SearchRawAggregation(`{"$a":{}}`).With(avg)), "inside their groups"},
		{"nothing inside", err(terms.With(nil)), "at least one aggregation"},
		{"inside twice", err(terms.With(avg).With(avg)), "With twice"},
		{"zero inside", err(terms.With(command.SearchAggs{"a": {}})), "an aggregation is empty"},
		{"facet inside", err(terms.With(command.SearchAggs{"a": command.SearchByFacet("f", "/", command.SearchFacetOptions{})})), "$facet cannot"},
		{"size below 0", err(command.SearchByTerms("f", command.SearchTermsOptions{Size: -1})), "size cannot be negative"},
		{"direction of nothing", err(command.SearchByTerms("f", command.SearchTermsOptions{Descending: true})), "needs OrderBy"},
		{"no ranges", err(command.SearchByRange("f")), "at least one range"},
		{"zero range", err(command.SearchByRange("f", command.SearchRange{})), "a range is empty"},
		{"range backwards", err(command.SearchByRange("f", command.SearchBetween(2, 1))), "ends before it begins"},
		{"range without end", err(command.SearchByRange("f", command.SearchFrom(math.Inf(1)))), "does not marshal"},
		{"no interval", err(command.SearchByHistogram("f", 0, command.SearchHistogramOptions{})), "more than 0"},
		{"bounds backwards", err(command.SearchByHistogram("f", 1, command.SearchHistogramOptions{Hard: command.SearchBounds{Min: 1}})), "hardBounds end"},
		{"no date interval", err(command.SearchByDate("f", "", command.SearchDateOptions{})), "needs an interval"},
		{"path without a slash", err(command.SearchByFacet("f", "a", command.SearchFacetOptions{})), "begins with a slash"},
		{"facet in an odd order", err(command.SearchByFacet("f", "/", command.SearchFacetOptions{OrderBy: "key"})), "count or path"},
		{"composite of nothing", err(command.SearchByComposite()), "at least one part"},
		{"part without a name", part(command.SearchPart{By: terms}), "needs a Name"},
		{"part that is no group", part(command.SearchPart{Name: "a", By: command.SearchAvgOf("f")}), "terms or a histogram"},
		{"part with more inside", part(command.SearchPart{Name: "a", By: terms.With(avg)}), "belongs to $composite"},
		{"raw text", err(command.SearchRawAggregation("a")), "JSON text of an object"},
		{"raw nothing", err(command.SearchRawAggregation("{}")), "JSON text of an object"},
		{"raw with an option", err(command.SearchRawAggregation(`{"$a":{}}`).Option("b", 1)), "no further options"},
	})
}

func TestSearchAggregateDecodes(t *testing.T) {
	t.Parallel()
	c := command.SearchAggregate("i", command.SearchAll(), command.SearchAggs{"a": command.SearchAvgOf("f")})
	checkReply(t, c, command.Reply{}, command.ErrNil)
	checkReply(t, c, list(), map[string]command.SearchResult{})
	values := func(pairs ...string) command.SearchResult {
		m := map[string]string{}
		for i := 0; i < len(pairs); i += 2 {
			m[pairs[i]] = pairs[i+1]
		}
		return command.SearchResult{Values: m}
	}
	bucket := func(s command.SearchResult, name string, part command.SearchResult) command.SearchResult {
		s.Parts = map[string]command.SearchResult{name: part}
		return s
	}
	checkReply(t, c, list(
		"avg", list("value", "49.99"),
		"lone", "49.99",
		"none", list("value", nil),
		"stats", list("count", 9, "sum", "360", "stdDeviationBounds", list("upper", "68.28", "lower", "11.72")),
		"percent", list("values", list("50.0", "40", "95.0", "76")),
		"unkeyed", list("values", list(list("key", "50.0", "value", "40"))),
		"terms", list("buckets", list(
			list("key", "electronics", "docCount", 42, "avg_price", list("value", "50")),
			list("key", 7, "docCount", 31),
		), "sumOtherDocCount", 0),
		"bare", list(list("key", "a", "docCount", 1)),
		"empty", list("buckets", list()),
		"facet", list("path", "/c", "children", list(list("path", "/c/b", "docCount", 2, "children", list(list("path", "/c/b/f", "docCount", 1))))),
		"composite", list("buckets", list(list("key", list("cat", "books", "price", 20), "docCount", 1)), "afterKey", list("cat", "str:books", "price", "f64:20")),
	), map[string]command.SearchResult{
		"avg":   values("value", "49.99"),
		"lone":  values("value", "49.99"),
		"none":  {},
		"stats": bucket(values("count", "9", "sum", "360"), "stdDeviationBounds", values("upper", "68.28", "lower", "11.72")),
		"percent": {Parts: map[string]command.SearchResult{
			"values": values("50.0", "40", "95.0", "76"),
		}},
		"unkeyed": {Lists: map[string][]command.SearchResult{"values": {values("key", "50.0", "value", "40")}}},
		"terms": {
			Values: map[string]string{"sumOtherDocCount": "0"},
			Lists: map[string][]command.SearchResult{"buckets": {
				bucket(values("key", "electronics", "docCount", "42"), "avg_price", values("value", "50")),
				values("key", "7", "docCount", "31"),
			}},
		},
		"bare":  {Lists: map[string][]command.SearchResult{"buckets": {values("key", "a", "docCount", "1")}}},
		"empty": {Lists: map[string][]command.SearchResult{"buckets": {}}},
		"facet": {
			Values: map[string]string{"path": "/c"},
			Lists: map[string][]command.SearchResult{"children": {{
				Values: map[string]string{"path": "/c/b", "docCount": "2"},
				Lists:  map[string][]command.SearchResult{"children": {values("path", "/c/b/f", "docCount", "1")}},
			}}},
		},
		"composite": {
			Parts: map[string]command.SearchResult{"afterKey": values("cat", "str:books", "price", "f64:20")},
			Lists: map[string][]command.SearchResult{"buckets": {bucket(values("docCount", "1"), "key", values("cat", "books", "price", "20"))}},
		},
	})
	for name, r := range map[string]command.Reply{
		"text":     text(marker),
		"odd list": list(marker),
		"number":   number(1),
	} {
		_, err := c.Decode(r)
		var decodeErr *command.DecodeError
		if !errors.As(err, &decodeErr) || strings.Contains(err.Error(), marker) {
			t.Errorf("%s: error = %v, want a DecodeError", name, err)
		}
	}
	_, err := c.Decode(list("a", list("buckets", list(command.ErrorReply("ERR no")))))
	if _, ok := errors.AsType[*command.Error](err); !ok {
		t.Errorf("an error inside reads as %v", err)
	}
}

func TestSearchResult(t *testing.T) {
	t.Parallel()
	s := command.SearchResult{
		Values: map[string]string{"value": "49.99", "docCount": "9007199254740993", "key": marker, "max": "inf"},
		Lists:  map[string][]command.SearchResult{"buckets": {{}, {}}},
	}
	if f, err := s.Float("value"); f != 49.99 || err != nil {
		t.Errorf("Float = %v, %v", f, err)
	}
	if f, err := s.Float("max"); !math.IsInf(f, 1) || err != nil {
		t.Errorf("Float = %v, %v", f, err)
	}
	if n, err := s.Int("docCount"); n != 9007199254740993 || err != nil {
		t.Errorf("Int = %v, %v", n, err)
	}
	if len(s.Buckets()) != 2 || (command.SearchResult{}).Buckets() != nil {
		t.Error("Buckets are not those of the lists")
	}
	_, noFloat := s.Float("key")
	_, noInt := s.Int("key")
	_, absentFloat := s.Float("absent")
	_, absentInt := (command.SearchResult{}).Int("absent")
	if !errors.Is(absentFloat, command.ErrNil) || !errors.Is(absentInt, command.ErrNil) {
		t.Errorf("absent: %v, %v", absentFloat, absentInt)
	}
	for _, err := range []error{noFloat, noInt} {
		var decodeErr *command.DecodeError
		if !errors.As(err, &decodeErr) || strings.Contains(err.Error(), marker) {
			t.Errorf("no number: %v", err)
		}
	}
}
