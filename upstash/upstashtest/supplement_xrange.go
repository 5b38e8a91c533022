package upstashtest

import (
	"strconv"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

// supplyXLen answers once to a key that is no stream; the engine answers twice.
func supplyXLen(e *embedded, c *server.Peer, args []string) bool {
	_, ok := e.stream(c, args[0])
	return !ok
}

// supplyXRange answers nothing when it is asked for nothing; the engine answers
// everything.
func supplyXRange(e *embedded, c *server.Peer, args []string) bool {
	if len(args) != 5 || !strings.EqualFold(args[3], "COUNT") {
		return false
	}
	if n, err := strconv.Atoi(args[4]); err != nil || n > 0 {
		return false
	}
	exists, ok := e.stream(c, args[0])
	switch {
	case ok && exists:
		c.WriteLen(-1)
	case ok:
		c.WriteLen(0)
	}
	return true
}
