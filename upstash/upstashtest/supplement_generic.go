package upstashtest

import (
	"strconv"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

// supplyMemory leaves out how many items to look at: the engine looks at all.
func supplyMemory(e *embedded, c *server.Peer, args []string) bool {
	if len(args) != 4 || !strings.EqualFold(args[0], "USAGE") || !strings.EqualFold(args[2], "SAMPLES") {
		return false
	}
	if n, err := strconv.ParseInt(args[3], 10, 64); err != nil || n < 0 {
		return false
	}
	return e.forward(c, "MEMORY", args[0], args[1])
}
