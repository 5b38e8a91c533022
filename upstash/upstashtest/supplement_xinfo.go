package upstashtest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

// supplyXInfo tells what the engine leaves out.
func supplyXInfo(e *embedded, c *server.Peer, args []string) bool {
	word := strings.ToUpper(args[0])
	if len(args) < 2 || !slices.Contains([]string{"STREAM", "GROUPS", "CONSUMERS"}, word) {
		return false
	}
	key := args[1]
	exists, ok := e.stream(c, key)
	if !ok {
		return true
	}
	if !exists {
		c.WriteError("ERR no such key")
		return true
	}
	i := xinfo{e: e, c: c, key: key, xcount: e.xcount(c, key)}
	switch {
	case word == "STREAM":
		return i.stream(args[2:])
	case word == "GROUPS" && len(args) == 2:
		i.groups()
	case word == "CONSUMERS" && len(args) == 3:
		if _, exists := e.xgroup(c, key, args[2]); !exists {
			c.WriteError(noGroupText(key, args[2]))
			return true
		}
		i.consumers(args[2])
	default:
		return false
	}
	return true
}

// An xinfo answers what there is to know about one stream.
type xinfo struct {
	e   *embedded
	c   *server.Peer
	key string
	xcount
}

func (i xinfo) number(name string, n int64) {
	i.c.WriteBulk(name)
	i.c.WriteInt(int(n))
}

func (i xinfo) text(name, value string) {
	i.c.WriteBulk(name)
	i.c.WriteBulk(value)
}

func (i xinfo) maybe(name string, n int64, known bool) {
	if known {
		i.number(name, n)
		return
	}
	i.c.WriteBulk(name)
	i.c.WriteNull()
}

// nodeEntries is how many entries Redis keeps in one node.
const nodeEntries = 100

func (i xinfo) stream(options []string) (done bool) {
	full, count := false, 10
	switch {
	case len(options) == 0:
	case len(options) == 1 && strings.EqualFold(options[0], "FULL"):
		full = true
	case len(options) == 3 && strings.EqualFold(options[0], "FULL") && strings.EqualFold(options[1], "COUNT"):
		n, err := strconv.Atoi(options[2])
		if err != nil {
			i.c.WriteError(msgNotInteger)
			return true
		}
		full, count = true, max(n, 0)
	default:
		i.c.WriteError(msgSyntax)
		return true
	}
	if full {
		i.c.WriteLen(2 * 9)
	} else {
		i.c.WriteLen(2 * 10)
	}
	nodes := (i.length + nodeEntries - 1) / nodeEntries
	i.number("length", i.length)
	i.number("radix-tree-keys", nodes)
	i.number("radix-tree-nodes", nodes+1)
	i.text("last-generated-id", i.last.String())
	i.text("max-deleted-entry-id", i.facts.deleted.String())
	i.number("entries-added", i.facts.added)
	i.text("recorded-first-entry-id", i.first.String())
	if full {
		i.c.WriteBulk("entries")
		writeEntries(i.c, i.e.xentries(i.c, i.key, "-", "+", count))
		i.fullGroups(count)
		return true
	}
	i.number("groups", int64(len(i.e.xgroups(i.c, i.key))))
	i.end("first-entry", i.e.xentries(i.c, i.key, "-", "+", 1))
	i.end("last-entry", i.e.lastEntries(i.c, i.key, 1))
	return true
}

// end is an entry, if there is one.
func (i xinfo) end(name string, entries []xentry) {
	i.c.WriteBulk(name)
	if len(entries) == 0 {
		i.c.WriteNull()
		return
	}
	entries[0].write(i.c)
}

func (i xinfo) groups() {
	groups := i.e.xgroups(i.c, i.key)
	i.c.WriteLen(len(groups))
	for _, g := range groups {
		i.c.WriteLen(2 * 6)
		i.text("name", g.name)
		i.number("consumers", int64(len(i.e.consumers(i.c, i.key, g.name))))
		i.number("pending", int64(len(i.e.xpending(i.c, i.key, g.name))))
		i.text("last-delivered-id", g.last)
		i.progress(g)
	}
}

// progress is how much of the stream a group has read.
func (i xinfo) progress(g xgroup) {
	read, counted := i.facts.read[g.name]
	i.maybe("entries-read", read, counted)
	lag, known := i.lag(g)
	i.maybe("lag", lag, known)
}

// An xconsumer is one of a group, and for how many milliseconds it asked for
// nothing and got nothing, where -1 is ever.
type xconsumer struct {
	name           string
	idle, inactive int
}

func (i xinfo) consumersOf(group string) (consumers []xconsumer) {
	for _, item := range i.e.askTree(i.c, "XINFO", "CONSUMERS", i.key, group) {
		numbers := ints(listOf(item)) // the first is how many are pending, which the engine loses count of
		consumers = append(consumers, xconsumer{texts(listOf(item))[1], max(numbers[1], 0), numbers[2]})
	}
	return consumers
}

func (i xinfo) consumers(group string) {
	consumers, pending := i.consumersOf(group), i.e.xpending(i.c, i.key, group)
	i.c.WriteLen(len(consumers))
	for _, consumer := range consumers {
		i.c.WriteLen(2 * 4)
		i.text("name", consumer.name)
		i.number("pending", int64(len(pendingFor(pending, consumer.name))))
		i.number("idle", int64(consumer.idle))
		i.number("inactive", int64(consumer.inactive))
	}
}

func pendingFor(pending []xpending, consumer string) (own []xpending) {
	for _, p := range pending {
		if p.consumer == consumer {
			own = append(own, p)
		}
	}
	return own
}
