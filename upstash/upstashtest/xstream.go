package upstashtest

import (
	"bufio"
	"bytes"
	"cmp"
	"math"
	"slices"
	"strconv"

	"github.com/alicebob/miniredis/v2/server"
)

// An xentry is an entry of a stream.
type xentry struct {
	id     string
	fields []string
}

func (x xentry) write(c *server.Peer) {
	c.WriteLen(2)
	c.WriteBulk(x.id)
	c.WriteStrings(x.fields)
}

func writeEntries(c *server.Peer, entries []xentry) {
	c.WriteLen(len(entries))
	for _, x := range entries {
		x.write(c)
	}
}

// xentries returns entries of a stream, all of them for a count of 0.
func (e *embedded) xentries(c *server.Peer, key, start, end string, count int) (entries []xentry) {
	command := []string{"XRANGE", key, start, end}
	if count > 0 {
		command = append(command, "COUNT", strconv.Itoa(count))
	}
	return readEntries(e.askTree(c, command...))
}

// lastEntries returns the last entries of a stream, the very last one first.
func (e *embedded) lastEntries(c *server.Peer, key string, count int) []xentry {
	return readEntries(e.askTree(c, "XREVRANGE", key, "+", "-", "COUNT", strconv.Itoa(count)))
}

func readEntries(list []any) (entries []xentry) {
	for _, item := range list {
		x := listOf(item)
		entries = append(entries, xentry{texts(x)[0], texts(listOf(x[1]))})
	}
	return entries
}

// xentry returns one entry.
func (e *embedded) xentry(c *server.Peer, key, id string) (x xentry, exists bool) {
	found := e.xentries(c, key, id, id, 0)
	if len(found) == 0 {
		return xentry{}, false
	}
	return found[0], true
}

// An xpending is an entry that was given to a consumer and is not acknowledged.
type xpending struct {
	id, consumer     string
	idle, deliveries int // milliseconds, and how often
}

func (e *embedded) xpending(c *server.Peer, key, group string) (all []xpending) {
	for _, item := range e.askTree(c, "XPENDING", key, group, "-", "+", strconv.Itoa(math.MaxInt32)) {
		names, numbers := texts(listOf(item)), ints(listOf(item))
		all = append(all, xpending{names[0], names[1], numbers[0], numbers[1]})
	}
	return all
}

func (e *embedded) pendingByID(c *server.Peer, key, group string) map[string]xpending {
	pending := map[string]xpending{}
	for _, p := range e.xpending(c, key, group) {
		pending[p.id] = p
	}
	return pending
}

// An xgroup is a group of consumers.
type xgroup struct {
	name string
	last string // the ID of the last entry that was given to one
}

// xgroups returns the groups of a stream in the order of their names.
func (e *embedded) xgroups(c *server.Peer, key string) (groups []xgroup) {
	for _, item := range e.askTree(c, "XINFO", "GROUPS", key) {
		told := texts(listOf(item)) // its name, and after other names "last-delivered-id"
		name, last := told[1], told[slices.Index(told, "last-delivered-id")+1]
		if name != factsGroup {
			groups = append(groups, xgroup{name, mustXID(last).String()})
		}
	}
	slices.SortFunc(groups, func(a, b xgroup) int { return cmp.Compare(a.name, b.name) })
	return groups
}

func (e *embedded) xgroup(c *server.Peer, key, name string) (g xgroup, exists bool) {
	groups := e.xgroups(c, key)
	i := slices.IndexFunc(groups, func(g xgroup) bool { return g.name == name })
	if i < 0 {
		return xgroup{}, false
	}
	return groups[i], true
}

// consumers names the consumers of a group; none when there is no such group.
func (e *embedded) consumers(c *server.Peer, key, group string) (names []string) {
	for _, item := range e.askTree(c, "XINFO", "CONSUMERS", key, group) {
		names = append(names, texts(listOf(item))[1]) // "name" and the name come first
	}
	return names
}

// lastXID is the highest ID that a stream ever had.
func (e *embedded) lastXID(c *server.Peer, key string) xid {
	for _, text := range texts(e.askTree(c, "XINFO", "STREAM", key)) {
		if id, ok := parseXID(text); ok {
			return id
		}
	}
	// The engine does not copy it with the stream.
	if last := e.lastEntries(c, key, 1); len(last) > 0 {
		return mustXID(last[0].id)
	}
	return xid{}
}

// stream looks at a key that has to be a stream or absent. When it is neither,
// it has answered c.
func (e *embedded) stream(c *server.Peer, key string) (exists, ok bool) {
	switch string(e.ask(c, "TYPE", key)) {
	case "+stream\r\n":
		return true, true
	case "+none\r\n":
		return false, true
	}
	c.WriteError(msgWrongType)
	return false, false
}

// askTree is ask for a command that answers a list of anything. It is empty when
// the command fails.
func (e *embedded) askTree(c *server.Peer, command ...string) []any {
	parsed, err := server.ParseReply(bufio.NewReader(bytes.NewReader(e.ask(c, command...))))
	if err != nil {
		return nil
	}
	return listOf(parsed)
}

func listOf(v any) []any {
	list, _ := v.([]any)
	return list
}

// texts picks the strings of a list.
func texts(list []any) (picked []string) {
	for _, item := range list {
		if text, isText := item.(string); isText {
			picked = append(picked, text)
		}
	}
	return picked
}

// ints picks the integers of a list.
func ints(list []any) (picked []int) {
	for _, item := range list {
		if n, isInt := item.(int); isInt {
			picked = append(picked, n)
		}
	}
	return picked
}
