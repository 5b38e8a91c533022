package command

// Eval runs a Lua script. Every key that it touches belongs in keys, and args
// are what it finds in ARGV. Over REST a script is billed as one command plus
// one for each command that it runs.
func Eval(script string, keys []string, args ...any) Cmd[Reply] {
	return once(Reply.Reply, "EVAL", script, keysAndArgs(keys, args))
}

// EvalRO runs a Lua script that may only read.
func EvalRO(script string, keys []string, args ...any) Cmd[Reply] {
	return read(Reply.Reply, "EVAL_RO", script, keysAndArgs(keys, args))
}

// EvalSha runs a script that the server already knows by the SHA-1 of its text
// in hexadecimal. An unknown one is an error with the code NOSCRIPT.
func EvalSha(sha string, keys []string, args ...any) Cmd[Reply] {
	return once(Reply.Reply, "EVALSHA", sha, keysAndArgs(keys, args))
}

// EvalShaRO is [EvalSha] for a script that may only read.
func EvalShaRO(sha string, keys []string, args ...any) Cmd[Reply] {
	return read(Reply.Reply, "EVALSHA_RO", sha, keysAndArgs(keys, args))
}

func keysAndArgs(keys []string, args []any) (t tail) {
	t.addInt(int64(len(keys)))
	t.add(keys...)
	for _, arg := range args {
		t.addValue(arg)
	}
	return t
}

// ScriptExists tells for each SHA-1 whether the server knows that script.
func ScriptExists(shas ...string) Cmd[[]bool] {
	return read(Reply.Bools, "SCRIPT", "EXISTS", many("SHA-1", shas))
}

// FlushMode says whether a flush is finished when it answers.
type FlushMode string

// The modes of a flush; the zero value leaves the choice to the server.
const (
	FlushSync  FlushMode = "SYNC"
	FlushAsync FlushMode = "ASYNC"
)

func (m FlushMode) tail() (t tail) {
	if m != "" {
		t.add(string(m))
	}
	return t
}

// ScriptFlush makes the server forget all scripts.
func ScriptFlush(mode FlushMode) Cmd[OK] {
	return idempotent(Reply.Status, "SCRIPT", "FLUSH", mode.tail())
}

// ScriptKill stops a running script. Over REST the server always answers with
// the error NOTBUSY.
func ScriptKill() Cmd[OK] { return idempotent(Reply.Status, "SCRIPT", "KILL") }

// ScriptLoad makes the server know a script and returns its SHA-1. Replicas
// learn of it late: be ready for NOSCRIPT right after.
func ScriptLoad(script string) Cmd[string] {
	return idempotent(Reply.Text, "SCRIPT", "LOAD", script)
}
