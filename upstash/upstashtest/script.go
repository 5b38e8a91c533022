package upstashtest

import (
	"crypto/sha1" //nolint:gosec // Redis names scripts by their SHA-1
	"encoding/hex"
	"slices"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

// Scripts run in the engine, under the SHA-1 of the body it was given. Clients
// know a script by the SHA-1 of the text they sent; where the two differ,
// embedded.scripts leads from the one to the other.

func supplyEval(e *embedded, c *server.Peer, args []string) bool {
	return e.eval(c, "EVALSHA", args)
}

func supplyEvalRO(e *embedded, c *server.Peer, args []string) bool {
	return e.eval(c, "EVALSHA_RO", args)
}

func supplyEvalSha(e *embedded, c *server.Peer, args []string) bool {
	return e.evalSha(c, "EVALSHA", args)
}

func supplyEvalShaRO(e *embedded, c *server.Peer, args []string) bool {
	return e.evalSha(c, "EVALSHA_RO", args)
}

// eval loads a script and then runs it, because Redis keeps every script that
// compiles, and the engine only one that ran without an error.
func (e *embedded) eval(c *server.Peer, evalSha string, args []string) bool {
	if len(args) < 2 || e.inScript() {
		return false
	}
	sha, ok := e.load(c, args[0])
	if !ok {
		return true
	}
	return e.evalSha(c, evalSha, append([]string{sha}, args[1:]...))
}

func (e *embedded) evalSha(c *server.Peer, evalSha string, args []string) bool {
	if len(args) < 2 || e.inScript() {
		return false
	}
	sha := strings.ToLower(args[0])
	if s, ok := e.scripts[sha]; ok {
		sha = sha1Hex(s.body)
		if s.readOnly {
			evalSha = "EVALSHA_RO"
		}
	}
	return e.forward(c, append([]string{evalSha, sha}, args[1:]...)...)
}

// load gives a script to the engine and returns the SHA-1 of its text. When that
// fails it has answered c.
func (e *embedded) load(c *server.Peer, text string) (sha string, ok bool) {
	s, problem := parseScript(text)
	if problem != "" {
		c.WriteError(problem)
		return "", false
	}
	if reply := e.ask(c, "SCRIPT", "LOAD", s.body); isError(reply) {
		c.WriteRaw(string(reply))
		return "", false
	}
	sha = sha1Hex(text)
	if s.body != text {
		e.scripts[sha] = s
	}
	return sha, true
}

func supplyScript(e *embedded, c *server.Peer, args []string) bool {
	if len(args) == 0 || e.inScript() {
		return false
	}
	switch strings.ToUpper(args[0]) {
	case "LOAD":
		if len(args) != 2 {
			return false
		}
		if sha, ok := e.load(c, args[1]); ok {
			c.WriteBulk(sha)
		}
		return true
	case "EXISTS":
		command := append([]string{"SCRIPT"}, args...)
		for i, sha := range command[2:] {
			sha = strings.ToLower(sha)
			if s, ok := e.scripts[sha]; ok {
				sha = sha1Hex(s.body)
			}
			command[2+i] = sha
		}
		return e.forward(c, command...)
	case "KILL":
		if len(args) != 1 {
			return false
		}
		c.WriteError(msgNotBusy) // a script that runs holds up this command too
		return true
	case "FLUSH":
		reply := e.ask(c, slices.Concat([]string{"SCRIPT"}, args)...)
		if !isError(reply) {
			clear(e.scripts)
		}
		c.WriteRaw(string(reply))
		return true
	}
	return false
}

func sha1Hex(text string) string {
	sum := sha1.Sum([]byte(text)) //nolint:gosec // see the import
	return hex.EncodeToString(sum[:])
}
