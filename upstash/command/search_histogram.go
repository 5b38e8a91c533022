package command

import "errors"

// SearchBounds are both ends of a histogram. The zero value is none.
type SearchBounds struct{ Min, Max float64 }

// SearchHistogramOptions changes [SearchByHistogram]. The zero value is the
// service's own choice.
type SearchHistogramOptions struct {
	Offset      float64 // moves where groups begin
	MinDocCount int64   // leaves smaller groups out
	Hard        SearchBounds
	Extended    SearchBounds // has groups from end to end, empty ones too
}

// SearchByHistogram groups a field of numbers or dates by a fixed interval
// ($histogram).
func SearchByHistogram(field string, interval float64, o SearchHistogramOptions) SearchAggregation {
	a := searchAggregation("$histogram", field).Option("interval", interval)
	if interval <= 0 {
		a.args.err = errors.New("the interval of $histogram must be more than 0")
	}
	if o.Offset != 0 {
		a = a.Option("offset", o.Offset)
	}
	return a.positive("minDocCount", o.MinDocCount).bounds(o.Hard, o.Extended)
}

// SearchDateOptions changes [SearchByDate]. The zero value is the service's own
// choice.
type SearchDateOptions struct {
	Offset      string       // moves where groups begin, for example "6h"
	MinDocCount int64        // leaves smaller groups out
	Hard        SearchBounds // in milliseconds since 1970
	Extended    SearchBounds // has groups from end to end, empty ones too
}

// SearchByDate groups a field of dates by a fixed interval like "1m", "1h" or "1d"
// ($dateHistogram). A "key" is in milliseconds since 1970, "keyAsString" is RFC 3339.
func SearchByDate(field, interval string, o SearchDateOptions) SearchAggregation {
	a := searchAggregation("$dateHistogram", field).Option("fixedInterval", interval)
	if interval == "" {
		a.args.err = errors.New("$dateHistogram needs an interval")
	}
	if o.Offset != "" {
		a = a.Option("offset", o.Offset)
	}
	return a.positive("minDocCount", o.MinDocCount).bounds(o.Hard, o.Extended)
}

func (a SearchAggregation) bounds(hard, extended SearchBounds) SearchAggregation {
	for _, b := range []struct {
		name string
		SearchBounds
	}{{"hardBounds", hard}, {"extendedBounds", extended}} {
		if b.SearchBounds == (SearchBounds{}) {
			continue
		}
		text, err := jsonObject{}.with("min", b.Min).with("max", b.Max).text()
		if b.Min >= b.Max {
			err = errors.New(b.name + " end before they begin")
		}
		a.args = a.args.withText(b.name, text, err)
	}
	return a
}
