package upstashtest

import (
	"math/bits"
	"slices"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

// text returns the string at a key, nil when there is none; on another type it has
// answered c.
func (e *embedded) text(c *server.Peer, key string) (text []byte, ok bool) {
	reply := e.ask(c, "GET", key)
	if isError(reply) {
		c.WriteRaw(string(reply))
		return nil, false
	}
	text, _ = bulk(reply)
	return text, true
}

// setText replaces the string at a key and drops its expiry; an empty one does
// not exist. It answers the length.
func (e *embedded) setText(c *server.Peer, key string, text []byte) {
	if len(text) == 0 {
		e.ask(c, "DEL", key)
	} else {
		e.ask(c, "SET", key, string(text))
	}
	c.WriteInt(len(text))
}

// bitRange is a range of bits, both ends included; to is less than from when it
// is empty.
type bitRange struct{ from, to int }

// parseBitRange reads start and, where there are more words, end and unit. A
// problem is found by Redis after it knows that the key is there.
func parseBitRange(args []string, size int) (r bitRange, problem string) {
	unit, count := 8, size
	switch {
	case len(args) > 3:
		return r, msgSyntax
	case len(args) == 3 && strings.EqualFold(args[2], "BIT"):
		unit, count = 1, size*8
	case len(args) == 3 && !strings.EqualFold(args[2], "BYTE"):
		return r, msgSyntax
	}
	ends := []int{0, count - 1}
	for i, arg := range args[:min(2, len(args))] {
		n, ok := integer(arg)
		if !ok {
			return r, msgNotInteger
		}
		if n < 0 {
			n = max(n+int64(count), 0)
		}
		ends[i] = int(min(n, int64(count)))
	}
	return bitRange{ends[0] * unit, (min(ends[1], count-1)+1)*unit - 1}, ""
}

// supplyBitCount knows ranges of bits, which the engine does not.
func supplyBitCount(e *embedded, c *server.Peer, args []string) bool {
	text, ok := e.text(c, args[0])
	switch {
	case !ok:
		return true
	case text == nil:
		c.WriteInt(0)
		return true
	case len(args) == 2:
		c.WriteError(msgSyntax)
		return true
	}
	r, problem := parseBitRange(args[1:], len(text))
	if problem != "" {
		c.WriteError(problem)
		return true
	}
	if len(args) > 2 && strings.HasPrefix(args[1], "-") && strings.HasPrefix(args[2], "-") && score(args[1]) > score(args[2]) {
		r = bitRange{0, -1} // before it is cut to what is there
	}
	n := 0
	for i := r.from; i <= r.to; i++ {
		if i%8 == 0 && i+7 <= r.to {
			n += bits.OnesCount8(text[i/8])
			i += 7
		} else if bitAt(text, i) {
			n++
		}
	}
	c.WriteInt(n)
	return true
}

func bitAt(text []byte, i int) bool { return text[i/8]&(0x80>>(i%8)) != 0 }

// supplyBitPos knows ranges of bits too.
func supplyBitPos(e *embedded, c *server.Peer, args []string) bool {
	set, isBit := integer(args[1])
	switch {
	case !isBit:
		c.WriteError(msgNotInteger)
		return true
	case set != 0 && set != 1:
		c.WriteError("ERR The bit argument must be 1 or 0.")
		return true
	}
	text, ok := e.text(c, args[0])
	switch {
	case !ok:
		return true
	case text == nil:
		c.WriteInt(int(-set))
		return true
	}
	r, problem := parseBitRange(args[2:], len(text))
	if problem != "" {
		c.WriteError(problem)
		return true
	}
	for i := r.from; i <= r.to; i++ {
		if bitAt(text, i) == (set == 1) {
			c.WriteInt(i)
			return true
		}
	}
	if set == 0 && len(args) < 4 && r.from <= r.to {
		c.WriteInt(len(text) * 8) // the zeros that follow
		return true
	}
	c.WriteInt(-1)
	return true
}

// supplyBitOp has the operations of Redis 8.2 too, and leaves no expiry, which
// the engine keeps.
func supplyBitOp(e *embedded, c *server.Peer, args []string) bool {
	operation, destination := strings.ToUpper(args[0]), args[1]
	switch combine := bitOps[operation]; {
	case combine == nil:
		c.WriteError(msgSyntax)
		return true
	case operation == "NOT" && len(args) != 3:
		c.WriteError("ERR BITOP NOT must be called with a single source key.")
		return true
	case slices.Contains([]string{"DIFF", "DIFF1", "ANDOR"}, operation) && len(args) < 4:
		c.WriteError("ERR BITOP " + operation + " must be called with at least two source keys.")
		return true
	}
	texts, longest := make([][]byte, len(args)-2), 0
	for i, key := range args[2:] {
		text, ok := e.text(c, key)
		if !ok {
			return true
		}
		texts[i], longest = text, max(longest, len(text))
	}
	result, column := make([]byte, longest), make([]byte, len(texts))
	for i := range result {
		for k, text := range texts {
			column[k] = 0
			if i < len(text) {
				column[k] = text[i]
			}
		}
		result[i] = bitOps[operation](column)
	}
	e.setText(c, destination, result)
	return true
}

// bitOps make one byte of those that all keys have in one place.
var bitOps = map[string]func(column []byte) byte{
	"AND":   func(column []byte) byte { return fold(column, func(a, b byte) byte { return a & b }) },
	"OR":    orOf,
	"XOR":   func(column []byte) byte { return fold(column, func(a, b byte) byte { return a ^ b }) },
	"NOT":   func(column []byte) byte { return ^column[0] },
	"DIFF":  func(column []byte) byte { return column[0] &^ orOf(column[1:]) },
	"DIFF1": func(column []byte) byte { return orOf(column[1:]) &^ column[0] },
	"ANDOR": func(column []byte) byte { return column[0] & orOf(column[1:]) },
	"ONE": func(column []byte) byte {
		var once, twice byte
		for _, b := range column {
			twice |= once & b
			once |= b
		}
		return once &^ twice
	},
}

func orOf(column []byte) byte { return fold(column, func(a, b byte) byte { return a | b }) }

func fold(column []byte, combine func(a, b byte) byte) byte {
	b := column[0]
	for _, next := range column[1:] {
		b = combine(b, next)
	}
	return b
}
