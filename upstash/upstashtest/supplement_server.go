package upstashtest

import (
	"fmt"
	"strings"

	"github.com/alicebob/miniredis/v2/server"

	"github.com/seed-9937a0e6/upstash-go/upstash/internal/glob"
)

// supplyCommand answers COMMAND with an empty list, which is all the service
// says about its commands.
func supplyCommand(_ *embedded, c *server.Peer, _ []string) bool {
	c.WriteLen(0)
	return true
}

// keyspaceEvents is the one setting that the service has. Here it is off and
// stays so: no events are sent.
const keyspaceEvents = "notify-keyspace-events"

func supplyConfig(_ *embedded, c *server.Peer, args []string) bool {
	subcommand, operands := strings.ToUpper(args[0]), args[1:]
	switch {
	case subcommand != "GET" && subcommand != "SET":
		c.WriteError(fmt.Sprintf("ERR unknown subcommand '%.128s'. Try CONFIG HELP.", args[0]))
	case len(operands) == 0, subcommand == "SET" && len(operands)%2 != 0:
		c.WriteError(wrongArityText("config|" + strings.ToLower(subcommand)))
	case subcommand == "GET":
		configGet(c, operands)
	default:
		configSet(c, operands)
	}
	return true
}

func configGet(c *server.Peer, patterns []string) {
	for _, pattern := range patterns {
		if glob.Match(strings.ToLower(pattern), keyspaceEvents) {
			c.WriteStrings([]string{keyspaceEvents, ""})
			return
		}
	}
	c.WriteLen(0)
}

func configSet(c *server.Peer, settings []string) {
	for i := 0; i < len(settings); i += 2 {
		switch {
		case !strings.EqualFold(settings[i], keyspaceEvents):
			c.WriteError(fmt.Sprintf("ERR Unknown option or number of arguments for CONFIG SET - '%.128s'", settings[i]))
			return
		case settings[i+1] != "":
			c.WriteError("ERR CONFIG SET failed (possibly related to argument '" + keyspaceEvents + "') - the local server sends no events")
			return
		}
	}
	c.WriteOK()
}

// supplyInfo has nothing to say about a section that the engine does not know,
// which to Redis is no mistake.
func supplyInfo(e *embedded, c *server.Peer, args []string) bool {
	reply := e.ask(c, append([]string{"INFO"}, args...)...)
	if isError(reply) {
		c.WriteBulk("")
		return true
	}
	c.WriteRaw(string(reply))
	return true
}
