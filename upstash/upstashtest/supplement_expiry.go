package upstashtest

import (
	"strconv"
	"time"

	"github.com/alicebob/miniredis/v2/server"
)

// supplyTime tells the time to the microsecond. The engine's is in whole
// milliseconds, for [ends].
func supplyTime(e *embedded, c *server.Peer, _ []string) bool {
	c.WriteLen(2)
	c.WriteBulk(strconv.FormatInt(e.started.Unix(), 10))
	c.WriteBulk(strconv.Itoa(e.started.Nanosecond() / int(time.Microsecond)))
	return true
}

// supplyTTL and supplyExpireTime round to the nearest second, as Redis does; the
// engine rounds down, so that a key set to live ten seconds had nine at once.
func supplyTTL(e *embedded, c *server.Peer, args []string) bool {
	return seconds(e, c, "PTTL", args)
}

func supplyExpireTime(e *embedded, c *server.Peer, args []string) bool {
	return seconds(e, c, "PEXPIRETIME", args)
}

// seconds answers with what the millisecond command says, in seconds. Negative
// numbers are no times but say that there is none.
func seconds(e *embedded, c *server.Peer, millisecondCommand string, args []string) bool {
	if len(args) != 1 {
		return false
	}
	ms, ok, reply := e.askInt(c, millisecondCommand, args[0])
	switch {
	case !ok:
		c.WriteRaw(string(reply))
	case ms < 0:
		c.WriteInt(int(ms))
	default:
		c.WriteInt(int((ms + 500) / 1000))
	}
	return true
}
