package upstashtest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

// What can become of an entry, in the answers of XDELEX and XACKDEL.
const (
	entryMissing    = -1
	entryDropped    = 1
	entryReferenced = 2
)

const (
	msgIDsPositive = "ERR Number of IDs must be a positive integer"
	msgIDsMatch    = "ERR The `numids` parameter must match the number of arguments"
)

// supplyXDel reads all IDs before it deletes, halves of them too, and remembers
// the highest one.
func supplyXDel(e *embedded, c *server.Peer, args []string) bool {
	key := args[0]
	exists, ok := e.stream(c, key)
	if !ok {
		return true
	}
	ids, ok := fullIDs(args[1:])
	if !ok {
		c.WriteError(msgStreamID)
		return true
	}
	gone := 0
	for _, id := range ids {
		if exists && e.dropEntry(c, key, id, "KEEPREF") == entryDropped {
			gone++
		}
	}
	c.WriteInt(gone)
	return true
}

// dropEntry deletes an entry and does to its references what is said.
func (e *embedded) dropEntry(c *server.Peer, key, id, refs string) (outcome int) {
	if refs == "DELREF" {
		for _, g := range e.xgroups(c, key) {
			e.ask(c, "XACK", key, g.name, id)
		}
	}
	if _, exists := e.xentry(c, key, id); !exists {
		return entryMissing
	}
	if refs == "ACKED" && e.referenced(c, key, id) {
		return entryReferenced
	}
	e.ask(c, "XDEL", key, id)
	e.learn(c, key, func(f *xfacts) {
		if gone := mustXID(id); gone.compare(f.deleted) > 0 {
			f.deleted = gone
		}
	})
	return entryDropped
}

// referenced tells whether a group has yet to read or to acknowledge an entry.
func (e *embedded) referenced(c *server.Peer, key, id string) bool {
	return slices.ContainsFunc(e.xgroups(c, key), func(g xgroup) bool {
		return mustXID(g.last).compare(mustXID(id)) < 0 || e.isPending(c, key, g.name, id)
	})
}

func (e *embedded) isPending(c *server.Peer, key, group, id string) bool {
	_, is := e.pendingByID(c, key, group)[id]
	return is
}

// supplyXDelEx tells of each entry what became of it.
func supplyXDelEx(e *embedded, c *server.Peer, args []string) bool {
	key := args[0]
	return e.eachID(c, key, args[1:], func(id, refs string) int {
		return e.dropEntry(c, key, id, refs)
	})
}

// supplyXAckDel acknowledges entries first.
func supplyXAckDel(e *embedded, c *server.Peer, args []string) bool {
	key, group := args[0], args[1]
	return e.eachID(c, key, args[2:], func(id, refs string) int {
		if !e.isPending(c, key, group, id) {
			return entryMissing
		}
		e.ask(c, "XACK", key, group, id)
		if e.dropEntry(c, key, id, refs) == entryReferenced {
			return entryReferenced
		}
		return entryDropped // or it was before
	})
}

// eachID reads [KEEPREF | DELREF | ACKED] IDS number id ... and answers what drop
// makes of each.
func (e *embedded) eachID(c *server.Peer, key string, args []string, drop func(id, refs string) int) (done bool) {
	exists, ok := e.stream(c, key)
	if !ok {
		return true
	}
	refs, ids, problem := parseIDs(args)
	if problem != "" {
		c.WriteError(problem)
		return true
	}
	c.WriteLen(len(ids))
	for _, id := range ids {
		outcome := entryMissing
		if exists {
			outcome = drop(id, refs)
		}
		c.WriteInt(outcome)
	}
	return true
}

func parseIDs(args []string) (refs string, ids []string, problem string) {
	refs = "KEEPREF"
	switch word := strings.ToUpper(args[0]); word {
	case "KEEPREF", "DELREF", "ACKED":
		refs, args = word, args[1:]
	}
	if len(args) < 3 || !strings.EqualFold(args[0], "IDS") {
		return "", nil, msgSyntax
	}
	n, err := strconv.Atoi(args[1])
	if err != nil || n < 1 {
		return "", nil, msgIDsPositive
	}
	if n != len(args)-2 {
		return "", nil, msgIDsMatch
	}
	ids, ok := fullIDs(args[2:])
	if !ok {
		return "", nil, msgStreamID
	}
	return refs, ids, ""
}
