package upstashtest

import (
	"bufio"
	"bytes"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

// A redisStep is what becomes of one command: Redis executes words, or the reply
// is known without it.
type redisStep struct {
	words   []string
	rename  renaming // what is to be done to the reply of Redis
	free    bool     // it costs nothing
	local   []byte   // the reply, when there are no words
	refused string   // why the command cannot be executed at all, also not in a transaction
}

func refusedStep(reason string) redisStep {
	return redisStep{local: errorReply(reason), free: true, refused: reason}
}

// step makes the step for a command of a user.
func (b *redisBackend) step(c *redisConn, as user, command []string) redisStep {
	if reason := b.refusal(as, command); reason != "" {
		return refusedStep(reason)
	}
	name := strings.ToUpper(command[0])
	switch name {
	case "EVAL", "EVALSHA", "EVALSHA_RO", "EVAL_RO", "SCRIPT":
		words, rename := b.scripts.adapt(name, command)
		return redisStep{words: words, rename: rename}
	case "ACL":
		if !arityFits(name, len(command)) {
			return refusedStep(wrongArityText("acl"))
		}
		return redisStep{local: b.acl(as, command[1:])}
	case "DELEX", "DIGEST":
		if c.lacksConditions {
			if !arityFits(name, len(command)) {
				return refusedStep(wrongArityText(strings.ToLower(name)))
			}
			return conditional(name, command)
		}
	case "SET":
		if c.lacksConditions && len(command) > 3 {
			return conditional(name, command)
		}
	}
	return redisStep{words: command, free: unbilled[name]}
}

// refusal says why Redis does not get a command, or nothing.
func (b *redisBackend) refusal(as user, command []string) string {
	if len(command) == 0 {
		return msgEmptyItem // Redis would not even answer it
	}
	name, args := strings.ToUpper(command[0]), command[1:]
	switch {
	case isUnavailable(name, args), breaksConnection(name, args):
		return notAvailableText(name)
	case !as.mayRun(name, args):
		return noPermissionText(strings.ToLower(name))
	}
	for _, key := range keysOf(name, args) {
		if int64(len(key)) > b.limits.MaxKey {
			return keyTooLargeText(b.limits.MaxKey, len(key))
		}
	}
	if least, _ := growth(name, args); least > b.limits.MaxRecord {
		return msgRecordTooLarge
	}
	return ""
}

// breaksConnection tells the commands after which a connection is not what it
// was: Redis takes POST and HOST: for an attack by way of HTTP and hangs up, and
// with the debugger on it speaks another protocol.
func breaksConnection(name string, args []string) bool {
	switch name {
	case "POST", "HOST:":
		return true
	case "SCRIPT":
		return len(args) > 0 && strings.EqualFold(args[0], "DEBUG")
	}
	return false
}

// acl answers about the users of this server, of whom Redis knows nothing.
func (b *redisBackend) acl(as user, args []string) []byte {
	var buf bytes.Buffer
	out := bufio.NewWriter(&buf)
	supplyACL(&embedded{users: b.users, user: as}, server.NewPeer(out), args)
	_ = out.Flush() // into memory
	return buf.Bytes()
}

var oneLine = strings.NewReplacer("\r", " ", "\n", " ")

func errorReply(text string) []byte { return []byte("-" + oneLine.Replace(text) + "\r\n") }
