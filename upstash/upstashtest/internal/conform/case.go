// Package conform has the cases that a database answers as the typed commands
// of this SDK expect: each command, what prepares it, and what has to come of it.
package conform

import (
	"slices"
	"strings"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// Case is one typed command, executed where none of its keys exists with what is
// given, and what has to come of it. The tables are in cases_<group>.go.
type Case struct {
	Name  string   // unique, and beginning with the constructor
	given []string // commands that prepare the database
	check
	then []check // what has to be true afterwards

	// dumped, where there is one, makes the command from the dump of the key src.
	dumped func(dump []byte) check
}

// check is one command and the wanted value, a refused or an absent.
type check struct {
	cmd  command.Cmd[any]
	want any
}

type (
	refused string   // the code of the wanted error
	absent  struct{} // upstash.ErrNil
)

// Cases are all of them, in the order of the groups.
func Cases() []Case {
	return slices.Concat(
		stringCases(), setOptionCases(),
		genericCases(), restoreCases(), scanCases(), expireCases(),
		setCases(),
		hashCases(), hashSetExCases(), hashExpiryCases(),
		sortedSetCases(), sortedSetRangeCases(), sortedSetAlgebraCases(),
		bitmapCases(), bitFieldCases(), geoCases(), geoSearchCases(), geoRadiusCases(),
		hyperLogLogCases(), listCases(), connectionCases(),
		scriptingCases(), deprecatedCases(),
		streamCases(), streamGroupCases(), streamClaimCases(), streamInfoCases(),
		functionCases(), serverCases(), aclCases(), pubSubCases(),
		jsonCases(), searchCases(),
	)
}

// Command is the name of the command that the case is about.
func (c Case) Command() string {
	if c.Dumps() {
		return c.dumped(nil).cmd.Args().Name()
	}
	return c.cmd.Args().Name()
}

// Dumps tells the cases that move a dump. That of a real Redis is binary, which
// a body of JSON cannot hold.
func (c Case) Dumps() bool { return c.dumped != nil }

// Whole tells the cases that look at the whole database, or change what is not
// in one of their keys.
func (c Case) Whole() bool {
	if c.Dumps() {
		return false
	}
	return slices.ContainsFunc(c.commands(), func(cmd command.Cmd[any]) bool {
		switch cmd.Args().Name() {
		case "DBSIZE", "FLUSHALL", "FLUSHDB", "KEYS", "RANDOMKEY", "SCAN", "SCRIPT FLUSH", "SCRIPT KILL",
			"ACL DELUSER", "ACL LOAD", "ACL LOG", "ACL SAVE", "ACL SETUSER", "CONFIG SET", "FCALL", "FCALL_RO",
			"FUNCTION DELETE", "FUNCTION FLUSH", "FUNCTION KILL", "FUNCTION LIST", "FUNCTION LOAD", "FUNCTION STATS":
			return true
		}
		return false
	})
}

// commands are all of a case in their order: given, the one, then.
func (c Case) commands() []command.Cmd[any] {
	var commands []command.Cmd[any]
	for _, line := range c.given {
		words := strings.Fields(line)
		for i, w := range words {
			words[i] = asBlank.Replace(w)
		}
		commands = append(commands, Raw(words))
	}
	for _, k := range c.checks() {
		commands = append(commands, k.cmd)
	}
	return commands
}

func (c Case) checks() []check { return append([]check{c.check}, c.then...) }

func returns[T any](name, given string, c command.Cmd[T], want T, then ...check) Case {
	return Case{Name: name, given: words(given), check: left(c, want), then: then}
}

func nothing[T any](name, given string, c command.Cmd[T], then ...check) Case {
	return Case{Name: name, given: words(given), check: check{untyped(c), absent{}}, then: then}
}

func fails[T any](name, given string, c command.Cmd[T], code refused, then ...check) Case {
	return Case{Name: name, given: words(given), check: check{untyped(c), code}, then: then}
}

// left is what a command wants to see after the one of the case.
func left[T any](c command.Cmd[T], want T) check { return check{untyped(c), want} }

// untyped is a command that has lost its type.
func untyped[T any](c command.Cmd[T]) command.Cmd[any] {
	return command.Map(c, func(v T) (any, error) { return v, nil })
}

// words cuts "SET k v; SADD s a" into its commands.
func words(given string) []string {
	if given == "" {
		return nil
	}
	return strings.Split(given, ";")
}

// word writes a text that has blanks as one word of what is given.
func word(text string) string { return fromBlank.Replace(text) }

var (
	fromBlank = strings.NewReplacer(" ", "␣", "\n", "⏎")
	asBlank   = strings.NewReplacer("␣", " ", "⏎", "\n")
)

// Raw is a command by its words.
func Raw(words []string) command.Cmd[any] {
	args := make([]any, len(words)-1)
	for i, word := range words[1:] {
		args[i] = word
	}
	return untyped(command.New(command.Reply.Reply, words[0], args...))
}
