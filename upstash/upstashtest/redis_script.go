package upstashtest

import (
	"bytes"
	"slices"
	"strings"
	"sync"
)

// flagKeyLocking is the flag that Upstash knows and Redis refuses.
const flagKeyLocking = "allow-key-locking"

// withoutKeyLocking takes the flag out of the first line of a script. A line on
// which no other is left becomes a comment, for even an empty one changes how
// Redis runs a script. What is wrong with the line Redis says itself.
func withoutKeyLocking(text string) string {
	line, rest, complete := strings.Cut(text, "\n")
	words := strings.Fields(line)
	if !complete || !strings.HasPrefix(line, "#!lua") || !strings.Contains(line, flagKeyLocking) {
		return text
	}
	kept := words[:1]
	for _, word := range words[1:] {
		list, isFlags := strings.CutPrefix(word, "flags=")
		if !isFlags {
			kept = append(kept, word)
			continue
		}
		flags := slices.DeleteFunc(strings.Split(list, ","), func(flag string) bool { return flag == flagKeyLocking })
		if len(flags) > 0 {
			kept = append(kept, "flags="+strings.Join(flags, ","))
		}
	}
	if len(kept) == 1 && kept[0] == "#!lua" {
		return "--" + text
	}
	return strings.Join(kept, " ") + "\n" + rest
}

// scriptNames leads from the SHA-1 of a text that a client sent to that of the
// text Redis got, where the two differ. Which scripts there are only Redis knows.
type scriptNames struct {
	mu   sync.Mutex
	sent map[string]string
}

// script is what Redis gets of a script. When that is another text, rename is the
// way back to the name the client knows.
func (s *scriptNames) script(text string) (body string, rename renaming) {
	body = withoutKeyLocking(text)
	if body == text {
		return body, renaming{}
	}
	name, sent := sha1Hex(text), sha1Hex(body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent[name] = sent
	return body, renaming{from: sent, to: name}
}

// name is the SHA-1 under which Redis knows a script.
func (s *scriptNames) name(sha string) (sent string, rename renaming) {
	name := strings.ToLower(sha)
	s.mu.Lock()
	defer s.mu.Unlock()
	sent, differs := s.sent[name]
	if !differs {
		return sha, renaming{}
	}
	return sent, renaming{from: sent, to: name}
}

// adapt returns a command about scripts as Redis gets it. The command is not
// changed.
func (s *scriptNames) adapt(name string, command []string) (adapted []string, rename renaming) {
	if len(command) < 2 {
		return command, renaming{}
	}
	adapted = slices.Clone(command)
	switch name {
	case "EVAL", "EVAL_RO":
		adapted[1], rename = s.script(command[1])
	case "EVALSHA", "EVALSHA_RO":
		adapted[1], rename = s.name(command[1])
	case "SCRIPT":
		switch strings.ToUpper(command[1]) {
		case "LOAD":
			if len(command) == 3 {
				adapted[2], rename = s.script(command[2])
				rename.loaded = true
			}
		case "EXISTS":
			for i, sha := range command[2:] {
				adapted[2+i], _ = s.name(sha)
			}
		}
	}
	return adapted, rename
}

// A renaming writes the name that the client knows over the one that Redis uses,
// in place: both are equally long.
type renaming struct {
	from, to string
	loaded   bool // the reply itself is the name
}

func (r renaming) apply(resp []byte) {
	if r.from == "" || !r.loaded && !isError(resp) {
		return
	}
	for {
		i := bytes.Index(resp, []byte(r.from))
		if i < 0 {
			return
		}
		copy(resp[i:], r.to)
		resp = resp[i+len(r.to):]
	}
}
