package upstashtest

import (
	"strconv"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

// An xread is what XREAD and XREADGROUP are asked for.
type xread struct {
	group, consumer string
	count           int // 0 is all
	noAck           bool
	keys, ids       []string
}

// parseXRead reads the arguments, those of a group being behind it.
func parseXRead(command string, args []string) (r xread, problem string) {
	for len(args) > 1 && !strings.EqualFold(args[0], "STREAMS") {
		switch word := strings.ToUpper(args[0]); {
		case word == "NOACK" && command == "xreadgroup":
			r.noAck = true
			args = args[1:]
		case word == "COUNT":
			n, err := strconv.Atoi(args[1])
			if err != nil {
				return xread{}, msgNotInteger
			}
			r.count = max(n, 0)
			args = args[2:]
		default:
			return xread{}, msgSyntax
		}
	}
	if len(args) < 3 || len(args)%2 == 0 {
		return xread{}, "ERR Unbalanced '" + command + "' list of streams: for each stream key an ID or '$' must be specified."
	}
	half := len(args) / 2
	r.keys, r.ids = args[1:1+half], args[1+half:]
	return r, ""
}

// supplyXRead refuses a key that is no stream, which the engine passes over, reads
// one that is named twice, and reads the last entry, which came with version 7.4.
func supplyXRead(e *embedded, c *server.Peer, args []string) bool {
	r, problem := parseXRead("xread", args)
	for _, id := range r.ids {
		if _, ok := parseXID(id); !ok && id != "$" && id != "+" && problem == "" {
			problem = msgStreamID
		}
	}
	if problem != "" {
		c.WriteError(problem)
		return true
	}
	var found []xfound
	for i, key := range r.keys {
		if _, ok := e.stream(c, key); !ok {
			return true
		}
		var read []xdelivery
		for _, x := range e.readAfter(c, key, r.ids[i], r.count) {
			read = append(read, xdelivery{xentry: x})
		}
		if len(read) > 0 {
			found = append(found, xfound{key, read})
		}
	}
	writeFound(c, found)
	return true
}

func (e *embedded) readAfter(c *server.Peer, key, id string, count int) []xentry {
	switch id {
	case "$": // what is to come has not come yet
		return nil
	case "+":
		return e.lastEntries(c, key, 1)
	}
	return e.xentries(c, key, "("+mustXID(id).String(), "+", count)
}

// An xfound is what was read from a stream.
type xfound struct {
	key     string
	entries []xdelivery
}

func writeFound(c *server.Peer, found []xfound) {
	if len(found) == 0 {
		c.WriteLen(-1)
		return
	}
	c.WriteLen(len(found))
	for _, f := range found {
		c.WriteLen(2)
		c.WriteBulk(f.key)
		c.WriteLen(len(f.entries))
		for _, x := range f.entries {
			x.write(c)
		}
	}
}
