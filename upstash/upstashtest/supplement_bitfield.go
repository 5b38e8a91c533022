package upstashtest

import (
	"strconv"

	"github.com/alicebob/miniredis/v2/server"
)

// supplyBitField answers a command that the engine lacks.
func supplyBitField(e *embedded, c *server.Peer, args []string) bool {
	ops, problem := parseBitField(args[1:])
	if problem != "" {
		c.WriteError(problem)
		return true
	}
	text, ok := e.text(c, args[0])
	if !ok {
		return true
	}
	size := bitFieldReach(ops)
	if size > maxString {
		c.WriteError(msgBitOffset)
		return true
	}
	if grow := int(size) - len(text); grow > 0 {
		text = append(text, make([]byte, grow)...)
	}
	results := make([]*int64, len(ops))
	for i, op := range ops {
		results[i] = op.run(text)
	}
	if size > 0 {
		e.ask(c, "SET", args[0], string(text), "KEEPTTL")
	}
	c.WriteLen(len(results))
	for _, result := range results {
		if result == nil {
			c.WriteNull()
		} else {
			c.WriteRaw(":" + strconv.FormatInt(*result, 10) + "\r\n")
		}
	}
	return true
}

// supplyBitFieldRO is BITFIELD that only reads.
func supplyBitFieldRO(e *embedded, c *server.Peer, args []string) bool {
	ops, problem := parseBitField(args[1:])
	if problem == "" && bitFieldReach(ops) > 0 {
		problem = "ERR BITFIELD_RO only supports the GET subcommand"
	}
	if problem != "" {
		c.WriteError(problem)
		return true
	}
	return supplyBitField(e, c, args)
}
