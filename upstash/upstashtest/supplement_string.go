package upstashtest

import (
	"strconv"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

const (
	msgSyntax         = "ERR syntax error"
	msgWrongType      = "WRONGTYPE Operation against a key holding the wrong kind of value"
	msgDelexType      = "ERR Key should be of string type if conditions are specified"
	msgDelexCondition = "ERR Invalid condition. Use IFEQ, IFNE, IFDEQ, or IFDNE"
	msgStringTooLong  = "ERR string exceeds maximum allowed size (proto-max-bulk-len)"
	msgBitOffset      = "ERR bit offset is not an integer or out of range"
)

// maxString is the longest string Redis keeps, in bytes. The engine has no such
// limit and would try to allocate what an offset asks for.
const maxString = 512 << 20

// supplySet adds the conditions of Redis 8.4, and refuses the combinations of
// options that the engine lets pass.
func supplySet(e *embedded, c *server.Peer, args []string) bool {
	if len(args) < 2 {
		return false
	}
	key, value := args[0], args[1]
	o, problem := parseSetOptions(args[2:])
	if problem != "" {
		c.WriteError(problem)
		return true
	}
	past := e.past(o.expiry)
	switch {
	case o.condition.name == "" && past:
		e.setPast(c, args)
		return true
	case o.condition.name == "":
		return false
	}

	old := e.ask(c, "GET", key)
	if isError(old) {
		c.WriteRaw(string(old))
		return true
	}
	if problem := o.condition.problem(old); problem != "" {
		c.WriteError(problem)
		return true
	}
	if o.condition.holds(old) {
		var stored []byte
		if past {
			e.ask(c, "DEL", key)
			stored = []byte("+OK\r\n")
		} else {
			stored = e.ask(c, append([]string{"SET", key, value}, o.expiry...)...)
		}
		if isError(stored) || !o.get {
			c.WriteRaw(string(stored))
			return true
		}
	}
	if o.get {
		c.WriteRaw(string(old))
	} else {
		c.WriteNull()
	}
	return true
}

// past tells whether an expiry of SET is over already.
func (e *embedded) past(expiry []string) bool {
	if len(expiry) < 2 || endUnits[expiry[0]].fromNow {
		return false
	}
	n, err := strconv.ParseInt(expiry[1], 10, 64)
	return err == nil && n <= e.at.UnixMilli()/endUnits[expiry[0]].ms
}

// setPast is SET with an end that is past: nothing is left of the key. The engine
// would keep the end, and give it to the key when somebody stores it again.
func (e *embedded) setPast(c *server.Peer, args []string) {
	n, _, _ := e.askInt(c, "EXISTS", args[0])
	takes := true
	command := append([]string{"SET"}, args[:2]...)
	for i := 2; i < len(args); i++ {
		option := strings.ToUpper(args[i])
		if _, ends := endUnits[option]; ends {
			i++
			continue
		}
		if option == "NX" && n == 1 || option == "XX" && n == 0 {
			takes = false
		}
		command = append(command, option)
	}
	reply := e.ask(c, command...)
	if takes && !isError(reply) {
		e.ask(c, "DEL", args[0])
	}
	c.WriteRaw(string(reply))
}

// supplyDelex deletes a string on a condition. The engine has this command, but
// takes the empty key for none and words its errors in its own way.
func supplyDelex(e *embedded, c *server.Peer, args []string) bool {
	switch len(args) {
	case 1:
		return e.forward(c, "DEL", args[0])
	case 3:
	default:
		c.WriteError(wrongArityText("delex"))
		return true
	}
	key := args[0]
	old := e.ask(c, "GET", key)
	if isError(old) {
		c.WriteError(msgDelexType)
		return true
	}
	cond, known := parseCondition(args[1], args[2])
	switch {
	case !known:
		c.WriteError(msgDelexCondition)
	case cond.problem(old) != "":
		c.WriteError(cond.problem(old))
	case string(old) == nilBulk || !cond.holds(old):
		c.WriteInt(0)
	default:
		return e.forward(c, "DEL", key)
	}
	return true
}

// supplySetRange refuses what would be too long, and writes nothing where there
// is nothing to write; the engine pads all the same.
func supplySetRange(e *embedded, c *server.Peer, args []string) bool {
	if len(args) != 3 {
		return false
	}
	offset, err := strconv.ParseInt(args[1], 10, 64)
	switch {
	case err != nil || offset < 0:
		return false
	case args[2] == "":
		return e.forward(c, "STRLEN", args[0])
	case offset <= maxString-int64(len(args[2])):
		return false
	}
	c.WriteError(msgStringTooLong)
	return true
}

func supplySetBit(_ *embedded, c *server.Peer, args []string) bool {
	if len(args) != 3 {
		return false
	}
	offset, err := strconv.ParseInt(args[1], 10, 64)
	if err != nil || offset < maxString*8 {
		return false
	}
	c.WriteError(msgBitOffset)
	return true
}
