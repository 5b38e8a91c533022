package upstashtest

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/alicebob/miniredis/v2/server"
)

// supplySooner serves the commands that set an expiry: with LT, the same instant
// as before is not sooner, and for the engine it is.
func supplySooner(unit time.Duration, relative bool) supplement {
	return func(e *embedded, c *server.Peer, args []string) bool {
		if len(args) != 3 || !strings.EqualFold(args[2], "LT") {
			return false
		}
		n, err := strconv.ParseInt(args[1], 10, 64)
		ends, ok, _ := e.askInt(c, "PEXPIRETIME", args[0])
		perUnit := int64(unit / time.Millisecond)
		if err != nil || !ok || ends < 0 || n > math.MaxInt64/perUnit/2 {
			return false
		}
		at := n * perUnit
		if relative {
			at += e.at.UnixMilli()
		}
		if at < ends {
			return false
		}
		c.WriteInt(0)
		return true
	}
}
