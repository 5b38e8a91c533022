package upstashtest

import (
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

// supplyCopy removes what the copy replaces, whose expiry it would get from the
// engine, and gives the fields of a hash their ends, which it would not. A key is
// not copied to itself: that is no error with the service.
func supplyCopy(e *embedded, c *server.Peer, args []string) bool {
	replace := len(args) == 3 && strings.EqualFold(args[2], "REPLACE")
	if len(args) != 2 && !replace {
		return false
	}
	from, to := args[0], args[1]
	if from == to {
		c.WriteInt(0)
		return true
	}
	if n, ok, _ := e.askInt(c, "EXISTS", from); ok && n == 1 && replace {
		e.ask(c, "DEL", to)
	}
	n, ok, reply := e.askInt(c, "COPY", from, to)
	if ok && n == 1 && e.anyEnds {
		e.copyEnds(c, from, to)
	}
	if ok && n == 1 && string(e.ask(c, "TYPE", from)) == "+stream\r\n" {
		e.copyStream(c, from, c, to)
	}
	c.WriteRaw(string(reply))
	return true
}

func (e *embedded) copyEnds(c *server.Peer, from, to string) {
	fields, ok, _ := e.askList(c, "HKEYS", from)
	if !ok || len(fields) == 0 {
		return
	}
	for i, end := range e.fieldEnds(c, from, fields...) {
		if end != noEnd {
			e.endField(c, to, fields[i], end)
		}
	}
}
