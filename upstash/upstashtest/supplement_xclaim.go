package upstashtest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

// An xclaim is a consumer that takes over what is pending for others.
type xclaim struct {
	consumer   string
	minIdle    int // milliseconds
	idle       int // milliseconds since the delivery that it counts as
	deliveries int // how many there are then, or -1 for one more
	force      bool
	justID     bool
	lastID     string
}

// parseXClaim reads the IDs and the options behind them.
func (e *embedded) parseXClaim(consumer string, args []string) (x xclaim, ids []string, problem string) {
	x = xclaim{consumer: consumer, deliveries: -1}
	var err error
	if x.minIdle, err = strconv.Atoi(args[0]); err != nil {
		return xclaim{}, nil, "ERR Invalid min-idle-time argument for XCLAIM"
	}
	args = args[1:]
	for len(args) > 0 {
		id, ok := parseXID(args[0])
		if !ok {
			break
		}
		ids, args = append(ids, id.String()), args[1:]
	}
	for len(args) > 0 && problem == "" {
		word, operand := strings.ToUpper(args[0]), ""
		args = args[1:]
		switch word {
		case "FORCE":
			x.force = true
			continue
		case "JUSTID":
			x.justID = true
			continue
		}
		if len(args) > 0 {
			operand, args = args[0], args[1:]
		}
		problem = e.xclaimOption(&x, word, operand)
	}
	return x, ids, problem
}

func (e *embedded) xclaimOption(x *xclaim, word, operand string) (problem string) {
	if word == "LASTID" {
		last, ok := parseXID(operand)
		if x.lastID = last.String(); !ok {
			return msgStreamID
		}
		return ""
	}
	if !slices.Contains([]string{"IDLE", "TIME", "RETRYCOUNT"}, word) || operand == "" {
		return "ERR Unrecognized XCLAIM option '" + word + "'"
	}
	n, err := strconv.Atoi(operand)
	switch {
	case err != nil:
		return "ERR Invalid " + word + " option argument for XCLAIM"
	case word == "IDLE":
		x.idle = max(n, 0)
	case word == "TIME":
		x.idle = max(int(e.at.UnixMilli())-n, 0)
	default:
		x.deliveries = n
	}
	return ""
}

// supplyXClaim leaves alone what was delivered a moment ago, and forgets what is
// deleted.
func supplyXClaim(e *embedded, c *server.Peer, args []string) bool {
	key, group := args[0], args[1]
	g, ok := e.claimGroup(c, key, group)
	if !ok {
		return true
	}
	x, ids, problem := e.parseXClaim(args[2], args[3:])
	if problem != "" {
		c.WriteError(problem)
		return true
	}
	if x.lastID != "" && mustXID(g.last).compare(mustXID(x.lastID)) < 0 {
		e.moveGroup(c, key, group, x.lastID)
	}
	var claimed []xentry
	pending := e.pendingByID(c, key, group)
	for _, id := range ids {
		p, isPending := pending[id]
		if !isPending {
			p = xpending{id: id, deliveries: 1}
		}
		entry, exists := e.xentry(c, key, id)
		switch {
		case !exists:
			e.ask(c, "XACK", key, group, id)
		case !isPending && x.force, isPending && p.idle >= x.minIdle:
			pending[id] = e.claim(c, key, group, x, p)
			claimed = append(claimed, entry)
		}
	}
	e.seen(c, key, group, x.consumer, len(claimed) > 0)
	writeClaimed(c, claimed, x.justID)
	return true
}

// claimGroup looks at the group of a command that claims. When there is none, it
// has answered c.
func (e *embedded) claimGroup(c *server.Peer, key, group string) (g xgroup, ok bool) {
	if _, ok := e.stream(c, key); !ok {
		return xgroup{}, false
	}
	g, ok = e.xgroup(c, key, group)
	if !ok {
		c.WriteError("NOGROUP No such key '" + key + "' or consumer group '" + group + "'")
	}
	return g, ok
}

// claim gives a pending entry to another consumer. Who reads only its ID does not
// count as another delivery.
func (e *embedded) claim(c *server.Peer, key, group string, x xclaim, p xpending) xpending {
	p.consumer, p.idle = x.consumer, x.idle
	switch {
	case x.deliveries >= 0:
		p.deliveries = x.deliveries
	case !x.justID:
		p.deliveries++
	}
	e.deliver(c, key, group, p)
	return p
}

func writeClaimed(c *server.Peer, claimed []xentry, justID bool) {
	if !justID {
		writeEntries(c, claimed)
		return
	}
	c.WriteLen(len(claimed))
	for _, x := range claimed {
		c.WriteBulk(x.id)
	}
}
