package command

import (
	"errors"
	"strings"
)

// SearchFacetOptions changes [SearchByFacet]. The zero value is the service's own
// choice.
type SearchFacetOptions struct {
	Depth       int64  // how many levels; by default 1
	Size        int64  // how many children of each at most; by default 10
	MinDocCount int64  // leaves smaller children out
	OrderBy     string // "count" or "path", from the least up
	Descending  bool   // from the greatest down
}

// SearchByFacet groups a FACET field by what is below path, which begins with a
// slash ($facet). Its result has no buckets but "children", each with a "path", a
// "docCount" and, where Depth allows, children.
func SearchByFacet(field, path string, o SearchFacetOptions) SearchAggregation {
	a := searchAggregation("$facet", field).Option("path", path)
	switch {
	case !strings.HasPrefix(path, "/"):
		a.args.err = errors.New("the path of $facet begins with a slash")
	case o.OrderBy != "" && o.OrderBy != "count" && o.OrderBy != "path":
		a.args.err = errors.New("$facet is ordered by count or path")
	}
	return a.positive("depth", o.Depth).
		positive("size", o.Size).
		positive("minDocCount", o.MinDocCount).
		order(o.OrderBy, o.Descending)
}
