package upstashtest

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	summaryCommands = 8  // how many commands of a request are shown
	summaryKeys     = 4  // how many keys of a command
	summaryWord     = 64 // how many bytes of a key or a name
)

// String shows a request in one line, for people: the names and keys of its
// commands, long ones shortened, and how much more there was, but no values.
//
//	POST /pipeline GET user:1; SET user:1 (+12 bytes) -> 200, 2 billed
func (r Request) String() string {
	var b strings.Builder
	b.WriteString(r.Method)
	switch r.Path {
	case pathPipeline, pathMultiExec:
		b.WriteString(" " + r.Path)
	default:
		b.WriteString(" /") // of a command in the path, whose values are not shown
	}
	for i, command := range r.Commands[:min(len(r.Commands), summaryCommands)] {
		if i > 0 {
			b.WriteByte(';')
		}
		b.WriteString(" " + summarize(command))
	}
	if more := len(r.Commands) - summaryCommands; more > 0 {
		b.WriteString("; and " + count(more, "command"))
	}
	if r.Status == 0 {
		b.WriteString(" -> no answer")
	} else {
		b.WriteString(" -> " + strconv.Itoa(r.Status))
	}
	b.WriteString(", " + strconv.Itoa(r.Billed) + " billed")
	if r.Fault != "" {
		b.WriteString(" (intercepted: " + r.Fault + ")")
	}
	return b.String()
}

// summarize shows the name and the keys of a command.
func summarize(command []string) string {
	if len(command) == 0 {
		return "(empty)"
	}
	name, args := strings.ToUpper(command[0]), command[1:]
	if !isRegularName(name) {
		return "(" + count(len(command), "word") + ")" // perhaps a value in the place of the name
	}
	keys := keysOf(name, args)
	hidden := 0
	for _, arg := range args {
		hidden += len(arg)
	}
	var b strings.Builder
	b.WriteString(name)
	for i, key := range keys {
		hidden -= len(key)
		if i < summaryKeys {
			b.WriteString(" " + shorten(key))
		}
	}
	if more := len(keys) - summaryKeys; more > 0 {
		b.WriteString(" and " + count(more, "key"))
	}
	if hidden > 0 {
		b.WriteString(" (+" + count(hidden, "byte") + ")")
	}
	return b.String()
}

// isRegularName tells whether a word could be the name of a command.
func isRegularName(name string) bool {
	irregular := func(r rune) bool {
		return (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("._-", r)
	}
	return name != "" && len(name) <= summaryWord && !strings.ContainsFunc(name, irregular)
}

// shorten shows a key as it is, or quoted when it would not be read as one word.
func shorten(key string) string {
	if len(key) > summaryWord {
		return strconv.Quote(key[:summaryWord]) + "..."
	}
	odd := func(r rune) bool {
		return r <= ' ' || r == ';' || r == '"' || !strconv.IsPrint(r) || r == utf8.RuneError
	}
	if key == "" || strings.ContainsFunc(key, odd) {
		return strconv.Quote(key)
	}
	return key
}
