//go:build !unix

package upstashtest

import "net"

// ended has no way here to ask without waiting.
func ended(net.Conn) bool { return false }
