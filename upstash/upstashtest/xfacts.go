package upstashtest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

// What the engine does not know about a stream is kept in the stream itself, so
// that it is copied, renamed and deleted with it: as the names of the consumers of
// a group that no client is shown.
const factsGroup = "\xff"

// xfacts are known about a stream beside what the engine knows.
type xfacts struct {
	added   int64            // entries in the whole life of the stream
	deleted xid              // the highest one that was deleted
	read    map[string]int64 // by group: the entries up to its last one, where known
}

func (e *embedded) xfacts(c *server.Peer, key string) xfacts {
	return readFacts(e.consumers(c, key, factsGroup))
}

func readFacts(lines []string) xfacts {
	f := xfacts{read: map[string]int64{}}
	for _, fact := range lines {
		what, about, _ := strings.Cut(fact, " ")
		switch what {
		case "added":
			f.added, _ = strconv.ParseInt(about, 10, 64)
		case "deleted":
			f.deleted = mustXID(about)
		case "read":
			number, group, _ := strings.Cut(about, " ")
			f.read[group], _ = strconv.ParseInt(number, 10, 64)
		}
	}
	return f
}

func (f xfacts) lines() []string {
	lines := []string{"added " + strconv.FormatInt(f.added, 10), "deleted " + f.deleted.String()}
	for group, n := range f.read {
		lines = append(lines, "read "+strconv.FormatInt(n, 10)+" "+group)
	}
	return lines
}

// learn changes what is known about a stream that exists.
func (e *embedded) learn(c *server.Peer, key string, change func(*xfacts)) {
	before := e.consumers(c, key, factsGroup)
	if len(before) == 0 {
		e.ask(c, "XGROUP", "CREATE", key, factsGroup, "0")
	}
	f := readFacts(before)
	change(&f)
	after := f.lines()
	for _, line := range before {
		if !slices.Contains(after, line) {
			e.ask(c, "XGROUP", "DELCONSUMER", key, factsGroup, line)
		}
	}
	for _, line := range after {
		if !slices.Contains(before, line) {
			e.ask(c, "XGROUP", "CREATECONSUMER", key, factsGroup, line)
		}
	}
}

// An xcount tells how many entries came before one, where the server can know.
// Redis does so from the number of entries ever added, and gives up when an entry
// that is gone may be among those to be counted.
type xcount struct {
	facts  xfacts
	first  xid // the first entry that is there
	last   xid // the highest ID that the stream ever had
	length int64
}

func (e *embedded) xcount(c *server.Peer, key string) xcount {
	n, _, _ := e.askInt(c, "XLEN", key)
	count := xcount{facts: e.xfacts(c, key), last: e.lastXID(c, key), length: n}
	if first := e.xentries(c, key, "-", "+", 1); len(first) > 0 {
		count.first = mustXID(first[0].id)
	}
	return count
}

// gapFrom tells whether an entry from this ID on was deleted.
func (n xcount) gapFrom(id xid) bool {
	return n.length > 0 && n.facts.deleted != xid{} && n.first.compare(n.facts.deleted) <= 0 && id.compare(n.facts.deleted) <= 0
}

// upTo counts the entries ever added with an ID up to this one.
func (n xcount) upTo(id xid) (count int64, known bool) {
	switch {
	case n.facts.added == 0:
		return 0, true
	case id == n.last, n.length == 0 && id.compare(n.last) < 0:
		return n.facts.added, true
	case id.compare(n.last) > 0 || n.gapFrom(xid{}):
		return 0, false
	case id.compare(n.first) < 0:
		return n.facts.added - n.length, true
	case id == n.first:
		return n.facts.added - n.length + 1, true
	}
	return 0, false
}

// lag is how many entries a group has yet to read.
func (n xcount) lag(g xgroup) (lag int64, known bool) {
	last := mustXID(g.last)
	if read, counted := n.facts.read[g.name]; counted && n.facts.added > 0 && !n.gapFrom(last) {
		return n.facts.added - read, true
	}
	read, known := n.upTo(last)
	return n.facts.added - read, known
}

// given tells how many entries a group has read after it was given one more, or
// that the server does not know.
func (n xcount) given(group string, id xid) (read int64, known bool) {
	if read, counted := n.facts.read[group]; counted && !n.gapFrom(id) {
		return read + 1, true
	}
	return n.upTo(id)
}
