package upstashtest

import (
	"slices"
	"strings"
)

// scriptFlags are the flags of Redis, and Upstash's allow-key-locking.
var scriptFlags = []string{
	"allow-cross-slot-keys", flagKeyLocking, "allow-oom", "allow-stale", "no-cluster", flagNoWrites,
}

const flagNoWrites = "no-writes"

// scriptRights is what the first line of a script asks for.
type scriptRights struct {
	readOnly     bool
	declaredKeys bool // no key may be touched that is not in KEYS
}

// parseShebang reads a first line like "#!lua flags=no-writes". The problem is
// Redis's text.
func parseShebang(text string) (r scriptRights, problem string) {
	if !strings.HasPrefix(text, "#!") {
		return r, ""
	}
	line, _, complete := strings.Cut(text, "\n")
	if !complete {
		return r, "ERR Invalid script shebang"
	}
	words := strings.Fields(line)
	if words[0] != "#!lua" {
		return r, "ERR Unexpected engine in script shebang: " + words[0]
	}
	for _, option := range words[1:] {
		flags, ok := strings.CutPrefix(option, "flags=")
		if !ok {
			return r, "ERR Unknown lua shebang option: " + option
		}
		for flag := range strings.SplitSeq(flags, ",") {
			if !slices.Contains(scriptFlags, flag) {
				return r, "ERR Unexpected flag in script shebang: " + flag
			}
			r.readOnly = r.readOnly || flag == flagNoWrites
			r.declaredKeys = r.declaredKeys || flag == flagKeyLocking
		}
	}
	return r, ""
}
