package upstashtest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

// supplyXAck counts what was deleted too.
func supplyXAck(e *embedded, c *server.Peer, args []string) bool {
	key, group := args[0], args[1]
	if _, ok := e.stream(c, key); !ok {
		return true
	}
	ids, ok := fullIDs(args[2:])
	if !ok {
		if _, exists := e.xgroup(c, key, group); exists {
			c.WriteError(msgStreamID)
		} else {
			c.WriteInt(0)
		}
		return true
	}
	pending, acked := e.pendingByID(c, key, group), 0
	for _, id := range ids {
		if _, is := pending[id]; is {
			e.ask(c, "XACK", key, group, id)
			delete(pending, id)
			acked++
		}
	}
	c.WriteInt(acked)
	return true
}

// supplyXPending counts what was deleted too, and knows a range without its ends.
func supplyXPending(e *embedded, c *server.Peer, args []string) bool {
	key, group := args[0], args[1]
	if len(args) == 2 {
		if _, ok := e.claimGroup(c, key, group); ok {
			writePending(c, e.xpending(c, key, group))
		}
		return true
	}
	command := append([]string{"XPENDING"}, args...)
	at := 3
	if strings.EqualFold(args[2], "IDLE") {
		at += 2
	}
	for i, step := range []func(xid) xid{xid.next, xid.previous} {
		if at+i >= len(command) {
			break
		}
		text, open := strings.CutPrefix(command[at+i], "(")
		if id, ok := parseXID(text); open && ok {
			command[at+i] = step(id).String()
		}
	}
	return e.forward(c, command...)
}

// writePending answers how many are pending, between which IDs, and for whom.
func writePending(c *server.Peer, pending []xpending) {
	c.WriteLen(4)
	c.WriteInt(len(pending))
	if len(pending) == 0 {
		c.WriteNull()
		c.WriteNull()
		c.WriteLen(-1)
		return
	}
	c.WriteBulk(pending[0].id)
	c.WriteBulk(pending[len(pending)-1].id)
	consumers := map[string]int{}
	for _, p := range pending {
		consumers[p.consumer]++
	}
	names := make([]string, 0, len(consumers))
	for name := range consumers {
		names = append(names, name)
	}
	slices.Sort(names)
	c.WriteLen(len(names))
	for _, name := range names {
		c.WriteLen(2)
		c.WriteBulk(name)
		c.WriteBulk(strconv.Itoa(consumers[name]))
	}
}
