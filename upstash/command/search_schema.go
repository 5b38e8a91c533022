package command

import (
	"slices"
	"strconv"
	"strings"
)

// SearchSource is the kind of data that a search index covers.
type SearchSource string

// The kinds of data.
const (
	SearchJSONs   SearchSource = "JSON"   // documents of [JSONSet]
	SearchHashes  SearchSource = "HASH"   // flat: no field inside a field
	SearchStrings SearchSource = "STRING" // strings that hold a JSON object
	SearchStream  SearchSource = "STREAM" // the entries of one stream
)

// SearchType is the type of an indexed field.
type SearchType string

// The types of fields.
const (
	SearchText    SearchType = "TEXT"    // words, reduced to their stems
	SearchKeyword SearchType = "KEYWORD" // a string as a whole
	SearchFacet   SearchType = "FACET"   // a path like /books/fiction
	SearchU64     SearchType = "U64"
	SearchI64     SearchType = "I64"
	SearchF64     SearchType = "F64"
	SearchBool    SearchType = "BOOL"
	SearchDate    SearchType = "DATE" // RFC 3339
)

// SearchField is a field of an index. Name and Type are required.
type SearchField struct {
	Name string // in queries; a dot leads inside, as in author.name
	Type SearchType
	// From is the field of the document, where that has another name.
	From string
	// Fast stores numbers, booleans and dates by column as well: to sort, score
	// and aggregate by the field.
	Fast       bool
	NoStem     bool // TEXT only: keeps words as they are written
	NoTokenize bool // TEXT only: takes the text as one word
}

// SearchCreateArgs describes an index. On, Schema, and Prefixes or Stream are
// required.
type SearchCreateArgs struct {
	On       SearchSource
	Prefixes []string // of the keys to cover; none may begin with another one
	Stream   string   // the key to cover, in place of Prefixes, for [SearchStream]
	// Language is that of the stems, in lower case as in "turkish"; by default
	// "english".
	Language string
	// SkipInitialScan leaves out what is in the database already; see
	// [SearchReindex].
	SkipInitialScan bool
	// ExistsOK makes it no error that the same index is there already.
	ExistsOK bool
	Schema   []SearchField
}

func (a SearchCreateArgs) tail() (t tail) {
	a.source(&t)
	if a.Language != "" {
		t.add("LANGUAGE", a.Language)
	}
	if a.SkipInitialScan {
		t.add("SKIPINITIALSCAN")
	}
	if a.ExistsOK {
		t.add("EXISTSOK")
	}
	t.add("SCHEMA")
	if len(a.Schema) == 0 {
		t.refuse("Schema needs at least one field")
	}
	names := map[string]bool{}
	for _, f := range a.Schema {
		if names[f.Name] {
			t.refuse("Schema has two fields of one name")
		}
		names[f.Name] = true
		f.appendTo(&t)
	}
	return t
}

func (a SearchCreateArgs) source(t *tail) {
	t.add("ON", string(a.On))
	switch a.On {
	case SearchStream:
		if a.Stream == "" || len(a.Prefixes) > 0 {
			t.refuse("an index of a stream needs Stream, and has no Prefixes")
		}
		t.add(a.Stream)
		return
	case SearchJSONs, SearchHashes, SearchStrings:
	default:
		t.refuse("On must be SearchJSONs, SearchHashes, SearchStrings or SearchStream")
	}
	if len(a.Prefixes) == 0 || a.Stream != "" {
		t.refuse("needs at least one of Prefixes; Stream is for SearchStream")
	}
	for i, prefix := range a.Prefixes {
		for j, other := range a.Prefixes {
			if i != j && strings.HasPrefix(other, prefix) {
				t.refuse("one of Prefixes covers another one")
			}
		}
	}
	t.add("PREFIX", strconv.Itoa(len(a.Prefixes)))
	t.add(a.Prefixes...)
}

func (f SearchField) appendTo(t *tail) {
	switch strings.ToUpper(f.Name) {
	case "":
		t.refuse("a field of Schema has no Name")
	case "FAST", "FROM", "NOSTEM", "NOTOKENIZE":
		t.refuse("the Name of a field reads as an option: choose another one, and give this one as From")
	}
	t.add(f.Name, string(f.Type))
	switch f.Type {
	case SearchText:
		if f.Fast {
			t.refuse("a TEXT field cannot be Fast")
		}
	case SearchKeyword, SearchFacet:
		if f.Fast || f.NoStem || f.NoTokenize {
			t.refuse("a KEYWORD or FACET field has no option but From")
		}
	case SearchU64, SearchI64, SearchF64, SearchBool, SearchDate:
		if f.NoStem || f.NoTokenize {
			t.refuse("NoStem and NoTokenize are for TEXT fields")
		}
	default:
		t.refuse("the Type of a field must be one of SearchText, SearchKeyword, SearchFacet, SearchU64, SearchI64, SearchF64, SearchBool and SearchDate")
	}
	for _, option := range []struct {
		given bool
		word  string
	}{{f.Fast, "FAST"}, {f.NoStem, "NOSTEM"}, {f.NoTokenize, "NOTOKENIZE"}} {
		if option.given {
			t.add(option.word)
		}
	}
	if f.From != "" {
		t.add("FROM", f.From)
	}
}

// searchField decodes [name, type, option ...]. Options that are not known here
// are passed over.
func (r Reply) searchField() (SearchField, error) {
	words, err := r.Texts()
	if err == nil && len(words) < 2 {
		err = r.mismatch("a field and its type")
	}
	if err != nil {
		return SearchField{}, err
	}
	options := words[2:]
	f := SearchField{Name: words[0], Type: SearchType(words[1])}
	if i := slices.Index(options, "FROM"); i >= 0 && i+1 < len(options) {
		f.From = options[i+1]
		options = slices.Concat(options[:i], options[i+2:])
	}
	f.Fast = slices.Contains(options, "FAST")
	f.NoStem = slices.Contains(options, "NOSTEM")
	f.NoTokenize = slices.Contains(options, "NOTOKENIZE")
	return f, nil
}
