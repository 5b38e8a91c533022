package upstashtest

import (
	"slices"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

const (
	msgStreamID         = "ERR Invalid stream ID specified as stream command argument"
	msgStreamIDZero     = "ERR The ID specified in XADD must be greater than 0-0"
	msgStreamIDTooSmall = "ERR The ID specified in XADD is equal or smaller than the target stream top item"
)

// supplyXAdd reads the options that came after version 6.0, and does not take an
// ID that a stream has had.
func supplyXAdd(e *embedded, c *server.Peer, args []string) bool {
	key, rest := args[0], args[1:]
	var trim xtrim
	var noStream bool
	for len(rest) > 0 {
		n, problem := trim.take(rest)
		if problem != "" {
			c.WriteError(problem)
			return true
		}
		if n == 0 && strings.EqualFold(rest[0], "NOMKSTREAM") {
			noStream, n = true, 1
		}
		if n == 0 {
			break
		}
		rest = rest[n:]
	}
	if problem := xaddProblem(rest, trim); problem != "" {
		c.WriteError(problem)
		return true
	}
	exists, ok := e.stream(c, key)
	switch {
	case !ok:
		return true
	case !exists && noStream:
		c.WriteNull()
		return true
	}
	id, ok := newXID(rest[0], e.lastXID(c, key))
	if !ok {
		c.WriteError(msgStreamIDTooSmall)
		return true
	}
	reply := e.ask(c, slices.Concat([]string{"XADD", key, id}, rest[1:])...)
	if !isError(reply) {
		e.learn(c, key, func(f *xfacts) { f.added++ })
		e.trim(c, key, trim)
	}
	c.WriteRaw(string(reply))
	return true
}

// xaddProblem is what is wrong with an ID and the fields behind it, whatever is in
// the stream.
func xaddProblem(args []string, trim xtrim) string {
	if len(args) == 0 {
		return wrongArityText("xadd")
	}
	text, auto := strings.CutSuffix(args[0], "-*")
	id, ok := parseXID(text)
	switch {
	case args[0] != "*" && !ok:
		return msgStreamID
	case trim.limit && !trim.about:
		return msgTrimLimit
	case len(args) < 3 || len(args)%2 != 1:
		return wrongArityText("xadd")
	case ok && !auto && id == xid{}:
		return msgStreamIDZero
	}
	return ""
}

// newXID is the ID of a new entry, in full where the engine does not choose it.
func newXID(text string, last xid) (id string, ok bool) {
	if text == "*" {
		return text, true
	}
	first, auto := strings.CutSuffix(text, "-*")
	next := mustXID(first)
	switch {
	case auto && next.ms == last.ms && last != xid{}:
		next = last.next()
	case auto && next.ms == 0:
		next.seq = 1
	}
	return next.String(), next.compare(last) > 0 && next.ms == mustXID(first).ms
}
