package upstashtest_test

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest/internal/conform"
)

// answersDiffer names the cases in which the local server answers something else
// than Redis although both serve the typed command well.
var answersDiffer = conform.Lacks[string]{
	"ACLGetUser": "the server has users of its own",
	"ACL LIST":   "the server has users of its own",
	"ACL USERS":  "the server has users of its own",
}

// TestRealRedisSameAnswers compares the replies to the cases, error texts among
// them: what the local server answers is what Redis answers.
func TestRealRedisSameAnswers(t *testing.T) {
	t.Parallel()
	redis := dialRealRedis(t, "13")
	version := redis.version(t)
	compared, failed := rowSet{}, rowSet{}
	for _, c := range conform.Cases() {
		if engineLacks.Entry(c) != "" || realRedisSince[realRedisSince.Entry(c)] > version {
			continue
		}
		redis.flush(t)
		srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
		got, want := answers(t, c, srv.Client()), answers(t, c, redis)
		diff := gocmp.Diff(want, got)
		if entry := answersDiffer.Entry(c); entry != "" {
			failed[entry] = failed[entry] || diff != ""
			continue
		}
		if diff != "" {
			t.Errorf("%s (-real +local):\n%s", c.Name, diff)
		}
		compared.add(c)
	}
	for _, entry := range answersDiffer.Stale(failed) {
		t.Errorf("the answers to %s are the same: take it out of answersDiffer", entry)
	}
	t.Logf("same answers to %d of %d rows", len(compared), len(tableRows(t)))
}

// answers executes a case and returns all replies.
func answers(t *testing.T, c conform.Case, d upstash.Doer) (all []any) {
	t.Helper()
	listening := upstash.DoerFunc(func(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
		replies, err := d.Do(ctx, b)
		for i, reply := range replies {
			all = append(all, b.Commands[i].Name(), answer(b.Commands[i], reply))
		}
		return replies, err
	})
	c.Problems(t.Context(), listening, conform.Direct, about)
	return all
}

// answer is a reply in a form in which two servers can be compared: lists that
// have no order are sorted, and what is the server's own business is left out.
func answer(c command.Args, reply command.Reply) any {
	value, name := conform.Plain(reply), c.Name()
	if _, isError := value.(conform.ServerError); isError {
		return value
	}
	switch {
	case name == "DUMP", name == "MEMORY USAGE", name == "ACL GENPASS", name == "FUNCTION LIST", name == "INFO", name == "TIME":
		return nil
	case strings.HasSuffix(name, "TTL"), strings.HasSuffix(name, "EXPIRETIME"):
		// Real time is in it. That it is right is seen in the cases themselves.
		return timeless(value)
	case strings.HasPrefix(name, "X"):
		return streamAnswer(c, value)
	case strings.HasPrefix(name, "Z"):
		value = scoresAlike(value)
	}
	if !conform.Unordered(name) {
		return value
	}
	list, _ := value.([]any)
	if strings.HasSuffix(name, "SCAN") && len(list) == 2 {
		list, _ = list[1].([]any)
	}
	if list == nil {
		return value
	}
	var groups [][]any
	for group := range slices.Chunk(list, groupLen(c)) {
		groups = append(groups, group)
	}
	slices.SortFunc(groups, func(a, b []any) int {
		return slices.CompareFunc(a, b, func(a, b any) int {
			x, _ := a.(string)
			y, _ := b.(string)
			return cmp.Compare(x, y)
		})
	})
	return groups
}

// groupLen is how many items of a list without order belong together.
func groupLen(c command.Args) int {
	option := strings.ToUpper(c.At(c.Len() - 1))
	switch c.Name() {
	case "HGETALL", "ZSCAN":
		return 2
	case "HSCAN":
		if option != "NOVALUES" {
			return 2
		}
	case "HRANDFIELD", "ZRANDMEMBER":
		if strings.HasPrefix(option, "WITH") {
			return 2
		}
	}
	return 1
}

// timeless leaves of times only that they are there.
func timeless(value any) any {
	switch v := value.(type) {
	case int64:
		return min(v, 1)
	case []any:
		for i := range v {
			v[i] = timeless(v[i])
		}
	}
	return value
}

// scoresAlike writes all numbers in one form: up to version 7.0 Redis wrote
// scores with 17 digits, and since then with no more than are needed.
func scoresAlike(value any) any {
	switch v := value.(type) {
	case string:
		if f, err := strconv.ParseFloat(v, 64); err == nil {
			return strconv.FormatFloat(f, 'g', -1, 64)
		}
	case []any:
		for i := range v {
			v[i] = scoresAlike(v[i])
		}
	}
	return value
}
