package conform

import (
	"slices"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// searchCases are as far as the service's documentation is certain: it does not say
// what scores are, nor how soon a document is found. Each case drops its index.
func searchCases() []Case {
	const given = "SEARCH.CREATE index ON HASH PREFIX 1 p: SCHEMA name TEXT NOSTEM price F64 FAST FROM cost"
	args := command.SearchCreateArgs{On: command.SearchHashes, Prefixes: []string{"p:"}, Schema: []command.SearchField{
		{Name: "name", Type: command.SearchText, NoStem: true},
		{Name: "price", Type: command.SearchF64, Fast: true, From: "cost"},
	}}
	again := args
	again.ExistsOK = true
	dropped := left(command.SearchDrop("index"), true)
	described := func(index string) command.Cmd[command.SearchIndex] {
		return command.Map(command.SearchDescribe(index), func(x command.SearchIndex) (command.SearchIndex, error) {
			x.Size, x.Pending = 0, 0
			return x, nil
		})
	}
	aliased := func(alias, index string) check {
		return left(command.Map(command.SearchListAliases(), func(m map[string]string) (bool, error) { return m[alias] == index, nil }), true)
	}
	wireless := command.SearchMatch("name", "wireless")
	index := command.SearchIndex{
		Name: "index", Type: command.SearchHashes, Prefixes: []string{"p:"}, Language: "english", Schema: args.Schema,
	}
	name := command.SearchIndexName{Name: "index", Type: command.SearchHashes}
	return []Case{
		returns("SearchCreate", "", command.SearchCreate("index", args), true, left(described("index"), index), dropped),
		returns("SearchCreate: ExistsOK", given, command.SearchCreate("index", again), false, dropped),
		fails("SearchCreate: twice", given, command.SearchCreate("index", args), "ERR", dropped),
		returns("SearchDescribe", given, described("index"), index, dropped),
		nothing("SearchDescribe: absent index", "", command.SearchDescribe("index")),
		returns("SearchDrop", given, command.SearchDrop("index"), true, left(command.SearchDrop("index"), false)),
		returns("SearchDrop: absent index", "", command.SearchDrop("index"), false),
		returns("SearchReindex", given, command.SearchReindex("index"), true, dropped),
		returns("SearchReindex: absent index", "", command.SearchReindex("index"), false),
		returns("SearchWaitIndexing: absent index", "", command.SearchWaitIndexing("index"), false),
		returns("SearchAliasAdd", given, command.SearchAliasAdd("alias", "index"), true,
			aliased("alias", "index"), left(described("alias"), index), left(command.SearchAliasDel("alias"), true), dropped),
		returns("SearchAliasAdd: again", "SEARCH.ALIASADD alias index", command.SearchAliasAdd("alias", "other"), false,
			aliased("alias", "other"), left(command.SearchAliasDel("alias"), true)),
		returns("SearchAliasDel: absent alias", "", command.SearchAliasDel("alias"), false),
		returns("SearchListAliases", "", command.Map(command.SearchListAliases(), func(m map[string]string) (string, error) { return m["alias"], nil }), ""),
		returns("SearchListIndexes", given, command.Map(command.SearchListIndexes(), func(all []command.SearchIndexName) (bool, error) {
			return slices.Contains(all, name), nil
		}), true, dropped),
		returns("SearchListIndexesWith", given, command.SearchListIndexesWith(command.SearchListOptions{Match: "index*", Limit: 5}),
			[]command.SearchIndexName{name}, dropped),
		returns("SearchListIndexesWith: Offset", given, command.SearchListIndexesWith(command.SearchListOptions{Match: "index*", Offset: 1}),
			[]command.SearchIndexName{}, dropped),

		nothing("SearchQuery: absent index", "", command.SearchQuery("index", wireless)),
		returns("SearchQueryWith", given, command.SearchQueryWith("index", wireless, command.SearchQueryOptions{NoContent: true, Limit: 5}),
			[]command.SearchHit{}, dropped),
		nothing("SearchQueryWith: absent index", "", command.SearchQueryWith("index", wireless, command.SearchQueryOptions{NoContent: true})),
		returns("SearchCount", given, command.SearchCount("index", wireless), 0, dropped),
		nothing("SearchCount: absent index", "", command.SearchCount("index", wireless)),
		nothing("SearchAggregate: absent index", "", command.SearchAggregate("index", command.SearchAll(),
			command.SearchAggs{"average": command.SearchAvgOf("price")})),
	}
}
