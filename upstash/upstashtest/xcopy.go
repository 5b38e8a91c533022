package upstashtest

import (
	"slices"
	"strconv"

	"github.com/alicebob/miniredis/v2/server"
)

// copyStream makes a copy of a stream anew. That of the engine shares its memory
// with the source, and loses entries when the source does. Source and copy may be
// in two states of the data. For how long consumers were idle begins anew.
func (e *embedded) copyStream(from *server.Peer, source string, to *server.Peer, destination string) {
	ttl, _, _ := e.askInt(to, "PTTL", destination)
	e.ask(to, "DEL", destination)
	e.ask(to, "XGROUP", "CREATE", destination, factsGroup, "0", "MKSTREAM")

	highest := xid{}
	for _, x := range e.xentries(from, source, "-", "+", 0) {
		e.ask(to, slices.Concat([]string{"XADD", destination, x.id}, x.fields)...)
		highest = mustXID(x.id)
	}
	if last := e.lastXID(from, source); last != highest { // it was deleted
		e.ask(to, "XADD", destination, last.String(), "", "")
		e.ask(to, "XDEL", destination, last.String())
	}
	for _, g := range e.xgroups(from, source) {
		e.makeGroup(to, destination, g, e.consumers(from, source, g.name), e.xpending(from, source, g.name))
	}
	facts := e.xfacts(from, source)
	e.learn(to, destination, func(f *xfacts) { *f = facts })
	if ttl > 0 {
		e.ask(to, "PEXPIRE", destination, strconv.FormatInt(ttl, 10))
	}
}

// makeGroup makes a group with its consumers and what is pending for them.
func (e *embedded) makeGroup(c *server.Peer, key string, g xgroup, consumers []string, pending []xpending) {
	e.ask(c, "XGROUP", "CREATE", key, g.name, g.last)
	for _, consumer := range consumers {
		e.seen(c, key, g.name, consumer, false)
	}
	for _, p := range pending {
		e.deliver(c, key, g.name, p)
	}
}
