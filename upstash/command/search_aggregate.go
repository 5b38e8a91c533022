package command

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
)

// SearchAggregate computes numbers and groups over the documents of an index that
// match, and returns them by the names that aggregations gives them; [ErrNil] when
// there is no such index. The fields must be Fast, those of [SearchByFacet] excepted.
//
//	command.SearchAggregate("products", command.SearchMatch("inStock", true), command.SearchAggs{
//		"average": command.SearchAvgOf("price"),
//		"brands": command.SearchByTerms("brand", command.SearchTermsOptions{Size: 5}).With(command.SearchAggs{
//			"cheapest": command.SearchMinOf("price"),
//		}),
//	})
func SearchAggregate(index string, filter SearchFilter, aggregations SearchAggs) Cmd[map[string]SearchResult] {
	var t tail
	text, err := aggregations.text()
	t.err = err
	t.add(text)
	return read(Reply.searchResults, "SEARCH.AGGREGATE", index, searchWord(filter), t)
}

// SearchAggs are aggregations by the names that their results will have.
type SearchAggs map[string]SearchAggregation

func (m SearchAggs) text() (string, error) {
	var o jsonObject
	if len(m) == 0 {
		o.err = errors.New("needs at least one aggregation")
	}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		text, err := m[name].text()
		if name == "" || strings.HasPrefix(name, "$") {
			err = errors.New("the name of an aggregation is not empty and does not begin with $")
		}
		o = o.withText(name, text, err)
	}
	return o.text()
}

// SearchAggregation is one thing to compute. It is a value: its methods make new
// ones. The zero value is refused.
type SearchAggregation struct {
	operator string // "$avg"; "" is none
	args     jsonObject
	raw      string
	aggs     SearchAggs
}

// String names the type; it shows nothing of what is computed.
func (a SearchAggregation) String() string { return "SearchAggregation" }

// GoString is [SearchAggregation.String], so that %#v shows nothing either.
func (a SearchAggregation) GoString() string { return a.String() }

func searchAggregation(operator, field string) SearchAggregation {
	a := SearchAggregation{operator: operator}
	if field == "" {
		a.args.err = errors.New(operator + " needs a field")
	}
	a.args = a.args.with("field", field)
	return a
}

// SearchRawAggregation is an aggregation as JSON text, for what this package does
// not spell. It must be one JSON object, like {"$avg": {"field": "price"}}.
func SearchRawAggregation(text string) SearchAggregation {
	a := SearchAggregation{operator: "$", raw: text}
	var members map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &members); err != nil || len(members) == 0 {
		a.args.err = errors.New("a raw aggregation must be JSON text of an object")
	}
	return a
}

// Option returns a with one more argument of its operator, marshaled to JSON, for
// what its constructor does not offer: "missing", for example, which is the value
// where a document has none.
func (a SearchAggregation) Option(name string, value any) SearchAggregation {
	if a.raw != "" {
		a.args.err = errors.New("a raw aggregation has no further options")
	}
	member, _ := jsonText(name)
	for _, given := range a.args.members {
		if strings.HasPrefix(given, member+":") {
			a.args.err = errors.New("an aggregation has the same option twice")
		}
	}
	a.args = a.args.with(name, value)
	return a
}

// With returns a with aggregations to compute inside each of its groups.
func (a SearchAggregation) With(aggregations SearchAggs) SearchAggregation {
	switch {
	case a.aggs != nil:
		a.args.err = errors.New("an aggregation has With twice: give all names at once")
	case !a.groups():
		a.args.err = errors.New("only terms, ranges, histograms and composites compute inside their groups")
	}
	a.aggs = maps.Clone(aggregations)
	if a.aggs == nil {
		a.aggs = SearchAggs{}
	}
	for _, inner := range a.aggs {
		if inner.operator == "$facet" {
			a.args.err = errors.New("$facet cannot be computed inside a group")
		}
	}
	return a
}

func (a SearchAggregation) groups() bool {
	switch a.operator {
	case "$terms", "$range", "$histogram", "$dateHistogram", "$composite":
		return true
	}
	return false
}

func (a SearchAggregation) text() (string, error) {
	switch {
	case a.operator == "":
		return "", errors.New("an aggregation is empty: make one with SearchAvgOf, SearchByTerms and their like")
	case a.raw != "" && a.args.err == nil:
		return jsonText(json.RawMessage(a.raw))
	}
	args, err := a.args.text()
	o := jsonObject{}.withText(a.operator, args, err)
	if a.aggs != nil {
		inner, err := a.aggs.text()
		o = o.withText("$aggs", inner, err)
	}
	return o.text()
}
