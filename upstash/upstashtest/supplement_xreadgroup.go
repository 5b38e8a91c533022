package upstashtest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

const msgXReadGroupDollar = "ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a proper ID, or use the > ID to get new messages. The $ ID would just return an empty result set."

// supplyXReadGroup reads what is pending for a consumer with what was deleted of
// it, and with COUNT, and keeps count of what the group has read. It leaves no
// consumer behind that reads with NOACK and was not known: there is nothing that
// it has to acknowledge, and the service does not make one for that.
func supplyXReadGroup(e *embedded, c *server.Peer, args []string) bool {
	if !strings.EqualFold(args[0], "GROUP") {
		c.WriteError(msgSyntax)
		return true
	}
	r, problem := parseXRead("xreadgroup", args[3:])
	r.group, r.consumer = args[1], args[2]
	for i, key := range r.keys {
		if problem != "" {
			break
		}
		if _, ok := e.stream(c, key); !ok {
			return true
		}
		problem = e.xreadGroupProblem(c, key, r.ids[i], r.group)
	}
	if problem != "" {
		c.WriteError(problem)
		return true
	}
	var found []xfound
	for i, key := range r.keys {
		if read := e.readGroup(c, key, r.ids[i], r); r.ids[i] != ">" || len(read) > 0 {
			found = append(found, xfound{key, read})
		}
	}
	writeFound(c, found)
	return true
}

func (e *embedded) xreadGroupProblem(c *server.Peer, key, id, group string) string {
	if _, exists := e.xgroup(c, key, group); !exists {
		return "NOGROUP No such key '" + key + "' or consumer group '" + group + "' in XREADGROUP with GROUP option"
	}
	switch _, isID := parseXID(id); {
	case id == "$":
		return msgXReadGroupDollar
	case id != ">" && !isID:
		return msgStreamID
	}
	return ""
}

// An xdelivery is an entry that is read, or that was and is deleted.
type xdelivery struct {
	xentry
	deleted bool
}

func (x xdelivery) write(c *server.Peer) {
	if !x.deleted {
		x.xentry.write(c)
		return
	}
	c.WriteLen(2)
	c.WriteBulk(x.id)
	c.WriteLen(-1)
}

// readGroup reads one stream.
func (e *embedded) readGroup(c *server.Peer, key, id string, r xread) (read []xdelivery) {
	known := slices.Contains(e.consumers(c, key, r.group), r.consumer)
	if id == ">" {
		read = e.readNew(c, key, r)
	} else {
		read = e.readAgain(c, key, mustXID(id), r)
	}
	if r.noAck && !known {
		e.ask(c, "XGROUP", "DELCONSUMER", key, r.group, r.consumer)
		return read
	}
	e.seen(c, key, r.group, r.consumer, id == ">" && len(read) > 0)
	return read
}

func (e *embedded) readNew(c *server.Peer, key string, r xread) (read []xdelivery) {
	count := e.xcount(c, key)
	command := []string{"XREADGROUP", "GROUP", r.group, r.consumer, "COUNT", strconv.Itoa(r.count)}
	if r.noAck {
		command = append(command, "NOACK")
	}
	for _, found := range e.askTree(c, append(command, "STREAMS", key, ">")...) {
		for _, x := range readEntries(listOf(listOf(found)[1])) {
			read = append(read, xdelivery{xentry: x})
			if n, known := count.given(r.group, mustXID(x.id)); known {
				count.facts.read[r.group] = n
			} else {
				delete(count.facts.read, r.group)
			}
		}
	}
	if len(read) > 0 {
		e.learn(c, key, func(f *xfacts) { f.read = count.facts.read })
	}
	return read
}

// readAgain reads what is pending for the consumer, which counts as another
// delivery.
func (e *embedded) readAgain(c *server.Peer, key string, after xid, r xread) (read []xdelivery) {
	for _, p := range e.xpending(c, key, r.group) {
		if p.consumer != r.consumer || mustXID(p.id).compare(after) <= 0 {
			continue
		}
		if r.count > 0 && len(read) == r.count {
			break
		}
		x, exists := e.xentry(c, key, p.id)
		if exists {
			e.deliver(c, key, r.group, xpending{id: p.id, consumer: r.consumer, deliveries: p.deliveries + 1})
		}
		read = append(read, xdelivery{xentry{p.id, x.fields}, !exists})
	}
	return read
}

// deliver writes down that an entry was given to a consumer.
func (e *embedded) deliver(c *server.Peer, key, group string, p xpending) {
	e.ask(c, "XCLAIM", key, group, p.consumer, "0", p.id, "FORCE",
		"IDLE", strconv.Itoa(p.idle), "RETRYCOUNT", strconv.Itoa(p.deliveries))
}

// seen notes that a consumer asked for something, and got it. The engine does so
// itself only when it claims: an entry that cannot be, as 0-0 is none.
func (e *embedded) seen(c *server.Peer, key, group, consumer string, got bool) {
	command := []string{"XCLAIM", key, group, consumer, "0", "0-0"}
	if !got {
		e.ask(c, command...)
		return
	}
	e.ask(c, append(command, "FORCE")...)
	e.ask(c, "XACK", key, group, "0-0")
}
