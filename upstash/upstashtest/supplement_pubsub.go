package upstashtest

import (
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

// supplyPublish sends to the streams, which the engine does not know. Inside a
// transaction or a script the message goes out at once, as in Redis; nobody who
// gets it can see half of the work, because the next command has to wait.
func supplyPublish(e *embedded, c *server.Peer, args []string) bool {
	if len(args) != 2 {
		return false
	}
	c.WriteInt(e.hub.publish(args[0], args[1]))
	return true
}

// supplyPubSub answers what is known about the streams; errors are the engine's.
func supplyPubSub(e *embedded, c *server.Peer, args []string) bool {
	if len(args) == 0 {
		return false
	}
	switch operands := args[1:]; strings.ToUpper(args[0]) {
	case "CHANNELS":
		if len(operands) > 1 {
			return false
		}
		c.WriteStrings(e.hub.subscribedChannels(strings.Join(operands, "")))
	case "NUMSUB":
		c.WriteLen(2 * len(operands))
		for _, channel := range operands {
			c.WriteBulk(channel)
			c.WriteInt(e.hub.subscribers(channel))
		}
	case "NUMPAT":
		if len(operands) > 0 {
			return false
		}
		c.WriteInt(e.hub.patternCount())
	default:
		return false
	}
	return true
}
