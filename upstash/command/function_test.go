package command_test

import (
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func TestFunctionCommandsSend(t *testing.T) {
	t.Parallel()
	replace := command.FunctionLoadOptions{Replace: true}
	checkSent(t, []sent{
		{command.FCall("f", []string{"k1", "k2"}, 1, "a").Args(), "FCALL f 2 k1 k2 1 a", command.Once},
		{command.FCall("f", nil).Args(), "FCALL f 0", command.Once},
		{command.FCallRO("f", []string{"k"}).Args(), "FCALL_RO f 1 k", command.ReadOnly},
		{command.FunctionDelete("l").Args(), "FUNCTION DELETE l", command.Once},
		{command.FunctionFlush("").Args(), "FUNCTION FLUSH", command.Idempotent},
		{command.FunctionFlush(command.FlushSync).Args(), "FUNCTION FLUSH SYNC", command.Idempotent},
		{command.FunctionKill().Args(), "FUNCTION KILL", command.Idempotent},
		{command.FunctionList().Args(), "FUNCTION LIST", command.ReadOnly},
		{command.FunctionListWith(command.FunctionListOptions{}).Args(), "FUNCTION LIST", command.ReadOnly},
		{command.FunctionListWith(command.FunctionListOptions{Library: "l*"}).Args(), "FUNCTION LIST LIBRARYNAME l*", command.ReadOnly},
		{command.FunctionListWith(command.FunctionListOptions{Library: "l*", WithCode: true}).Args(), "FUNCTION LIST LIBRARYNAME l* WITHCODE", command.ReadOnly},
		{command.FunctionLoad("code").Args(), "FUNCTION LOAD code", command.Once},
		{command.FunctionLoadWith("code", command.FunctionLoadOptions{}).Args(), "FUNCTION LOAD code", command.Once},
		{command.FunctionLoadWith("code", replace).Args(), "FUNCTION LOAD REPLACE code", command.Idempotent},
		{command.FunctionStats().Args(), "FUNCTION STATS", command.ReadOnly},
	})
	checkRefused(t, []refused{{"argument without a text form", command.FCall("f", nil, struct{}{}).Err(), "has no text form"}})
}

func TestFunctionListDecodes(t *testing.T) {
	t.Parallel()
	cmd := command.FunctionList()
	checkReply(t, cmd, list(), []command.Library{})
	checkReply(t, cmd, list(list(
		"library_name", "l", "engine", "LUA", "since", 1, "functions", list(
			list("name", "f", "description", nil, "flags", list("no-writes", "allow-stale")),
			list("name", "g", "description", "does g", "flags", list(), "later", nil),
		),
		"library_code", "#!lua name=l",
	), list("library_name", "bare", "library_code", nil)), []command.Library{
		{Name: "l", Engine: "LUA", Code: "#!lua name=l", Functions: []command.LibraryFunction{
			{Name: "f", Flags: []string{"no-writes", "allow-stale"}},
			{Name: "g", Description: "does g", Flags: []string{}},
		}},
		{Name: "bare"},
	})
	checkMismatch(t, cmd, text("OK"), "array")
	checkMismatch(t, cmd, list(nil), "a value inside the list")
	checkMismatch(t, cmd, list(list("library_name")), "flat pairs")
	checkMismatch(t, cmd, list(list("library_name", nil)), "a value inside the list")
	checkMismatch(t, cmd, list(list(1, "l")), "text")
	checkMismatch(t, cmd, list(list("functions", list(nil))), "a value inside the list")
	checkMismatch(t, cmd, list(list("functions", list(list("flags", list(nil))))), "a value inside the list")
}

func TestFunctionStatsDecodes(t *testing.T) {
	t.Parallel()
	cmd := command.FunctionStats()
	engines := list("LUA", list("libraries_count", 1, "functions_count", 2, "later", nil))
	want := command.FunctionState{Engines: []command.FunctionEngine{{Name: "LUA", Libraries: 1, Functions: 2}}}
	checkReply(t, cmd, list("running_script", nil, "engines", engines), want)
	want.Running = command.Null[command.RunningFunction]{Valid: true, V: command.RunningFunction{Name: "f", Duration: 12 * time.Millisecond}}
	checkReply(t, cmd, list("running_script", list("name", "f", "command", list("fcall", "f", "0"), "duration_ms", 12), "engines", engines), want)
	checkReply(t, cmd, command.Reply{}, command.ErrNil)
	checkMismatch(t, cmd, list("engines", list("LUA", nil)), "a value inside the list")
	checkMismatch(t, cmd, list("engines", list("LUA", list("libraries_count", "1"))), "integer")
	checkMismatch(t, cmd, list("running_script", text("f")), "array")
}

func TestFunctionCommandsDecode(t *testing.T) {
	t.Parallel()
	reply, err := command.FCall("f", nil).Decode(list("a", 1, nil))
	if err != nil || reply.String() != "array of 3" {
		t.Errorf("FCall = %v, %v", reply, err)
	}
	checkReply(t, command.FunctionLoad("code"), text("l"), "l")
	checkReply(t, command.FunctionDelete("l"), text("OK"), command.OK{})
}
