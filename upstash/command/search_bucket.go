package command

import "errors"

// The aggregations that group return a list of "buckets", each with a "key" and a
// "docCount".

// SearchTermsOptions changes [SearchByTerms]. The zero value is the service's own
// choice.
type SearchTermsOptions struct {
	Size        int64 // how many groups at most
	SegmentSize int64 // how many each part of the index proposes: more is slower and more exact
	MinDocCount int64 // leaves smaller groups out
	// OrderBy sorts the groups by "count", "key" or a name in With, from the least
	// up.
	OrderBy    string
	Descending bool // from the greatest down
	// Missing is the key for documents without the field.
	Missing any
	// CountErrors adds "docCountErrorUpperBound".
	CountErrors bool
	Include     []string // the only keys to take
	Exclude     []string // keys to leave out
}

// SearchByTerms groups by the values of a field ($terms). Counts are approximate
// where there are many values; "sumOtherDocCount" says how many documents are in no
// bucket.
func SearchByTerms(field string, o SearchTermsOptions) SearchAggregation {
	a := searchAggregation("$terms", field).
		positive("size", o.Size).
		positive("segmentSize", o.SegmentSize).
		positive("minDocCount", o.MinDocCount).
		order(o.OrderBy, o.Descending)
	if o.Missing != nil {
		a = a.Option("missing", o.Missing)
	}
	if o.CountErrors {
		a = a.Option("showTermDocCountError", true)
	}
	if len(o.Include) > 0 {
		a = a.Option("include", o.Include)
	}
	if len(o.Exclude) > 0 {
		a = a.Option("exclude", o.Exclude)
	}
	return a
}

// SearchRange is one group of [SearchByRange], made by [SearchBelow],
// [SearchBetween] or [SearchFrom].
type SearchRange struct {
	Key  string // its name; by default one like "30-60"
	from Null[float64]
	to   Null[float64]
}

// SearchBelow is what is less than to.
func SearchBelow(to float64) SearchRange {
	return SearchRange{to: Null[float64]{V: to, Valid: true}}
}

// SearchBetween is from, and what is greater and less than to.
func SearchBetween(from, to float64) SearchRange {
	return SearchRange{from: Null[float64]{V: from, Valid: true}, to: Null[float64]{V: to, Valid: true}}
}

// SearchFrom is from and what is greater.
func SearchFrom(from float64) SearchRange {
	return SearchRange{from: Null[float64]{V: from, Valid: true}}
}

// SearchByRange groups by ranges of a field of numbers or dates ($range).
func SearchByRange(field string, ranges ...SearchRange) SearchAggregation {
	a := searchAggregation("$range", field)
	if len(ranges) == 0 {
		a.args.err = errors.New("$range needs at least one range")
	}
	list := make([]string, len(ranges))
	for i, r := range ranges {
		text, err := r.text()
		if err != nil {
			a.args.err = err
		}
		list[i] = text
	}
	a.args = a.args.withText("ranges", jsonArray(list), nil)
	return a
}

func (r SearchRange) text() (string, error) {
	var o jsonObject
	if r.Key != "" {
		o = o.with("key", r.Key)
	}
	if r.from.Valid {
		o = o.with("from", r.from.V)
	}
	if r.to.Valid {
		o = o.with("to", r.to.V)
	}
	switch {
	case !r.from.Valid && !r.to.Valid:
		o.err = errors.New("a range is empty: make one with SearchBelow, SearchBetween or SearchFrom")
	case r.from.Valid && r.to.Valid && r.from.V >= r.to.V:
		o.err = errors.New("a range ends before it begins")
	}
	return o.text()
}

// positive adds a number that is not 0.
func (a SearchAggregation) positive(name string, n int64) SearchAggregation {
	if n == 0 {
		return a
	}
	a = a.Option(name, n)
	if n < 0 {
		a.args.err = errors.New(name + " cannot be negative")
	}
	return a
}

func (a SearchAggregation) order(by string, descending bool) SearchAggregation {
	direction := "asc"
	if descending {
		direction = "desc"
	}
	if by == "" {
		if descending {
			a.args.err = errors.New("an order that is Descending needs OrderBy")
		}
		return a
	}
	return a.Option("order", map[string]string{by: direction})
}
