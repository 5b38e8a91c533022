package conform

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// Problem is something that is not as it has to be.
type Problem struct {
	Case, Command string
	want, got     string
}

// String is the problem in one line.
func (p Problem) String() string {
	return fmt.Sprintf("%s: %s: want %s, got %s", p.Case, p.Command, p.want, p.got)
}

// Problems executes a case and tells what is not as it has to be. Durations may
// differ by slack, because a real clock has a part in them.
func (c Case) Problems(ctx context.Context, d upstash.Doer, run Way, slack time.Duration) (problems []Problem) {
	c = c.Ready(ctx, d)
	got := run(ctx, d, c.commands())
	for i, line := range c.given {
		switch got[i].(type) {
		case refused, error:
			problems = append(problems, Problem{c.Name, "given " + line, "no error", shown(got[i])})
		}
	}
	for i, k := range c.checks() {
		args, g := k.cmd.Args(), got[len(c.given)+i]
		if like := (likeness{slack: slack, unordered: Unordered(args.Name())}); !like.of(k.want, g) {
			want, got := shown(k.want), shown(g)
			if want == got {
				want, got = fmt.Sprintf("%#v", k.want), fmt.Sprintf("%#v", g)
			}
			problems = append(problems, Problem{c.Name, fmt.Sprintf("%q", args.Words()), want, got})
		}
	}
	return problems
}

// Ready makes the command that needs a dump: it executes what is given and
// leaves nothing of it to do.
func (c Case) Ready(ctx context.Context, d upstash.Doer) Case {
	if !c.Dumps() {
		return c
	}
	given := c
	given.check, given.then = left(command.Dump("src"), nil), nil
	got := Direct(ctx, d, given.commands())
	dump, _ := got[len(c.given)].([]byte)
	c.given, c.check, c.dumped = nil, c.dumped(dump), nil
	return c
}

// Sendable reports whether REST carries the commands of a case that is [Case.Ready]:
// any bytes in the last argument of a command on its own, and text elsewhere. The
// content of what a query found goes on its own too.
func (c Case) Sendable(alone bool) bool {
	for _, cmd := range c.commands() {
		words := cmd.Args().Words()
		if !alone && words[0] == "SEARCH.QUERY" && !slices.Contains(words, "NOCONTENT") {
			return false // a transaction refuses it
		}
		if alone {
			words = words[:len(words)-1]
		}
		if !utf8.ValidString(strings.Join(words, " ")) {
			return false
		}
	}
	return true
}

// shown is a value for people.
func shown(v any) string {
	switch v := v.(type) {
	case absent:
		return "nothing"
	case refused:
		return "the error " + string(v)
	case error:
		return "the error " + v.Error()
	case string, []string:
		return fmt.Sprintf("%q", v)
	}
	return fmt.Sprintf("%+v", v)
}
