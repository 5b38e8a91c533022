package upstashtest

import (
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

// supplyHGetEx reads fields and sets or takes off their ends. The option stands
// before FIELDS, as Redis wants it up to version 8.2.
func supplyHGetEx(e *embedded, c *server.Peer, args []string) bool {
	if len(args) < 4 {
		return false
	}
	key, option, rest := args[0], strings.ToUpper(args[1]), args[1:]
	if _, ok := e.hash(c, key); !ok {
		return true
	}
	var end int64
	var problem string
	unit, ends := endUnits[option]
	switch {
	case ends:
		end, problem = e.parseEnd(unit, args[2], "hgetex")
		rest = args[3:]
	case option == "PERSIST":
		rest = args[2:]
	}
	fields, problem2 := parseFields(rest, msgFieldsPositive)
	if problem == "" {
		problem = problem2
	}
	if problem != "" {
		c.WriteError(problem)
		return true
	}
	c.WriteLen(len(fields))
	for _, field := range fields {
		c.WriteRaw(string(e.ask(c, "HGET", key, field)))
		switch {
		case ends:
			e.endField(c, key, field, end)
		case option == "PERSIST":
			e.endless(c, key, field)
		}
	}
	return true
}

// supplyHGetDel reads fields and deletes them.
func supplyHGetDel(e *embedded, c *server.Peer, args []string) bool {
	if len(args) < 3 {
		return false
	}
	key := args[0]
	if _, ok := e.hash(c, key); !ok {
		return true
	}
	fields, problem := parseFields(args[1:], msgFieldsPositive)
	if problem != "" {
		c.WriteError(problem)
		return true
	}
	c.WriteLen(len(fields))
	for _, field := range fields {
		c.WriteRaw(string(e.ask(c, "HGET", key, field)))
		e.dropFields(c, key, field)
	}
	return true
}
