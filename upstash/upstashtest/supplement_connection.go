package upstashtest

import "github.com/alicebob/miniredis/v2/server"

// supplyPing returns an empty message too; the engine takes it for none.
func supplyPing(_ *embedded, c *server.Peer, args []string) bool {
	if len(args) != 1 {
		return false
	}
	c.WriteBulk(args[0])
	return true
}
