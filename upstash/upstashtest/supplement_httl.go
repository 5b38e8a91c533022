package upstashtest

import (
	"fmt"

	"github.com/alicebob/miniredis/v2/server"
)

// supplyHTTL serves the commands that tell when fields end, each in its unit.
// Unlike those for keys, they round up.
func supplyHTTL(unit string) supplement {
	u := endUnits[unit]
	return func(e *embedded, c *server.Peer, args []string) bool {
		if len(args) < 3 {
			return false
		}
		if _, ok := e.hash(c, args[0]); !ok {
			return true
		}
		fields, problem := parseFields(args[1:], msgFieldsPositive)
		if problem != "" {
			c.WriteError(problem)
			return true
		}
		c.WriteLen(len(fields))
		for _, end := range e.fieldEnds(c, args[0], fields...) {
			if end >= 0 {
				if u.fromNow {
					end -= e.at.UnixMilli()
				}
				end = (end + u.ms - 1) / u.ms
			}
			c.WriteRaw(fmt.Sprintf(":%d\r\n", end))
		}
		return true
	}
}
