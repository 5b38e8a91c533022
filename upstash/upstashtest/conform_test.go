package upstashtest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// conformCase is one typed command, executed on an empty database with what is
// given, and what has to come of it. The tables are in conform_<group>_test.go.
type conformCase struct {
	name  string   // unique, and beginning with the constructor
	given []string // commands that prepare the database
	check
	then []check // what has to be true afterwards

	// dumped, where there is one, makes the command from the dump of the key src.
	dumped func(dump []byte) check
}

// check is one command and the wanted value, a refused or an absent.
type check struct {
	step
	want any
}

type (
	refused string   // the code of the wanted error
	absent  struct{} // upstash.ErrNil
)

func returns[T any](name, given string, c command.Cmd[T], want T, then ...check) conformCase {
	return conformCase{name: name, given: words(given), check: left(c, want), then: then}
}

func nothing[T any](name, given string, c command.Cmd[T], then ...check) conformCase {
	return conformCase{name: name, given: words(given), check: check{typed[T]{c}, absent{}}, then: then}
}

func fails[T any](name, given string, c command.Cmd[T], code refused, then ...check) conformCase {
	return conformCase{name: name, given: words(given), check: check{typed[T]{c}, code}, then: then}
}

// left is what a command wants to see after the one of the case.
func left[T any](c command.Cmd[T], want T) check { return check{typed[T]{c}, want} }

// words cuts "SET k v; SADD s a" into its commands.
func words(given string) []string {
	if given == "" {
		return nil
	}
	return strings.Split(given, ";")
}

// step is a typed command that has lost its type.
type step interface {
	Args() command.Args
	direct(ctx context.Context, d upstash.Doer) (any, error)
	queue(p *pipeline.Pipeline) func() (any, error)
}

type typed[T any] struct{ command.Cmd[T] }

func (s typed[T]) direct(ctx context.Context, d upstash.Doer) (any, error) {
	return upstash.Exec(ctx, d, s.Cmd)
}

func (s typed[T]) queue(p *pipeline.Pipeline) func() (any, error) {
	q := pipeline.Queue(p, s.Cmd)
	return func() (any, error) { return q.Result() }
}

// way executes steps and tells what came of each.
type way func(ctx context.Context, d upstash.Doer, steps []step) []any

func direct(ctx context.Context, d upstash.Doer, steps []step) []any {
	outcomes := make([]any, len(steps))
	for i, s := range steps {
		outcomes[i] = outcome(s.direct(ctx, d))
	}
	return outcomes
}

func pipelined(ctx context.Context, d upstash.Doer, steps []step) []any {
	return queued(ctx, pipeline.New(d), steps)
}

func transaction(ctx context.Context, d upstash.Doer, steps []step) []any {
	return queued(ctx, pipeline.NewTx(d), steps)
}

func queued(ctx context.Context, p *pipeline.Pipeline, steps []step) []any {
	results := make([]func() (any, error), len(steps))
	for i, s := range steps {
		results[i] = s.queue(p)
	}
	_ = p.Exec(ctx) // each result has its error
	outcomes := make([]any, len(steps))
	for i, result := range results {
		outcomes[i] = outcome(result())
	}
	return outcomes
}

func outcome(v any, err error) any {
	var e *upstash.Error
	switch {
	case err == nil:
		return v
	case errors.Is(err, upstash.ErrNil):
		return absent{}
	case errors.As(err, &e) && e.Code != "":
		return refused(e.Code)
	}
	return err
}

// steps are all commands of a case in their order: given, the one, then.
func (c conformCase) steps() []step {
	var steps []step
	for _, line := range c.given {
		steps = append(steps, raw(strings.Fields(line)))
	}
	for _, k := range c.checks() {
		steps = append(steps, k.step)
	}
	return steps
}

func (c conformCase) checks() []check { return append([]check{c.check}, c.then...) }

// raw is a command by its words.
func raw(words []string) step {
	args := make([]any, len(words)-1)
	for i, word := range words[1:] {
		args[i] = word
	}
	return typed[command.Reply]{command.New(command.Reply.Reply, words[0], args...)}
}

// ready makes the command that needs a dump: it executes what is given and
// leaves nothing of it to do.
func (c conformCase) ready(ctx context.Context, d upstash.Doer) conformCase {
	if c.dumped == nil {
		return c
	}
	given := c
	given.check = left(command.Dump("src"), nil)
	got := direct(ctx, d, given.steps()[:len(c.given)+1])
	dump, _ := got[len(c.given)].([]byte)
	c.given, c.check = nil, c.dumped(dump)
	return c
}

// problems executes a case and tells what is not as it has to be.
func (c conformCase) problems(ctx context.Context, d upstash.Doer, run way, options ...cmp.Option) (problems []string) {
	c = c.ready(ctx, d)
	got := run(ctx, d, c.steps())
	for i, line := range c.given {
		switch got[i].(type) {
		case refused, error:
			problems = append(problems, fmt.Sprintf("%s: given %s: %v", c.name, line, got[i]))
		}
	}
	for i, k := range c.checks() {
		all := options
		if unordered(k.Args().Name()) {
			all = append(slices.Clip(options), anyOrder)
		}
		g := got[len(c.given)+i]
		if diff := cmp.Diff(k.want, g, append(slices.Clip(all), cmpopts.EquateErrors())...); diff != "" {
			problems = append(problems, fmt.Sprintf("%s: %s (-want +got):\n%s", c.name, k.Args().Name(), diff))
		}
	}
	return problems
}

// unordered tells the commands whose lists have no order.
func unordered(name string) bool {
	switch name {
	case "HGETALL", "HKEYS", "HRANDFIELD", "HSCAN", "HVALS", "KEYS", "SCAN", "SDIFF", "SINTER", "SMEMBERS",
		"SPOP", "SRANDMEMBER", "SSCAN", "SUNION", "ZRANDMEMBER", "ZSCAN":
		return true
	}
	return false
}

var anyOrder = cmp.Options{
	cmpopts.SortSlices(func(a, b string) bool { return a < b }),
	cmpopts.SortSlices(func(a, b command.Pair) bool { return a.Key < b.Key }),
	cmpopts.SortSlices(func(a, b command.KeyType) bool { return a.Key < b.Key }),
	cmpopts.SortSlices(func(a, b command.Z) bool { return a.Member < b.Member }),
}
