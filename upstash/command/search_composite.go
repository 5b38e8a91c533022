package command

import "errors"

// SearchPart is one part of the keys of [SearchByComposite]: its name, and terms or
// a histogram.
type SearchPart struct {
	Name string
	By   SearchAggregation
}

// SearchByComposite groups by several fields at once ($composite), a page at a time.
// The result's part "afterKey" leads to the next page as the option "after"; the
// last page has no buckets. The option "size" is how many a page has, 10 by default.
func SearchByComposite(parts ...SearchPart) SearchAggregation {
	a := SearchAggregation{operator: "$composite"}
	if len(parts) == 0 {
		a.args.err = errors.New("$composite needs at least one part")
	}
	list := make([]string, len(parts))
	for i, p := range parts {
		text, err := p.text()
		if err != nil {
			a.args.err = err
		}
		list[i] = text
	}
	a.args = a.args.withText("sources", jsonArray(list), nil)
	return a
}

func (p SearchPart) text() (string, error) {
	by, err := p.By.text()
	switch p.By.operator {
	case "$terms", "$histogram", "$dateHistogram":
	default:
		err = errors.New("a part of $composite is terms or a histogram")
	}
	switch {
	case p.Name == "":
		err = errors.New("a part of $composite needs a Name")
	case p.By.aggs != nil:
		err = errors.New("With belongs to $composite, not to its parts")
	}
	return jsonObject{}.withText(p.Name, by, err).text()
}
