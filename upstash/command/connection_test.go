package command_test

import (
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func TestConnectionCommands(t *testing.T) {
	t.Parallel()
	checkSent(t, []sent{
		{command.Ping().Args(), "PING", command.ReadOnly},
		{command.PingMessage(7).Args(), "PING 7", command.ReadOnly},
		{command.Echo("hello").Args(), "ECHO hello", command.ReadOnly},
	})
	checkRefused(t, []refused{
		{"ping with nil", command.PingMessage(nil).Err(), "nil has no text form"},
		{"echo of a list", command.Echo([]int{1}).Err(), "has no text form"},
	})
	checkReply(t, command.Ping(), text("PONG"), command.OK{})
	checkReply(t, command.PingMessage("m"), text("m"), "m")
	checkReply(t, command.Echo(""), text(""), "")
	checkMismatch(t, command.Ping(), text(marker), "the status PONG")
	checkMismatch(t, command.Ping(), command.Reply{}, "the status PONG")
}
