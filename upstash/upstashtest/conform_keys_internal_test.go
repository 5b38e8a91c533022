package upstashtest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// TestConformMovesNames checks that no name of a case meets one of somebody else.
func TestConformMovesNames(t *testing.T) {
	t.Parallel()
	all := command.SearchAll()
	fields := []command.SearchField{{Name: "PREFIX", Type: command.SearchText}}
	for _, tt := range []struct {
		c    command.Args
		want []string
	}{
		{command.JSONSet("k", "$", "k").Args(), []string{"k"}},
		{command.JSONMGet("$", "k", "l").Args(), []string{"k", "l"}},
		{command.JSONDebugMemory("k", "$").Args(), []string{"k"}},
		{command.SearchCreate("i", command.SearchCreateArgs{On: command.SearchJSONs, Prefixes: []string{"p:", "q:"}, Schema: fields}).Args(),
			[]string{"i", "p:", "q:"}},
		{command.SearchQueryWith("i", all, command.SearchQueryOptions{OrderBy: "f", Limit: 5}).Args(), []string{"i"}},
		{command.SearchAliasAdd("a", "i").Args(), []string{"a", "i"}},
		{command.SearchAliasDel("a").Args(), []string{"a"}},
		{command.SearchListAliases().Args(), nil},
		{command.SearchListIndexes().Args(), nil},
		{command.SearchListIndexesWith(command.SearchListOptions{Match: "i*", Limit: 1}).Args(), []string{"i*"}},
	} {
		var got []string
		words := tt.c.Words()
		for i := 1; i < len(words); i++ {
			if isKey(words, i) {
				got = append(got, words[i])
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", words, diff)
		}
	}
}
