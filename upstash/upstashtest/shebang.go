package upstashtest

import (
	"slices"
	"strings"
)

// scriptFlags are the flags of Redis, and Upstash's allow-key-locking.
var scriptFlags = []string{
	"allow-cross-slot-keys", "allow-key-locking", "allow-oom", "allow-stale", "no-cluster", flagNoWrites,
}

const flagNoWrites = "no-writes"

// A script is what the engine is given of a script text.
type script struct {
	body     string
	readOnly bool
}

// parseScript reads a first line like "#!lua flags=no-writes". In the body it is
// a comment, so that errors name the lines the author sees. The problem is
// Redis's text.
func parseScript(text string) (s script, problem string) {
	if !strings.HasPrefix(text, "#!") {
		return script{body: text}, ""
	}
	line, _, complete := strings.Cut(text, "\n")
	if !complete {
		return script{}, "ERR Invalid script shebang"
	}
	words := strings.Fields(line)
	if words[0] != "#!lua" {
		return script{}, "ERR Unexpected engine in script shebang: " + words[0]
	}
	s.body = "--" + text
	for _, option := range words[1:] {
		flags, ok := strings.CutPrefix(option, "flags=")
		if !ok {
			return script{}, "ERR Unknown lua shebang option: " + option
		}
		for flag := range strings.SplitSeq(flags, ",") {
			if !slices.Contains(scriptFlags, flag) {
				return script{}, "ERR Unexpected flag in script shebang: " + flag
			}
			s.readOnly = s.readOnly || flag == flagNoWrites
		}
	}
	return s, ""
}
