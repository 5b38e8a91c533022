package command_test

import (
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func TestScriptingCommandsSend(t *testing.T) {
	t.Parallel()
	keys := []string{"k1", "k2"}
	checkSent(t, []sent{
		{command.Eval("return", keys, 1, "a").Args(), "EVAL return 2 k1 k2 1 a", command.Once},
		{command.Eval("return", nil).Args(), "EVAL return 0", command.Once},
		{command.EvalRO("return", keys).Args(), "EVAL_RO return 2 k1 k2", command.ReadOnly},
		{command.EvalSha("0f", keys, 1).Args(), "EVALSHA 0f 2 k1 k2 1", command.Once},
		{command.EvalShaRO("0f", keys).Args(), "EVALSHA_RO 0f 2 k1 k2", command.ReadOnly},
		{command.ScriptExists("0f", "0e").Args(), "SCRIPT EXISTS 0f 0e", command.ReadOnly},
		{command.ScriptFlush("").Args(), "SCRIPT FLUSH", command.Idempotent},
		{command.ScriptFlush(command.FlushAsync).Args(), "SCRIPT FLUSH ASYNC", command.Idempotent},
		{command.ScriptKill().Args(), "SCRIPT KILL", command.Idempotent},
		{command.ScriptLoad("return").Args(), "SCRIPT LOAD return", command.Idempotent},
	})
}

func TestScriptingCommandsRefuse(t *testing.T) {
	t.Parallel()
	checkRefused(t, []refused{
		{"no SHA", command.ScriptExists().Err(), "at least one SHA-1"},
		{"argument without a text form", command.Eval("return", nil, struct{}{}).Err(), "has no text form"},
	})
}

func TestScriptingCommandsDecode(t *testing.T) {
	t.Parallel()
	reply, err := command.Eval("return", nil).Decode(list("a", 1, nil))
	if err != nil || reply.String() != "array of 3" {
		t.Errorf("Eval = %v, %v", reply, err)
	}
	checkReply(t, command.ScriptExists("a", "b"), list(1, 0), []bool{true, false})
	checkReply(t, command.ScriptLoad("return"), text("0f"), "0f")
}
