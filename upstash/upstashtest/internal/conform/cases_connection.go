package conform

import "github.com/seed-9937a0e6/upstash-go/upstash/command"

func connectionCases() []Case {
	return []Case{
		returns("Ping", "", command.Ping(), ok),
		returns("PingMessage", "", command.PingMessage("PONG?"), "PONG?"),
		returns("PingMessage: empty", "", command.PingMessage(""), ""),
		returns("Echo", "", command.Echo("héllo\n"), "héllo\n"),
		returns("Echo: OK", "", command.Echo("OK"), "OK"),
	}
}
