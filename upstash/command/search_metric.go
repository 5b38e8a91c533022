package command

import "errors"

// SearchAvgOf is the average of a field ($avg), as "value".
func SearchAvgOf(field string) SearchAggregation { return searchAggregation("$avg", field) }

// SearchSumOf is the sum of a field ($sum), as "value".
func SearchSumOf(field string) SearchAggregation { return searchAggregation("$sum", field) }

// SearchMinOf is the least value of a field ($min), as "value".
func SearchMinOf(field string) SearchAggregation { return searchAggregation("$min", field) }

// SearchMaxOf is the greatest value of a field ($max), as "value".
func SearchMaxOf(field string) SearchAggregation { return searchAggregation("$max", field) }

// SearchCountOf is the number of documents that have a field ($count), as "value".
func SearchCountOf(field string) SearchAggregation { return searchAggregation("$count", field) }

// SearchCardinalityOf is the number of different values of a field ($cardinality),
// as "value".
func SearchCardinalityOf(field string) SearchAggregation {
	return searchAggregation("$cardinality", field)
}

// SearchStatsOf is "count", "min", "max", "sum" and "avg" of a field ($stats).
func SearchStatsOf(field string) SearchAggregation { return searchAggregation("$stats", field) }

// SearchExtendedStatsOf is [SearchStatsOf] with "variance", "stdDeviation" and more
// ($extendedStats). The part "stdDeviationBounds" is sigma deviations wide; 0 is
// the service's own choice.
func SearchExtendedStatsOf(field string, sigma float64) SearchAggregation {
	a := searchAggregation("$extendedStats", field)
	if sigma != 0 {
		a = a.Option("sigma", sigma)
	}
	return a
}

// SearchPercentilesOf is the values below which that many percent of the documents
// are ($percentiles), in the part "values" by names like "95.0". Without percents
// it takes the service's own choice.
func SearchPercentilesOf(field string, percents ...float64) SearchAggregation {
	a := searchAggregation("$percentiles", field)
	for _, p := range percents {
		if !(p >= 0 && p <= 100) { // NaN among the refused
			a.args.err = errors.New("percents must be 0 to 100")
		}
	}
	if len(percents) > 0 {
		a = a.Option("percents", percents)
	}
	return a
}
