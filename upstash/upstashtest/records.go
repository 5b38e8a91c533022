package upstashtest

import (
	"bytes"
	"strconv"

	"github.com/alicebob/miniredis/v2/server"
)

var (
	// recordReplaces holds the commands whose longest argument becomes a record.
	recordReplaces = nameSet("GETSET MSET MSETNX PSETEX SET SETEX SETNX")
	// recordGrows holds the commands that add their arguments to a record.
	recordGrows = nameSet(
		"APPEND GEOADD HMSET HSET HSETEX HSETNX LINSERT LPUSH LPUSHX LSET PFADD RPUSH RPUSHX SADD XADD ZADD",
	)
)

// maxRooms bounds the memory for what is known about keys.
const maxRooms = 10_000

// records watches over the size of records without looking at them every time:
// as long as less has been written in all than one record may hold, none is too
// large; and a record that was measured need not be measured again before as
// much was added to it as there was room.
type records struct {
	limit   int64
	written int64
	room    map[string]int64 // by key, for records that were measured
}

func newRecords(limit int64) records { return records{limit: limit, room: map[string]int64{}} }

// growth tells how large the record of a command will be at the least, and how
// many bytes the command may add to what is there.
func growth(name string, args []string) (least, added int64) {
	switch {
	case len(args) < 2:
	case recordGrows[name]:
		for _, arg := range args[1:] {
			added += int64(len(arg))
		}
	case recordReplaces[name]:
		for _, arg := range args[1:] {
			least = max(least, int64(len(arg)))
		}
	case name == "SETRANGE" && len(args) == 3:
		least = offset(args[1], 1) + int64(len(args[2]))
	case name == "SETBIT":
		least = offset(args[1], 8) + 1
	case name == "BITFIELD":
		ops, _ := parseBitField(args[1:])
		least = bitFieldReach(ops)
	}
	return least, added
}

// offset reads an offset as bytes; unit is how many of it make one. What is no
// offset at all fails for that, whatever the limit is.
func offset(text string, unit int64) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || n/unit >= maxString {
		return 0
	}
	return n / unit
}

// recordFits tells whether a command leaves its record within the limit. It
// takes for granted that what is added takes the place of nothing. The command
// is to run where c runs.
func (e *embedded) recordFits(c *server.Peer, name string, args []string) bool {
	least, added := growth(name, args)
	switch r := &e.records; {
	case least > r.limit:
		return false
	case added == 0, r.written+added <= r.limit:
		return true
	case r.room[args[0]] >= added:
		return true
	default:
		if len(r.room) >= maxRooms {
			clear(r.room)
		}
		r.room[args[0]] = r.limit - e.recordSize(c, args[0])
		return r.room[args[0]] >= added
	}
}

// ran notes what a command that is about to run may do to records.
func (r *records) ran(name string, args []string) {
	least, added := growth(name, args)
	r.written += least + added
	switch {
	case len(r.room) == 0 || readable[name]:
	case recordGrows[name]:
		r.room[args[0]] -= added // below zero when it was not known, and so it is measured
	default:
		for _, key := range keysOf(name, args) {
			delete(r.room, key)
		}
	}
}

// recordSize counts the bytes of what is stored under a key.
func (e *embedded) recordSize(c *server.Peer, key string) int64 {
	var read []string
	switch string(e.ask(c, "TYPE", key)) {
	case "+string\r\n":
		n, _, _ := e.askInt(c, "STRLEN", key)
		return n
	case "+list\r\n":
		read = []string{"LRANGE", key, "0", "-1"}
	case "+hash\r\n":
		read = []string{"HGETALL", key}
	case "+set\r\n":
		read = []string{"SMEMBERS", key}
	case "+zset\r\n":
		read = []string{"ZRANGE", key, "0", "-1", "WITHSCORES"}
	case "+stream\r\n":
		read = []string{"XRANGE", key, "-", "+"}
	default:
		return 0
	}
	return bulkBytes(e.ask(c, read...))
}

// bulkBytes adds up the strings of a reply, at any depth.
func bulkBytes(resp []byte) (sum int64) {
	for len(resp) > 0 {
		line, rest, _ := bytes.Cut(resp, []byte("\r\n"))
		if text, isBulk := bytes.CutPrefix(line, []byte("$")); isBulk {
			n, _ := strconv.ParseInt(string(text), 10, 64)
			n = min(max(n, 0), int64(len(rest)))
			sum += n
			_, rest, _ = bytes.Cut(rest[n:], []byte("\r\n"))
		}
		resp = rest
	}
	return sum
}
