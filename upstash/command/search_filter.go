package command

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
)

// SearchFilter says which documents match. It is a value: combining filters makes
// new ones. The zero value is none, and is refused; [SearchAll] matches everything.
//
//	command.SearchMust(
//		command.SearchMatch("category", "electronics"),
//		command.SearchWhere("price", command.SearchGte(100), command.SearchLt(200)),
//	).Should(
//		command.SearchMatch("name", "wireless").Boost(2),
//	).MustNot(
//		command.SearchMatch("description", "budget"),
//	)
type SearchFilter struct {
	fields  jsonObject // fields, $and, $or, or what came as JSON
	must    []string   // JSON text
	should  []string
	mustNot []string
	boost   string
	made    bool
}

// String names the type; it shows nothing of what is searched for.
func (f SearchFilter) String() string { return "SearchFilter" }

// GoString is [SearchFilter.String], so that %#v shows nothing either.
func (f SearchFilter) GoString() string { return f.String() }

// SearchAll matches every document. It stands alone.
func SearchAll() SearchFilter { return SearchFilter{made: true} }

// SearchMatch compares a field with a value, which is a string, a number, a boolean
// or a [time.Time]: exactly, but a TEXT field by the service's smart matching of
// words, which takes phrases before single words and forgives typos.
func SearchMatch(field string, value any) SearchFilter {
	text, err := searchValue(value)
	return searchField(field, text, err)
}

// SearchWhere matches a field for which all of the conditions hold.
func SearchWhere(field string, conditions ...SearchCondition) SearchFilter {
	var o jsonObject
	if len(conditions) == 0 {
		o.err = errors.New("a filter needs at least one condition for its field")
	}
	given := map[string]bool{}
	for _, c := range conditions {
		switch {
		case c.operator == "":
			c.err = errors.New("a condition is empty: make one with SearchEq and its like")
		case given[c.operator]:
			c.err = errors.New("a field has the same condition twice")
		}
		given[c.operator] = true
		o = o.withText(c.operator, c.text, c.err)
	}
	text, err := o.text()
	return searchField(field, text, err)
}

func searchField(field, text string, err error) SearchFilter {
	if field == "" || strings.HasPrefix(field, "$") {
		err = errors.New("a filter needs the name of a field, which does not begin with $")
	}
	return SearchFilter{made: true, fields: jsonObject{}.withText(field, text, err)}
}

// SearchAnd matches what all of the filters match.
func SearchAnd(filters ...SearchFilter) SearchFilter { return searchGroup("$and", filters) }

// SearchOr matches what at least one of the filters matches.
func SearchOr(filters ...SearchFilter) SearchFilter { return searchGroup("$or", filters) }

func searchGroup(operator string, filters []SearchFilter) SearchFilter {
	list, err := searchTexts(nil, filters)
	return SearchFilter{made: true, fields: jsonObject{}.withText(operator, jsonArray(list), err)}
}

// SearchMust matches what all of the filters match. Its [SearchFilter.Should] adds
// filters that only count for the score.
func SearchMust(filters ...SearchFilter) SearchFilter {
	list, err := searchTexts(nil, filters)
	return SearchFilter{made: true, must: list, fields: jsonObject{err: err}}
}

// SearchShould matches what at least one of the filters matches; each more that
// does adds to the score.
func SearchShould(filters ...SearchFilter) SearchFilter {
	list, err := searchTexts(nil, filters)
	return SearchFilter{made: true, should: list, fields: jsonObject{err: err}}
}

// SearchRaw is a filter as JSON text, for operators that this package does not
// spell. It must be one JSON object.
func SearchRaw(text string) SearchFilter {
	var members map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &members); err != nil || members == nil {
		return SearchFilter{made: true, fields: jsonObject{err: errors.New("a raw filter must be JSON text of an object")}}
	}
	f := SearchFilter{made: true}
	switch text, err := jsonText(json.RawMessage(text)); {
	case err != nil:
		f.fields.err = err
	case len(members) > 0:
		f.fields.members = []string{text[1 : len(text)-1]} // without the braces
	}
	return f
}

// Should returns f with filters that need not match, and add to the score where
// they do. What was not made by [SearchMust] becomes a part of one.
func (f SearchFilter) Should(filters ...SearchFilter) SearchFilter {
	if len(f.must) == 0 {
		f = SearchMust(f)
	}
	f.should, f.fields.err = f.more(f.should, filters)
	return f
}

// MustNot returns f without what at least one of the filters matches. What was not
// made by [SearchMust] or [SearchShould] becomes a part of the former.
func (f SearchFilter) MustNot(filters ...SearchFilter) SearchFilter {
	if len(f.must) == 0 && len(f.should) == 0 {
		f = SearchMust(f)
	}
	f.mustNot, f.fields.err = f.more(f.mustNot, filters)
	return f
}

func (f SearchFilter) more(list []string, filters []SearchFilter) ([]string, error) {
	list, err := searchTexts(list, filters)
	if f.fields.err != nil {
		err = f.fields.err
	}
	return list, err
}

// Boost returns f with its part of the score multiplied. A factor below 0 puts
// matches further down.
func (f SearchFilter) Boost(factor float64) SearchFilter {
	text, err := searchNumber(factor)
	switch {
	case f.isAll():
		err = errors.New("SearchAll has no score to boost")
	case f.boost != "":
		err = errors.New("a filter has two boosts")
	}
	if f.fields.err == nil {
		f.fields.err = err
	}
	f.boost = text
	return f
}

func (f SearchFilter) isAll() bool {
	return f.made && len(f.fields.members)+len(f.must)+len(f.should)+len(f.mustNot) == 0 && f.fields.err == nil
}

// text is the filter as JSON.
func (f SearchFilter) text() (string, error) {
	if !f.made {
		return "", errors.New("the filter is empty: SearchAll matches every document")
	}
	o := f.fields
	for _, clause := range []struct {
		operator string
		list     []string
	}{{"$must", f.must}, {"$should", f.should}, {"$mustNot", f.mustNot}} {
		if len(clause.list) > 0 {
			o = o.withText(clause.operator, jsonArray(clause.list), nil)
		}
	}
	if f.boost != "" {
		o = o.withText("$boost", f.boost, nil)
	}
	return o.text()
}

// searchTexts appends filters as JSON.
func searchTexts(list []string, filters []SearchFilter) ([]string, error) {
	list = slices.Clip(list)
	var err error
	if len(filters) == 0 {
		err = errors.New("a filter needs at least one other to combine")
	}
	for _, f := range filters {
		text, textErr := f.text()
		if textErr == nil && f.isAll() {
			textErr = errors.New("SearchAll stands alone: say what has to match")
		}
		if err == nil {
			err = textErr
		}
		list = append(list, text)
	}
	return list, err
}

func jsonArray(list []string) string { return "[" + strings.Join(list, ",") + "]" }

// searchWord is the argument that holds a filter.
func searchWord(f SearchFilter) (t tail) {
	text, err := f.text()
	t.err = err
	t.add(text)
	return t
}

func searchNumber(f float64) (string, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "0", errors.New("NaN and infinities are no JSON numbers")
	}
	return jsonText(f)
}
