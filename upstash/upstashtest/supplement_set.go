package upstashtest

import (
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

// supplyStore serves the commands that store a set. An empty one does not exist,
// and the engine keeps it; a new one never ends, and the engine keeps the expiry
// of a destination that is a source too; a source of another type leaves the
// destination as it is, and the engine has deleted it by then.
func supplyStore(name, read string) supplement {
	return func(e *embedded, c *server.Peer, args []string) bool {
		if len(args) == 0 {
			return false
		}
		if reply := e.ask(c, append([]string{read}, args[1:]...)...); strings.HasPrefix(string(reply), "-WRONGTYPE") {
			c.WriteRaw(string(reply))
			return true
		}
		n, ok, reply := e.askInt(c, append([]string{name}, args...)...)
		switch {
		case ok && n == 0:
			e.ask(c, "DEL", args[0])
		case ok:
			e.ask(c, "PERSIST", args[0])
		}
		c.WriteRaw(string(reply))
		return true
	}
}
