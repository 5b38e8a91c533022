package upstashtest

import (
	_ "embed"
	"strings"
)

//go:embed conditional.lua
var conditionalSource string

// conditionalScript is the script without its comments, which need not travel
// with every command.
var conditionalScript = func() string {
	var b strings.Builder
	for line := range strings.Lines(conditionalSource) {
		if text := strings.TrimSpace(line); text != "" && !strings.HasPrefix(text, "--") {
			b.WriteString(line)
		}
	}
	return b.String()
}()

// conditional turns a conditional write, or DIGEST, into one that any Redis can
// execute: a call of the script. Other commands it leaves alone. The name is in
// upper case; the command has as many words as it needs.
//
// The script goes along every time: in a batch, a command that finds it missing
// would come too late to send it.
func conditional(name string, command []string) redisStep {
	args := command[1:]
	call := func(words ...string) redisStep {
		return redisStep{words: append([]string{"EVAL", conditionalScript, "1", args[0]}, words...)}
	}
	switch {
	case name == "DIGEST":
		return call(name)
	case name == "DELEX" && len(args) == 1:
		return redisStep{words: []string{"DEL", args[0]}}
	case name == "DELEX" && len(args) == 3:
		return call(name, strings.ToUpper(args[1]), args[2])
	case name == "DELEX":
		return redisStep{local: errorReply(wrongArityText("delex"))}
	}
	o, problem := parseSetOptions(args[2:])
	if o.condition.name == "" {
		return redisStep{words: command}
	}
	if problem != "" {
		return redisStep{local: errorReply(problem)}
	}
	get := ""
	if o.get {
		get = "GET"
	}
	return call(append([]string{name, o.condition.name, o.condition.operand, get, args[1]}, o.expiry...)...)
}
