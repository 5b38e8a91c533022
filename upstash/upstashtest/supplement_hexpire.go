package upstashtest

import (
	"slices"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

const msgFieldsNumber = "ERR Parameter `numFields` should be greater than 0"

// Answers about one field, beside noField and noEnd.
const (
	endRefused = 0
	endSet     = 1
	endPast    = 2
)

// supplyHExpire serves the commands that let fields end, each with its unit.
// Conditions stand before FIELDS, as Redis wants them up to version 8.2.
func supplyHExpire(name, unit string) supplement {
	return func(e *embedded, c *server.Peer, args []string) bool {
		if len(args) < 4 {
			return false
		}
		key := args[0]
		exists, ok := e.hash(c, key)
		if !ok {
			return true
		}
		end, problem := e.parseEnd(endUnits[unit], args[1], name)
		if problem == endText(name) && !exists {
			problem = "" // the service looks for the key first
		}
		var when string
		rest := args[2:]
		if condition := strings.ToUpper(rest[0]); slices.Contains(endConditions, condition) {
			when, rest = condition, rest[1:]
		}
		fields, problem2 := parseFields(rest, msgFieldsNumber)
		if problem == "" {
			problem = problem2
		}
		if problem != "" {
			c.WriteError(problem)
			return true
		}
		c.WriteLen(len(fields))
		for _, field := range fields {
			c.WriteInt(e.expireField(c, key, field, when, end))
		}
		return true
	}
}

var endConditions = []string{"NX", "XX", "GT", "LT"}

func (e *embedded) expireField(c *server.Peer, key, field, when string, end int64) (answer int) {
	old := e.fieldEnds(c, key, field)[0]
	switch {
	case old == noField:
		return noField
	case !endAllowed(when, old, end):
		return endRefused
	case e.endField(c, key, field, end):
		return endPast
	}
	return endSet
}

// endAllowed tells whether an end may take the place of another. No end is later
// than any.
func endAllowed(when string, old, end int64) bool {
	switch when {
	case "NX":
		return old == noEnd
	case "XX":
		return old != noEnd
	case "GT":
		return old != noEnd && end > old
	case "LT":
		return old == noEnd || end < old
	}
	return true
}

// supplyHPersist reads the arguments as Redis does.
func supplyHPersist(e *embedded, c *server.Peer, args []string) bool {
	if len(args) < 3 {
		return false
	}
	if _, ok := e.hash(c, args[0]); !ok {
		return true
	}
	if _, problem := parseFields(args[1:], msgFieldsPositive); problem != "" {
		c.WriteError(problem)
		return true
	}
	return false
}
