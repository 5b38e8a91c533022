package command

import (
	"errors"
	"fmt"
)

// SearchCondition is one thing that [SearchWhere] asks of a field. The values of
// conditions are strings, numbers, booleans and [time.Time]. The zero value is
// refused.
type SearchCondition struct {
	operator string
	text     string // JSON
	err      error
}

// String names the type; it shows nothing of what is searched for.
func (c SearchCondition) String() string { return "SearchCondition" }

// GoString is [SearchCondition.String], so that %#v shows nothing either.
func (c SearchCondition) GoString() string { return c.String() }

// SearchEq is for equality ($eq). In a TEXT field it finds a word, or several words
// as a phrase.
func SearchEq(value any) SearchCondition { return comparison("$eq", value) }

// SearchNe leaves out what is equal ($ne). It finds nothing on its own: something
// else in the filter has to.
func SearchNe(value any) SearchCondition { return comparison("$ne", value) }

// SearchGt is for what is greater ($gt): numbers, dates and keywords.
func SearchGt(value any) SearchCondition { return comparison("$gt", value) }

// SearchGte is for what is greater or equal ($gte): numbers, dates and keywords.
func SearchGte(value any) SearchCondition { return comparison("$gte", value) }

// SearchLt is for what is less ($lt): numbers, dates and keywords.
func SearchLt(value any) SearchCondition { return comparison("$lt", value) }

// SearchLte is for what is less or equal ($lte): numbers, dates and keywords.
func SearchLte(value any) SearchCondition { return comparison("$lte", value) }

// SearchIn is for equality with one of the values ($in).
func SearchIn(values ...any) SearchCondition {
	c := SearchCondition{operator: "$in"}
	if len(values) == 0 {
		c.err = errors.New("$in needs at least one value")
	}
	list := make([]string, len(values))
	for i, v := range values {
		text, err := searchValue(v)
		if c.err == nil {
			c.err = err
		}
		list[i] = text
	}
	c.text = jsonArray(list)
	return c
}

// SearchSmart is the matching of [SearchMatch] in a TEXT field, as a condition
// ($smart).
func SearchSmart(words string) SearchCondition { return wording("$smart", words, jsonObject{}) }

// SearchRegex is for a word of a TEXT field that fits a regular expression
// ($regex): one word, as the index has it, not the whole text.
func SearchRegex(pattern string) SearchCondition { return wording("$regex", pattern, jsonObject{}) }

// SearchFuzzyOptions says how far [SearchFuzzyWith] goes. The zero value is that of
// [SearchFuzzy].
type SearchFuzzyOptions struct {
	Distance int64 // how many letters may differ: 1, which is the default, or 2
	Prefix   bool  // the words may be cut short
	// SwapIsTwo counts two letters that changed places as two differences, not one.
	SwapIsTwo bool
}

// SearchFuzzy is for words of a TEXT field with typos, one letter each ($fuzzy).
func SearchFuzzy(words string) SearchCondition {
	return SearchFuzzyWith(words, SearchFuzzyOptions{})
}

// SearchFuzzyWith is [SearchFuzzy] with options.
func SearchFuzzyWith(words string, o SearchFuzzyOptions) SearchCondition {
	var more jsonObject
	if o.Distance != 0 {
		more = more.with("distance", o.Distance)
	}
	if o.Distance < 0 || o.Distance > 2 {
		more.err = errors.New("the Distance of $fuzzy must be 1 or 2")
	}
	if o.Prefix {
		more = more.with("prefix", true)
	}
	if o.SwapIsTwo {
		more = more.with("transpositionCostOne", false)
	}
	return wording("$fuzzy", words, more)
}

// SearchPhraseOptions says what [SearchPhraseWith] takes for the phrase. At most
// one may be given; the zero value is that of [SearchPhrase].
type SearchPhraseOptions struct {
	Slop   int64 // how many places words may be away from where they should be
	Prefix bool  // the last word may be cut short
}

// SearchPhrase is for words of a TEXT field that follow each other ($phrase).
func SearchPhrase(words string) SearchCondition {
	return SearchPhraseWith(words, SearchPhraseOptions{})
}

// SearchPhraseWith is [SearchPhrase] with options.
func SearchPhraseWith(words string, o SearchPhraseOptions) SearchCondition {
	var more jsonObject
	if o.Slop != 0 {
		more = more.with("slop", o.Slop)
	}
	if o.Prefix {
		more = more.with("prefix", true)
	}
	switch {
	case o.Slop < 0:
		more.err = errors.New("the Slop of $phrase cannot be negative")
	case o.Slop != 0 && o.Prefix:
		more.err = errors.New("$phrase takes Slop or Prefix, not both")
	}
	return wording("$phrase", words, more)
}

// SearchBoost multiplies what the other conditions of the field add to the score.
// A factor below 0 puts matches further down.
func SearchBoost(factor float64) SearchCondition {
	text, err := searchNumber(factor)
	return SearchCondition{operator: "$boost", text: text, err: err}
}

// SearchOperator is a condition that this package does not spell: the operator
// begins with $, the value is marshaled to JSON.
func SearchOperator(operator string, value any) SearchCondition {
	text, err := jsonText(value)
	if len(operator) < 2 || operator[0] != '$' {
		operator, err = "$", errors.New("an operator begins with $")
	}
	return SearchCondition{operator: operator, text: text, err: err}
}

func comparison(operator string, value any) SearchCondition {
	text, err := searchValue(value)
	return SearchCondition{operator: operator, text: text, err: err}
}

// wording is a condition for words: just these, or an object with the options.
func wording(operator, words string, options jsonObject) SearchCondition {
	c := SearchCondition{operator: operator}
	o := jsonObject{}.with("value", words)
	switch {
	case words == "":
		c.err = fmt.Errorf("%s needs a text to search for", operator)
	case options.err != nil:
		c.err = options.err
	case len(options.members) == 0:
		c.text, c.err = jsonText(words)
	default:
		o.members = append(o.members, options.members...)
		c.text, c.err = o.text()
	}
	return c
}

// searchValue is a value to compare with as JSON.
func searchValue(v any) (string, error) {
	if b, isBytes := v.([]byte); isBytes {
		v = string(b)
	}
	text, err := jsonText(v)
	if err != nil {
		return text, err
	}
	switch text[0] {
	case '{', '[', 'n': // n of null
		return text, fmt.Errorf("a %T is no value to search for: give a string, a number, a boolean or a time.Time", v)
	}
	return text, nil
}
