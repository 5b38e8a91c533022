package command

import "strconv"

// SearchAliasAdd makes alias another name of index, which need not exist yet, and
// reports whether the alias is new: false means that it named another index so far.
func SearchAliasAdd(alias, index string) Cmd[bool] {
	return idempotent(Reply.addedAlias, "SEARCH.ALIASADD", alias, index)
}

func (r Reply) addedAlias() (bool, error) {
	if r.kind == KindInt && (r.num == 1 || r.num == 2) {
		return r.num == 1, nil
	}
	return false, r.mismatch("1 or 2")
}

// SearchAliasDel removes an alias and reports whether there was one. The index
// stays.
func SearchAliasDel(alias string) Cmd[bool] {
	return idempotent(Reply.Bool, "SEARCH.ALIASDEL", alias)
}

// SearchCreate makes a search index and reports whether it did: false means, with
// ExistsOK, that it is there already. The keys that it covers are scanned now and
// watched from then on. Make an index once, when the program is deployed, not with
// each start.
func SearchCreate(index string, a SearchCreateArgs) Cmd[bool] {
	c := once(Reply.Bool, "SEARCH.CREATE", index, a.tail())
	if a.ExistsOK {
		return c.WithClass(Idempotent)
	}
	return c
}

// SearchDescribe returns how an index was made and what state it is in; [ErrNil]
// when there is none.
func SearchDescribe(index string) Cmd[SearchIndex] {
	return read(Reply.searchIndex, "SEARCH.DESCRIBE", index)
}

// SearchIndex describes an index.
type SearchIndex struct {
	Name     string // its own, also where the question was for an alias
	Type     SearchSource
	Prefixes []string // of the keys that it covers, or the key of the one stream
	Language string
	Size     int64 // in bytes
	Pending  int64 // changes that no query sees yet
	Schema   []SearchField
}

func (r Reply) searchIndex() (SearchIndex, error) {
	if r.kind == KindNil {
		return SearchIndex{}, ErrNil
	}
	var x SearchIndex
	_, err := pairs(r, func(name string, value Reply) (struct{}, error) {
		if value.IsNil() {
			return struct{}{}, nil
		}
		var err error
		switch name {
		case "name":
			x.Name, err = value.Text()
		case "type":
			var text string
			text, err = value.Text()
			x.Type = SearchSource(text)
		case "prefixes":
			x.Prefixes, err = value.Texts()
		case "language":
			x.Language, err = value.Text()
		case "indexSize":
			x.Size, err = value.searchCount()
		case "pendingUpdates":
			x.Pending, err = value.searchCount()
		case "schema":
			x.Schema, err = each(value, Reply.searchField)
		}
		return struct{}{}, err
	})
	if err != nil {
		return SearchIndex{}, err
	}
	return x, nil
}

// searchCount decodes an integer that may travel as text.
func (r Reply) searchCount() (int64, error) {
	if r.kind == KindText {
		if n, err := strconv.ParseInt(r.text, 10, 64); err == nil {
			return n, nil
		}
	}
	return r.Int()
}

// SearchDrop removes an index and reports whether there was one. The keys that it
// covered stay.
func SearchDrop(index string) Cmd[bool] { return idempotent(Reply.Bool, "SEARCH.DROP", index) }

// SearchListAliases returns the index of each alias.
func SearchListAliases() Cmd[map[string]string] {
	return read(Reply.searchAliases, "SEARCH.LISTALIASES")
}

func (r Reply) searchAliases() (map[string]string, error) {
	list, err := each(r, Reply.Texts)
	if err != nil {
		return nil, err
	}
	m := make(map[string]string, len(list))
	for _, pair := range list {
		if len(pair) != 2 {
			return nil, r.mismatch("pairs of an alias and its index")
		}
		m[pair[0]] = pair[1]
	}
	return m, nil
}

// SearchIndexName is one index of a list.
type SearchIndexName struct {
	Name string
	Type SearchSource
}

// SearchListIndexes returns all indexes in the order of their names.
func SearchListIndexes() Cmd[[]SearchIndexName] {
	return SearchListIndexesWith(SearchListOptions{})
}

// SearchListOptions chooses indexes. The zero value is all of them.
type SearchListOptions struct {
	Match  string // a pattern like product*
	Limit  int64  // how many at most; 0 is all
	Offset int64  // how many to pass over
}

// SearchListIndexesWith returns the indexes that the options choose in the order of
// their names.
func SearchListIndexesWith(o SearchListOptions) Cmd[[]SearchIndexName] {
	var t tail
	if o.Limit < 0 || o.Offset < 0 {
		t.refuse("Limit and Offset cannot be negative")
	}
	if o.Match != "" {
		t.add("MATCH", o.Match)
	}
	if o.Limit != 0 {
		t.add("LIMIT")
		t.addInt(o.Limit)
	}
	if o.Offset != 0 {
		t.add("OFFSET")
		t.addInt(o.Offset)
	}
	return read(Reply.searchIndexNames, "SEARCH.LISTINDEXES", t)
}

func (r Reply) searchIndexNames() ([]SearchIndexName, error) {
	return each(r, func(item Reply) (SearchIndexName, error) {
		x, err := item.searchIndex()
		return SearchIndexName{Name: x.Name, Type: x.Type}, err
	})
}

// SearchReindex builds an index anew from the keys that it covers, all of which are
// scanned, and reports whether there is such an index.
func SearchReindex(index string) Cmd[bool] { return idempotent(Reply.Bool, "SEARCH.REINDEX", index) }

// SearchWaitIndexing waits until queries see all changes of before, and reports
// whether there is such an index. The server answers only then: the context ends
// the wait. It is for tests and set-up, not for every write.
func SearchWaitIndexing(index string) Cmd[bool] {
	return read(Reply.Bool, "SEARCH.WAITINDEXING", index)
}
