package upstashtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// A keyspace is a Doer that puts a prefix before every key, another one for each
// case, and remembers the keys to delete them again.
type keyspace struct {
	d      upstash.Doer
	prefix string // of the call; in braces, for databases that spread keys over nodes by hash tag
	before string // what is put before keys now
	cases  int
	used   map[string]bool
	broken int // round trips in a row that brought no answer
	err    error
}

// clearAt is how many keys may wait for their deletion.
const clearAt = 200

func newKeyspace(d upstash.Doer) *keyspace {
	return &keyspace{d: d, prefix: "{upstashtest-" + rand.Text() + "}:", used: map[string]bool{}}
}

// ready finds out whether the database answers, and is empty where it has to be.
func (k *keyspace) ready(ctx context.Context, empty bool) error {
	if k.d == nil {
		return errors.New("there is no Doer")
	}
	count := command.Exists(k.prefix)
	if empty {
		count = command.New(command.Reply.Int, "DBSIZE").WithClass(command.ReadOnly)
	}
	n, err := upstash.Exec(ctx, k.d, count)
	if err == nil && n != 0 {
		err = fmt.Errorf("the database is not empty: DBSIZE is %d", n)
	}
	return err
}

// next makes place for a case: keys of its own, or, when it looks at the whole
// database, no keys but its own.
func (k *keyspace) next(ctx context.Context, whole bool) error {
	k.cases++
	before := fmt.Sprintf("%s%d:", k.prefix, k.cases)
	if whole {
		before = ""
	}
	if whole || k.before == "" || len(k.used) >= clearAt {
		if err := k.clear(ctx); err != nil {
			return err
		}
	}
	k.before = before
	return nil
}

// clear deletes all keys.
func (k *keyspace) clear(ctx context.Context) error {
	if len(k.used) == 0 {
		return nil
	}
	_, err := upstash.Exec(ctx, k.d, command.Del(slices.Sorted(maps.Keys(k.used))...))
	if err == nil {
		clear(k.used)
	}
	return err
}

// lost says why there is no use in going on, if so.
func (k *keyspace) lost(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if k.broken >= 3 {
		return fmt.Errorf("the database does not answer: %w", k.err)
	}
	return nil
}

// Do implements [upstash.Doer].
func (k *keyspace) Do(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
	moved := upstash.Batch{Commands: make([]command.Args, len(b.Commands)), Atomic: b.Atomic}
	for i, c := range b.Commands {
		moved.Commands[i] = k.move(c)
	}
	replies, err := k.d.Do(ctx, moved)
	if k.err = err; isAnswer(err) {
		k.broken = 0
	} else {
		k.broken++
	}
	back := make([]command.Reply, len(replies))
	for i, r := range replies {
		back[i] = k.back(r)
	}
	return back, err
}

// isAnswer reports whether the database said something, if only that it refuses.
func isAnswer(err error) bool {
	var e *upstash.Error
	return err == nil || errors.As(err, &e) && (e.Code != "" || e.Status/100 == 4)
}

// back is a reply with the names that keys have outside of the keyspace.
func (k *keyspace) back(r command.Reply) command.Reply {
	switch r.Kind() {
	case command.KindText:
		text, _ := r.Text()
		return command.TextReply(strings.TrimPrefix(text, k.before))
	case command.KindArray:
		items, _ := r.Array()
		moved := make([]command.Reply, len(items))
		for i, item := range items {
			moved[i] = k.back(item)
		}
		return command.ArrayReply(moved...)
	}
	return r
}

// move is a command with its keys in the keyspace.
func (k *keyspace) move(c command.Args) command.Args {
	words := c.Words()
	args := make([]any, len(words)-1)
	for i, word := range words[1:] {
		if isKey(words, i+1) {
			word = k.before + word
			k.used[word] = true
		}
		args[i] = word
	}
	return command.New(command.Reply.Reply, words[0], args...).WithClass(c.Class()).Args()
}

// isKey reports whether a word of a command is a key: whether one that is put in
// its place would be.
func isKey(words []string, i int) bool {
	if strings.HasPrefix(words[0], "SEARCH.") {
		return isSearchName(words, i)
	}
	const mark = "\x00"
	args := slices.Clone(words[1:])
	args[i-1] = mark
	return slices.Contains(keysOf(words[0], args), mark)
}

// isSearchName reports whether a word of a search command is the name of an index
// or an alias, a pattern of them, or a prefix of the keys to cover.
func isSearchName(words []string, i int) bool {
	switch words[0] {
	case "SEARCH.ALIASADD":
		return true
	case "SEARCH.LISTINDEXES":
		return words[i-1] == "MATCH"
	case "SEARCH.CREATE":
		before := words[:i]
		return i == 1 || slices.Contains(before, "PREFIX") && before[i-1] != "PREFIX" && !slices.Contains(words[:i+1], "SCHEMA")
	}
	return i == 1
}
