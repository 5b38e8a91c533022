package upstashtest_test

import "strings"

// Commands that neither the embedded engine nor a plain Redis has, whatever its
// version: JSON.* came with a module, and in builds of Redis 8.0 that have it too;
// SEARCH.* is of the service alone.
const (
	jsonCommands = `JSON.ARRAPPEND,JSON.ARRINDEX,JSON.ARRINSERT,JSON.ARRLEN,JSON.ARRPOP,JSON.ARRTRIM,JSON.CLEAR,` +
		`JSON.DEBUG HELP,JSON.DEBUG MEMORY,JSON.DEL,JSON.FORGET,JSON.GET,JSON.MERGE,JSON.MGET,JSON.MSET,` +
		`JSON.NUMINCRBY,JSON.NUMMULTBY,JSON.OBJKEYS,JSON.OBJLEN,JSON.RESP,JSON.SET,JSON.STRAPPEND,JSON.STRLEN,` +
		`JSON.TOGGLE,JSON.TYPE`
	searchCommands = `SEARCH.AGGREGATE,SEARCH.ALIASADD,SEARCH.ALIASDEL,SEARCH.COUNT,SEARCH.CREATE,SEARCH.DESCRIBE,` +
		`SEARCH.DROP,SEARCH.LISTALIASES,SEARCH.LISTINDEXES,SEARCH.QUERY,SEARCH.REINDEX,SEARCH.WAITINDEXING`
)

func init() {
	for commands, reason := range map[string]string{
		jsonCommands:   "the engine has no JSON documents yet",
		searchCommands: "the engine has no search",
	} {
		for _, name := range splitList(commands) {
			engineLacks[name] = reason
			realRedisSince[name] = never
		}
	}
}

func splitList(names string) []string { return strings.Split(names, ",") }
