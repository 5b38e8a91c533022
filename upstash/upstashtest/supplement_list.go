package upstashtest

import (
	"slices"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

// supplyLMove looks at both sides before anything moves; the engine has removed
// the element by then.
func supplyLMove(e *embedded, c *server.Peer, args []string) bool {
	for _, side := range args[2:] {
		if !slices.Contains([]string{"LEFT", "RIGHT"}, strings.ToUpper(side)) {
			c.WriteError(msgSyntax)
			return true
		}
	}
	return e.staysInPlace(c, args[0], args[1])
}

func supplyRPopLPush(e *embedded, c *server.Peer, args []string) bool {
	return e.staysInPlace(c, args[0], args[1])
}

// staysInPlace answers a move of the only element of a list within it: the engine
// would make a new list, without the expiry.
func (e *embedded) staysInPlace(c *server.Peer, from, to string) (done bool) {
	if from != to {
		return false
	}
	if n, ok, _ := e.askInt(c, "LLEN", from); !ok || n != 1 {
		return false
	}
	return e.forward(c, "LINDEX", from, "0")
}
