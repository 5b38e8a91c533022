package upstashtest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

const (
	msgFieldsMissing  = "ERR Mandatory argument FIELDS is missing or not at the right position"
	msgFieldsPositive = "ERR Number of fields must be a positive integer"
	msgFieldsMatch    = "ERR The `numfields` parameter must match the number of arguments"
)

// parseFields reads the end of a command: FIELDS, their number, and the fields.
// The problem is Redis's text, which for a bad number depends on the command.
func parseFields(args []string, badNumber string) (fields []string, problem string) {
	if len(args) == 0 || !strings.EqualFold(args[0], "FIELDS") {
		return nil, msgFieldsMissing
	}
	if len(args) == 1 {
		return nil, badNumber
	}
	n, err := strconv.Atoi(args[1])
	switch {
	case err != nil || n < 1:
		return nil, badNumber
	case n != len(args)-2:
		return nil, msgFieldsMatch
	}
	return args[2:], ""
}

// hash looks at a key that has to be a hash or absent. When it is neither, it
// has answered c.
func (e *embedded) hash(c *server.Peer, key string) (exists, ok bool) {
	n, ok, reply := e.askInt(c, "HLEN", key)
	if !ok {
		c.WriteRaw(string(reply))
	}
	return n > 0, ok
}

// dropFields deletes fields, and with the last one the key. What is left of an
// end that is not taken off before would come back with the field.
func (e *embedded) dropFields(c *server.Peer, key string, fields ...string) {
	e.endless(c, key, fields...)
	e.ask(c, slices.Concat([]string{"HDEL", key}, fields)...)
}
