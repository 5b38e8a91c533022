package command

import "strconv"

// SearchResult is what one aggregation computed, or one of its groups, under the
// names of the service's documentation. What the service adds is there too.
type SearchResult struct {
	// Values are numbers and texts as they came: "value", "count", "key",
	// "docCount". What is null is left out.
	Values map[string]string
	// Parts have names inside: "stdDeviationBounds", the "values" of percentiles,
	// and in a group the results of With.
	Parts map[string]SearchResult
	// Lists are "buckets", and the "children" of a facet.
	Lists map[string][]SearchResult
}

// Float is a number among the values; [ErrNil] when there is none of that name.
func (s SearchResult) Float(name string) (float64, error) {
	text, found := s.Values[name]
	if !found {
		return 0, ErrNil
	}
	return TextReply(text).Float()
}

// Int is an integer among the values; [ErrNil] when there is none of that name.
func (s SearchResult) Int(name string) (int64, error) {
	text, found := s.Values[name]
	if !found {
		return 0, ErrNil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, TextReply(text).mismatch("integer")
	}
	return n, nil
}

// Buckets are the groups of every aggregation that has them.
func (s SearchResult) Buckets() []SearchResult { return s.Lists["buckets"] }

// searchResults decodes the flat pairs of a name and a result.
func (r Reply) searchResults() (map[string]SearchResult, error) {
	if r.kind == KindNil {
		return nil, ErrNil
	}
	results := map[string]SearchResult{}
	_, err := pairs(r, func(name string, value Reply) (struct{}, error) {
		result, err := value.searchResult()
		results[name] = result
		return struct{}{}, err
	})
	if err != nil {
		return nil, err
	}
	return results, nil
}

// searchResult decodes flat pairs. A lone value or list, which the documentation
// shows as well, gets the name that it has in the pairs.
func (r Reply) searchResult() (s SearchResult, err error) {
	switch {
	case r.isNamed():
		_, err = pairs(r, func(name string, value Reply) (struct{}, error) {
			return struct{}{}, s.put(name, value)
		})
	case r.kind == KindArray:
		err = s.put("buckets", r)
	default:
		err = s.put("value", r)
	}
	return s, err
}

func (s *SearchResult) put(name string, value Reply) error {
	if text, isScalar := value.scalar(); isScalar {
		if s.Values == nil {
			s.Values = map[string]string{}
		}
		s.Values[name] = text
		return nil
	}
	switch {
	case value.IsNil():
		return nil
	case value.isNamed():
		part, err := value.searchResult()
		if s.Parts == nil {
			s.Parts = map[string]SearchResult{}
		}
		s.Parts[name] = part
		return err
	}
	list, err := each(value, Reply.searchResult)
	if s.Lists == nil {
		s.Lists = map[string][]SearchResult{}
	}
	s.Lists[name] = list
	return err
}

// isNamed tells flat pairs from a list: every second item is a name.
func (r Reply) isNamed() bool {
	if r.kind != KindArray || len(r.items) == 0 || len(r.items)%2 != 0 {
		return false
	}
	for i := 0; i < len(r.items); i += 2 {
		if r.items[i].kind != KindText {
			return false
		}
	}
	return true
}
