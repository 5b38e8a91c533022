package command_test

import (
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// products describes an index with every option.
func products() command.SearchCreateArgs {
	return command.SearchCreateArgs{
		On:              command.SearchJSONs,
		Prefixes:        []string{"product:", "item:"},
		Language:        "turkish",
		SkipInitialScan: true,
		ExistsOK:        true,
		Schema: []command.SearchField{
			{Name: "name", Type: command.SearchText},
			{Name: "exact", Type: command.SearchText, NoStem: true, NoTokenize: true, From: "name"},
			{Name: "views", Type: command.SearchU64, Fast: true},
			{Name: "delta", Type: command.SearchI64},
			{Name: "price", Type: command.SearchF64, Fast: true, From: "cost.net"},
			{Name: "inStock", Type: command.SearchBool, Fast: true},
			{Name: "at", Type: command.SearchDate},
			{Name: "tag", Type: command.SearchKeyword},
			{Name: "category", Type: command.SearchFacet, From: "path"},
		},
	}
}

// change is products with one thing in another way.
func change(f func(*command.SearchCreateArgs)) command.SearchCreateArgs {
	a := products()
	f(&a)
	return a
}

func TestSearchIndexCommandsSend(t *testing.T) {
	t.Parallel()
	small := []command.SearchField{{Name: "name", Type: command.SearchText}}
	checkSent(t, []sent{
		{command.SearchCreate("i", products()).Args(),
			"SEARCH.CREATE i ON JSON PREFIX 2 product: item: LANGUAGE turkish SKIPINITIALSCAN EXISTSOK SCHEMA" +
				" name TEXT exact TEXT NOSTEM NOTOKENIZE FROM name views U64 FAST delta I64 price F64 FAST FROM cost.net" +
				" inStock BOOL FAST at DATE tag KEYWORD category FACET FROM path", command.Idempotent},
		{command.SearchCreate("i", command.SearchCreateArgs{On: command.SearchHashes, Prefixes: []string{"h:"}, Schema: small}).Args(),
			"SEARCH.CREATE i ON HASH PREFIX 1 h: SCHEMA name TEXT", command.Once},
		{command.SearchCreate("i", command.SearchCreateArgs{On: command.SearchStrings, Prefixes: []string{"s:"}, Schema: small}).Args(),
			"SEARCH.CREATE i ON STRING PREFIX 1 s: SCHEMA name TEXT", command.Once},
		{command.SearchCreate("i", command.SearchCreateArgs{On: command.SearchStream, Stream: "events", Schema: small}).Args(),
			"SEARCH.CREATE i ON STREAM events SCHEMA name TEXT", command.Once},
		{command.SearchDescribe("i").Args(), "SEARCH.DESCRIBE i", command.ReadOnly},
		{command.SearchDrop("i").Args(), "SEARCH.DROP i", command.Idempotent},
		{command.SearchReindex("i").Args(), "SEARCH.REINDEX i", command.Idempotent},
		{command.SearchWaitIndexing("i").Args(), "SEARCH.WAITINDEXING i", command.ReadOnly},
		{command.SearchAliasAdd("a", "i").Args(), "SEARCH.ALIASADD a i", command.Idempotent},
		{command.SearchAliasDel("a").Args(), "SEARCH.ALIASDEL a", command.Idempotent},
		{command.SearchListAliases().Args(), "SEARCH.LISTALIASES", command.ReadOnly},
		{command.SearchListIndexes().Args(), "SEARCH.LISTINDEXES", command.ReadOnly},
		{command.SearchListIndexesWith(command.SearchListOptions{Match: "p*", Limit: 10, Offset: 20}).Args(),
			"SEARCH.LISTINDEXES MATCH p* LIMIT 10 OFFSET 20", command.ReadOnly},
	})
}

func TestSearchIndexCommandsRefuse(t *testing.T) {
	t.Parallel()
	with := func(f func(*command.SearchCreateArgs)) error { return command.SearchCreate("i", change(f)).Err() }
	field := func(f command.SearchField) error {
		return with(func(a *command.SearchCreateArgs) { a.Schema = []command.SearchField{f} })
	}
	checkRefused(t, []refused{
		{"nothing", command.SearchCreate("i", command.SearchCreateArgs{}).Err(), "On must be"},
		{"unknown source", with(func(a *command.SearchCreateArgs) { a.On = "LIST" }), "On must be"},
		{"no prefixes", with(func(a *command.SearchCreateArgs) { a.Prefixes = nil }), "at least one of Prefixes"},
		{"prefix twice", with(func(a *command.SearchCreateArgs) { a.Prefixes = []string{"a:", "a:"} }), "covers another one"},
		{"prefix of a prefix", with(func(a *command.SearchCreateArgs) { a.Prefixes = []string{"a:b:", "a:"} }), "covers another one"},
		{"stream of documents", with(func(a *command.SearchCreateArgs) { a.Stream = "s" }), "Stream is for SearchStream"},
		{"stream without a key", with(func(a *command.SearchCreateArgs) { a.On, a.Prefixes = command.SearchStream, nil }), "needs Stream"},
		{"stream with prefixes", with(func(a *command.SearchCreateArgs) { a.On, a.Stream = command.SearchStream, "s" }), "needs Stream"},
		{"no fields", with(func(a *command.SearchCreateArgs) { a.Schema = nil }), "at least one field"},
		{"field twice", with(func(a *command.SearchCreateArgs) { a.Schema = append(a.Schema, a.Schema[0]) }), "two fields of one name"},
		{"field without a name", field(command.SearchField{Type: command.SearchText}), "no Name"},
		{"field that reads as an option", field(command.SearchField{Name: "from", Type: command.SearchText}), "reads as an option"},
		{"field without a type", field(command.SearchField{Name: "a"}), "Type of a field must be"},
		{"fast text", field(command.SearchField{Name: "a", Type: command.SearchText, Fast: true}), "TEXT field cannot be Fast"},
		{"fast keyword", field(command.SearchField{Name: "a", Type: command.SearchKeyword, Fast: true}), "no option but From"},
		{"facet without stems", field(command.SearchField{Name: "a", Type: command.SearchFacet, NoStem: true}), "no option but From"},
		{"number without words", field(command.SearchField{Name: "a", Type: command.SearchF64, NoTokenize: true}), "are for TEXT fields"},
		{"negative limit", command.SearchListIndexesWith(command.SearchListOptions{Limit: -1}).Err(), "cannot be negative"},
		{"negative offset", command.SearchListIndexesWith(command.SearchListOptions{Offset: -1}).Err(), "cannot be negative"},
	})
}

func TestSearchIndexCommandsDecode(t *testing.T) {
	t.Parallel()
	for _, c := range []command.Cmd[bool]{
		command.SearchCreate("i", products()), command.SearchDrop("i"), command.SearchReindex("i"),
		command.SearchWaitIndexing("i"), command.SearchAliasDel("a"),
	} {
		checkReply(t, c, number(1), true)
		checkReply(t, c, number(0), false)
	}
	checkReply(t, command.SearchAliasAdd("a", "i"), number(1), true)
	checkReply(t, command.SearchAliasAdd("a", "i"), number(2), false)
	for _, r := range []command.Reply{number(0), number(3), text("1"), {}} {
		if _, err := command.SearchAliasAdd("a", "i").Decode(r); err == nil {
			t.Errorf("SearchAliasAdd takes %v", r)
		}
	}
	checkReply(t, command.SearchListAliases(), list(list("a", "i"), list("b", "i")), map[string]string{"a": "i", "b": "i"})
	checkReply(t, command.SearchListAliases(), list(), map[string]string{})
	if _, err := command.SearchListAliases().Decode(list(list("a"))); err == nil {
		t.Error("an alias without an index")
	}
	checkReply(t, command.SearchListIndexes(), list(list("name", "i", "type", "HASH", "new", list(1)), list("name", "j", "type", "JSON")),
		[]command.SearchIndexName{{Name: "i", Type: command.SearchHashes}, {Name: "j", Type: command.SearchJSONs}})
	checkReply(t, command.SearchListIndexes(), list(), []command.SearchIndexName{})
	if _, err := command.SearchListIndexes().Decode(list(nil)); err == nil {
		t.Error("an index that is nil")
	}
}

func TestSearchDescribeDecodes(t *testing.T) {
	t.Parallel()
	describe := command.SearchDescribe("i")
	checkReply(t, describe, command.Reply{}, command.ErrNil)
	checkReply(t, describe, list(), command.SearchIndex{})
	checkReply(t, describe, list(
		"name", "products", "type", "JSON", "prefixes", list("product:"), "language", "english",
		"indexSize", 1234, "pendingUpdates", "0", "new", list(list(nil)),
		"schema", list(
			list("name", "TEXT"),
			list("exact", "TEXT", "FROM", "NOSTEM", "NOSTEM", "NOTOKENIZE", "NEW"),
			list("price", "F64", "FAST"),
			list("cut", "TEXT", "FROM"),
		),
	), command.SearchIndex{
		Name: "products", Type: command.SearchJSONs, Prefixes: []string{"product:"}, Language: "english", Size: 1234,
		Schema: []command.SearchField{
			{Name: "name", Type: command.SearchText},
			{Name: "exact", Type: command.SearchText, NoStem: true, NoTokenize: true, From: "NOSTEM"},
			{Name: "price", Type: command.SearchF64, Fast: true},
			{Name: "cut", Type: command.SearchText},
		},
	})
	checkReply(t, describe, list("name", nil, "language", nil, "schema", nil), command.SearchIndex{})
	for name, r := range map[string]command.Reply{
		"odd list":             list("name"),
		"text":                 text(marker),
		"number for a name":    list("name", 1),
		"text for a size":      list("indexSize", marker),
		"field without a type": list("schema", list(list(marker))),
		"text for the fields":  list("schema", marker),
	} {
		if _, err := describe.Decode(r); err == nil {
			t.Errorf("SearchDescribe takes %s", name)
		}
	}
}
