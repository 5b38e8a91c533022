package upstashtest

import (
	"context"
	"crypto/sha1" //nolint:gosec // Redis names scripts by their SHA-1
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/alicebob/miniredis/v2/server"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest/internal/luascript"
)

const (
	msgNoScript     = "NOSCRIPT No matching script. Please use EVAL."
	msgKeysNegative = "ERR Number of keys can't be negative"
	msgKeysTooMany  = "ERR Number of keys can't be greater than number of args"
)

// A script is a program and what it may do. Scripts run here and not in the
// engine, which could neither stop nor count nor restrain them.
type script struct {
	program *luascript.Program
	rights  scriptRights
}

func supplyEval(e *embedded, c *server.Peer, args []string) bool { return e.eval(c, args, false) }

func supplyEvalRO(e *embedded, c *server.Peer, args []string) bool { return e.eval(c, args, true) }

func supplyEvalSha(e *embedded, c *server.Peer, args []string) bool { return e.evalSha(c, args, false) }

func supplyEvalShaRO(e *embedded, c *server.Peer, args []string) bool {
	return e.evalSha(c, args, true)
}

func (e *embedded) eval(c *server.Peer, args []string, readOnly bool) bool {
	keys, argv, problem := scriptArguments(args[1:])
	if problem != "" {
		c.WriteError(problem)
		return true
	}
	if sha, ok := e.load(c, args[0]); ok {
		e.runScript(c, e.scripts[sha], keys, argv, readOnly)
	}
	return true
}

func (e *embedded) evalSha(c *server.Peer, args []string, readOnly bool) bool {
	keys, argv, problem := scriptArguments(args[1:])
	s, known := e.scripts[strings.ToLower(args[0])]
	switch {
	case problem != "":
		c.WriteError(problem)
	case !known:
		c.WriteError(msgNoScript)
	default:
		e.runScript(c, s, keys, argv, readOnly)
	}
	return true
}

// scriptArguments splits what follows a script: a number, that many keys, and
// the rest.
func scriptArguments(args []string) (keys, argv []string, problem string) {
	n, err := strconv.ParseInt(args[0], 10, 64)
	switch {
	case err != nil:
		return nil, nil, msgNotInteger
	case n < 0:
		return nil, nil, msgKeysNegative
	case n > int64(len(args)-1):
		return nil, nil, msgKeysTooMany
	}
	return args[1 : 1+n], args[1+n:], ""
}

// load compiles a script and keeps it, whatever will become of running it. When
// that fails it has answered c.
func (e *embedded) load(c *server.Peer, text string) (sha string, ok bool) {
	rights, problem := parseShebang(text)
	if problem != "" {
		c.WriteError(problem)
		return "", false
	}
	program, err := luascript.Compile(text)
	if err != nil {
		c.WriteError(err.Error())
		return "", false
	}
	sha = program.SHA()
	e.scripts[sha] = script{program, rights}
	return sha, true
}

func (e *embedded) runScript(c *server.Peer, s script, keys, argv []string, readOnly bool) {
	rights := s.rights
	rights.readOnly = rights.readOnly || readOnly
	e.runLua(c, s.program.Run, rights, keys, argv)
}

type luaRun func(context.Context, luascript.Options) luascript.Result

func (e *embedded) runLua(c *server.Peer, run luaRun, rights scriptRights, keys, argv []string) {
	e.script = true
	defer func() { e.script = false }()
	result := run(context.Background(), luascript.Options{
		Keys:             keys,
		Args:             argv,
		Call:             func(args []string) []byte { return e.call(c, args) },
		ReadOnly:         rights.readOnly,
		IsWrite:          isWrite,
		DeclaredKeysOnly: rights.declaredKeys,
		Timeout:          e.scriptTimeout,
		KeysOf:           func(args []string) []string { return keysOf(strings.ToUpper(args[0]), args[1:]) },
	})
	c.WriteRaw(string(result.Resp))
}

// call runs a command of a script.
func (e *embedded) call(c *server.Peer, args []string) []byte {
	name := strings.ToUpper(args[0])
	switch {
	case neverFromScripts[name] || isUnavailable(name, args[1:]):
		return luascript.ErrorReply(luascript.MsgNotFromScript)
	case !e.commands.IsRegisteredCommand(name):
		return luascript.ErrorReply(luascript.MsgUnknownCommand)
	case !arityFits(name, len(args)):
		return luascript.ErrorReply(luascript.MsgWrongArity)
	}
	return replyTo(c, func(inner *server.Peer) { e.commands.Dispatch(inner, args) })
}

var neverFromScripts = nameSet("EVAL EVALSHA EVALSHA_RO EVAL_RO FCALL FCALL_RO FUNCTION SCRIPT")

// isWrite tells the commands that a script which only reads may not run.
func isWrite(name string) bool {
	name = strings.ToUpper(name)
	return !readable[name] && name != "KEYS" && name != "SCAN"
}

func supplyScript(e *embedded, c *server.Peer, args []string) bool {
	switch subcommand := strings.ToUpper(args[0]); {
	case subcommand == "LOAD" && len(args) == 2:
		if sha, ok := e.load(c, args[1]); ok {
			c.WriteBulk(sha)
		}
		return true
	case subcommand == "EXISTS" && len(args) > 1:
		c.WriteLen(len(args) - 1)
		for _, sha := range args[1:] {
			n := 0
			if _, known := e.scripts[strings.ToLower(sha)]; known {
				n = 1
			}
			c.WriteInt(n)
		}
		return true
	case subcommand == "KILL" && len(args) == 1:
		c.WriteError(msgNotBusy) // a script that runs holds up this command too
		return true
	case subcommand == "FLUSH":
		reply := e.ask(c, append([]string{"SCRIPT"}, args...)...)
		if !isError(reply) {
			clear(e.scripts)
		}
		c.WriteRaw(string(reply))
		return true
	}
	return false // to be refused in Redis's words
}

func sha1Hex(text string) string {
	sum := sha1.Sum([]byte(text)) //nolint:gosec // see the import
	return hex.EncodeToString(sum[:])
}
