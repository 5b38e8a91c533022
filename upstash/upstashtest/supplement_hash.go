package upstashtest

import (
	"slices"

	"github.com/alicebob/miniredis/v2/server"
)

// supplyHSet takes off the ends of the fields it overwrites.
func supplyHSet(e *embedded, c *server.Peer, args []string) bool {
	if len(args) < 3 || len(args)%2 == 0 || !e.anyEnds {
		return false
	}
	var fields []string
	for pair := range slices.Chunk(args[1:], 2) {
		fields = append(fields, pair[0])
	}
	e.endless(c, args[0], fields...)
	return false
}

// supplyHDel deletes the ends of fields with them.
func supplyHDel(e *embedded, c *server.Peer, args []string) bool {
	if len(args) >= 2 {
		e.endless(c, args[0], args[1:]...)
	}
	return false
}
