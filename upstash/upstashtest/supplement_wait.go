package upstashtest

import (
	"strconv"

	"github.com/alicebob/miniredis/v2/server"
)

const (
	msgNumLocal    = "ERR value is out of range, value must between 0 and 1"
	msgNotPositive = "ERR value is out of range, must be positive"
	msgTimeout     = "ERR timeout is not an integer or out of range"
	msgTimeoutSign = "ERR timeout is negative"
	msgNoAOF       = "ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled."
)

// supplyWaitAOF does not wait: there are no replicas, and no file.
func supplyWaitAOF(_ *embedded, c *server.Peer, args []string) bool {
	local, err1 := strconv.ParseInt(args[0], 10, 64)
	replicas, err2 := strconv.ParseInt(args[1], 10, 64)
	timeout, err3 := strconv.ParseInt(args[2], 10, 64)
	switch {
	case err1 != nil:
		c.WriteError(msgNotInteger)
	case local < 0 || local > 1:
		c.WriteError(msgNumLocal)
	case err2 != nil:
		c.WriteError(msgNotInteger)
	case replicas < 0:
		c.WriteError(msgNotPositive)
	case err3 != nil:
		c.WriteError(msgTimeout)
	case timeout < 0:
		c.WriteError(msgTimeoutSign)
	case local > 0:
		c.WriteError(msgNoAOF)
	default:
		c.WriteLen(2)
		c.WriteInt(0)
		c.WriteInt(0)
	}
	return true
}
