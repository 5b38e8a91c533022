package upstashtest

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/alicebob/miniredis/v2/server"
)

// supplySubStr is the old name of GETRANGE.
func supplySubStr(e *embedded, c *server.Peer, args []string) bool {
	if len(args) != 3 {
		return false
	}
	return supplyGetRange(e, c, args) || e.forward(c, "GETRANGE", args[0], args[1], args[2])
}

// supplyGetRange answers a range that ends before it begins: with two negative
// positions, the engine takes the first byte all the same.
func supplyGetRange(e *embedded, c *server.Peer, args []string) bool {
	if len(args) != 3 {
		return false
	}
	start, err1 := strconv.ParseInt(args[1], 10, 64)
	end, err2 := strconv.ParseInt(args[2], 10, 64)
	if err1 != nil || err2 != nil || start >= 0 || end >= start {
		return false
	}
	if reply := e.ask(c, "GET", args[0]); isError(reply) {
		c.WriteRaw(string(reply))
	} else {
		c.WriteBulk("")
	}
	return true
}

// supplyGetEx deletes a key whose end is past, and leaves alone what is no
// string; the engine sets the expiry before it looks.
func supplyGetEx(e *embedded, c *server.Peer, args []string) bool {
	if len(args) < 2 || len(args) > 3 {
		return false
	}
	option := strings.ToUpper(args[1])
	var end time.Time
	switch {
	case len(args) == 2 && option == "PERSIST":
	case len(args) == 3 && slices.Contains([]string{"EX", "PX", "EXAT", "PXAT"}, option):
		n, err := strconv.ParseInt(args[2], 10, 64)
		if err != nil || n <= 0 {
			return false
		}
		switch option {
		case "EXAT":
			end = time.Unix(n, 0)
		case "PXAT":
			end = time.UnixMilli(n)
		}
	default:
		return false
	}
	value := e.ask(c, "GET", args[0])
	past := !end.IsZero() && !end.After(e.at)
	if !isError(value) && !past {
		return false
	}
	if past && !isError(value) {
		e.ask(c, "DEL", args[0])
	}
	c.WriteRaw(string(value))
	return true
}
