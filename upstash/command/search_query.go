package command

import "strconv"

// SearchQuery returns the documents of an index that match, the best 10 of them
// with their whole content, the best one first. [ErrNil] says that there is no such
// index. [SearchJSON] reads the documents as a Go type.
func SearchQuery(index string, filter SearchFilter) Cmd[[]SearchHit] {
	return SearchQueryWith(index, filter, SearchQueryOptions{})
}

// SearchQueryOptions changes what a query returns. The zero value is that of
// [SearchQuery].
type SearchQueryOptions struct {
	Limit  int64 // how many at most, 1 to 1000; by default 10
	Offset int64 // how many to pass over, up to 10,000
	// OrderBy is a Fast field to sort by in place of the score.
	OrderBy    string
	Descending bool // from the highest value of OrderBy down
	// Select is the fields to return, by their names in the document.
	Select []string
	// NoContent returns keys and scores only. A query in a transaction or a script
	// needs it.
	NoContent bool
	Highlight SearchHighlight
	Score     SearchScore
}

// SearchHighlight marks what matched in the fields that are returned.
type SearchHighlight struct {
	Fields      []string // by their names in the index
	Open, Close string   // before and after; by default <em> and </em>
}

// SearchQueryWith is [SearchQuery] with options. Queries inside a transaction need
// NoContent.
func SearchQueryWith(index string, filter SearchFilter, o SearchQueryOptions) Cmd[[]SearchHit] {
	return read(Reply.searchHits, "SEARCH.QUERY", index, searchWord(filter), o.tail())
}

// SearchCount returns how many documents of an index match; [ErrNil] when there is
// no such index.
func SearchCount(index string, filter SearchFilter) Cmd[int64] {
	return read(Reply.searchMatches, "SEARCH.COUNT", index, searchWord(filter))
}

// searchMatches decodes a count, where -1 is for an index that is not there.
func (r Reply) searchMatches() (int64, error) {
	n, err := r.searchCount()
	if err == nil && n == -1 {
		return 0, ErrNil
	}
	return n, err
}

func (o SearchQueryOptions) tail() (t tail) {
	o.check(&t)
	if o.Limit != 0 {
		t.add("LIMIT")
		t.addInt(o.Limit)
	}
	if o.Offset != 0 {
		t.add("OFFSET")
		t.addInt(o.Offset)
	}
	if o.OrderBy != "" {
		direction := "ASC" // said always: the service's own default is DESC
		if o.Descending {
			direction = "DESC"
		}
		t.add("ORDERBY", o.OrderBy, direction)
	}
	if len(o.Select) > 0 {
		t.add("SELECT")
		t.addCounted(o.Select)
	}
	if o.NoContent {
		t.add("NOCONTENT")
	}
	if len(o.Highlight.Fields) > 0 {
		t.add("HIGHLIGHT", "FIELDS")
		t.addCounted(o.Highlight.Fields)
	}
	if o.Highlight.Open != "" {
		t.add("TAGS", o.Highlight.Open, o.Highlight.Close)
	}
	o.Score.appendTo(&t)
	return t
}

func (t *tail) addCounted(words []string) {
	t.add(strconv.Itoa(len(words)))
	t.add(words...)
}

func (o SearchQueryOptions) check(t *tail) {
	switch h := o.Highlight; {
	case o.Limit < 0 || o.Limit > 1000:
		t.refuse("Limit must be 1 to 1000")
	case o.Offset < 0 || o.Offset > 10000:
		t.refuse("Offset must be 0 to 10000")
	case o.Descending && o.OrderBy == "":
		t.refuse("Descending needs OrderBy: scores come from the highest down anyway")
	case o.OrderBy != "" && o.Score.given():
		t.refuse("OrderBy sorts without a score: it cannot be combined with Score")
	case o.NoContent && (len(o.Select) > 0 || len(h.Fields) > 0):
		t.refuse("NoContent leaves nothing to Select or to Highlight")
	case (h.Open == "") != (h.Close == ""):
		t.refuse("Highlight needs both of Open and Close, or neither")
	case h.Open != "" && len(h.Fields) == 0:
		t.refuse("Highlight needs Fields")
	}
}
