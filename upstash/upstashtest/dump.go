package upstashtest

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

// A dump is a value of any type but a stream, in a form of the server's own:
// the type, then each item with its length in front, then a digest of all that.
type dump struct {
	kind  string
	items []string // of a hash: field, value and end; of a sorted set: member and score
}

func (d dump) encode() string {
	var b strings.Builder
	for _, item := range slices.Concat([]string{d.kind}, d.items) {
		b.WriteString(strconv.Itoa(len(item)) + ":" + item)
	}
	return b.String() + digest([]byte(b.String()))
}

// parseDump reads a dump; ok is false when it is none.
func parseDump(text string) (d dump, ok bool) {
	if len(text) < digestLen {
		return dump{}, false
	}
	body := text[:len(text)-digestLen]
	if text != body+digest([]byte(body)) {
		return dump{}, false
	}
	var items []string
	for body != "" {
		length, rest, _ := strings.Cut(body, ":")
		n, err := strconv.Atoi(length)
		if err != nil || n < 0 || n > len(rest) {
			return dump{}, false
		}
		items = append(items, rest[:n])
		body = rest[n:]
	}
	if len(items) < 2 {
		return dump{}, false
	}
	width := dumpWidths[items[0]]
	return dump{items[0], items[1:]}, width > 0 && (len(items)-1)%width == 0
}

// dumpWidths are how many items belong together, by type.
var dumpWidths = map[string]int{"string": 1, "list": 1, "set": 1, "zset": 2, "hash": 3}

// dump returns the value of a key, if it can be dumped.
func (e *embedded) dump(c *server.Peer, key string) (d dump, ok bool) {
	d.kind = string(bytes.Trim(e.ask(c, "TYPE", key), "+\r\n"))
	switch d.kind {
	case "string":
		value, isText := bulk(e.ask(c, "GET", key))
		d.items, ok = []string{string(value)}, isText
	case "list":
		d.items, ok, _ = e.askList(c, "LRANGE", key, "0", "-1")
	case "set":
		d.items, ok, _ = e.askList(c, "SMEMBERS", key)
	case "zset":
		d.items, ok, _ = e.askList(c, "ZRANGE", key, "0", "-1", "WITHSCORES")
	case "hash":
		var flat, fields []string
		flat, ok, _ = e.askList(c, "HGETALL", key)
		for pair := range slices.Chunk(flat, 2) {
			fields = append(fields, pair[0])
		}
		for i, end := range e.fieldEnds(c, key, fields...) {
			d.items = append(d.items, fields[i], flat[2*i+1], strconv.FormatInt(end, 10))
		}
	}
	return d, ok
}

// restore writes a value to a key that does not exist.
func (e *embedded) restore(c *server.Peer, key string, d dump) {
	switch d.kind {
	case "string":
		e.ask(c, "SET", key, d.items[0])
	case "list":
		e.ask(c, append([]string{"RPUSH", key}, d.items...)...)
	case "set":
		e.ask(c, append([]string{"SADD", key}, d.items...)...)
	case "zset":
		command := []string{"ZADD", key}
		for pair := range slices.Chunk(d.items, 2) {
			command = append(command, pair[1], pair[0])
		}
		e.ask(c, command...)
	case "hash":
		for field := range slices.Chunk(d.items, 3) {
			e.ask(c, "HSET", key, field[0], field[1])
			if end, err := strconv.ParseInt(field[2], 10, 64); err == nil && end >= 0 {
				e.endField(c, key, field[0], end)
			}
		}
	}
}
