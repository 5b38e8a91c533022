package upstashtest

import (
	"strconv"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

// supplyXAutoClaim tells what it found deleted, and forgets it.
func supplyXAutoClaim(e *embedded, c *server.Peer, args []string) bool {
	key, group := args[0], args[1]
	x := xclaim{consumer: args[2], deliveries: -1}
	start, count, problem := parseXAutoClaim(&x, args[3:])
	if problem != "" {
		c.WriteError(problem)
		return true
	}
	if _, ok := e.claimGroup(c, key, group); !ok {
		return true
	}
	next := "0-0"
	var claimed []xentry
	var deleted []string
	looked := 0
	for _, p := range e.xpending(c, key, group) {
		if mustXID(p.id).compare(start) < 0 {
			continue
		}
		if len(claimed)+len(deleted) == count || looked == 10*count {
			next = p.id
			break
		}
		looked++
		entry, exists := e.xentry(c, key, p.id)
		switch {
		case !exists:
			e.ask(c, "XACK", key, group, p.id)
			deleted = append(deleted, p.id)
		case p.idle >= x.minIdle:
			e.claim(c, key, group, x, p)
			claimed = append(claimed, entry)
		}
	}
	e.seen(c, key, group, x.consumer, len(claimed) > 0)
	c.WriteLen(3)
	c.WriteBulk(next)
	writeClaimed(c, claimed, x.justID)
	c.WriteStrings(deleted)
	return true
}

func parseXAutoClaim(x *xclaim, args []string) (start xid, count int, problem string) {
	minIdle, err := strconv.Atoi(args[0])
	if err != nil {
		return xid{}, 0, "ERR Invalid min-idle-time argument for XAUTOCLAIM"
	}
	x.minIdle = minIdle
	start, ok := parseXID(strings.TrimPrefix(args[1], "("))
	switch {
	case args[1] == "-":
		start, ok = xid{}, true
	case strings.HasPrefix(args[1], "("):
		start = start.next()
	}
	if !ok {
		return xid{}, 0, msgStreamID
	}
	count = 100
	for rest := args[2:]; len(rest) > 0; {
		switch word := strings.ToUpper(rest[0]); {
		case word == "JUSTID":
			x.justID = true
			rest = rest[1:]
		case word == "COUNT" && len(rest) > 1:
			if count, err = strconv.Atoi(rest[1]); err != nil || count < 1 {
				return xid{}, 0, "ERR COUNT must be > 0"
			}
			rest = rest[2:]
		default:
			return xid{}, 0, msgSyntax
		}
	}
	return start, count, ""
}
