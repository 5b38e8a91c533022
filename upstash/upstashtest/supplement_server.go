package upstashtest

import "github.com/alicebob/miniredis/v2/server"

// supplyCommand answers COMMAND with an empty list, which is all the service
// says about its commands.
func supplyCommand(_ *embedded, c *server.Peer, _ []string) bool {
	c.WriteLen(0)
	return true
}
