package upstashtest

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

// The engine keeps the ends of fields and moves them with its clock, in
// nanoseconds that are left. That is where they live here too: deleting, renaming
// and overwriting a hash takes care of them. They are set by the one command of
// the engine that takes an instant in milliseconds, HSETEX, and read by HPTTL.

// What stands in the place of an end, and what the commands say then.
const (
	noField = -2
	noEnd   = -1
)

// fieldEnds returns when fields end, in Unix milliseconds, or noField or noEnd.
// The key is a hash or absent.
func (e *embedded) fieldEnds(c *server.Peer, key string, fields ...string) []int64 {
	reply := e.ask(c, slices.Concat([]string{"HPTTL", key, "FIELDS", strconv.Itoa(len(fields))}, fields)...)
	_, numbers, _ := strings.Cut(strings.TrimSpace(string(reply)), "\r\n:")
	var ends []int64
	for number := range strings.SplitSeq(numbers, "\r\n:") {
		left, err := strconv.ParseInt(number, 10, 64)
		switch {
		case err != nil:
			left = noField
		case left >= 0:
			left += e.at.UnixMilli()
		}
		ends = append(ends, left)
	}
	return ends
}

// endField lets a field end at an instant. A field whose end is past is gone.
func (e *embedded) endField(c *server.Peer, key, field string, end int64) (gone bool) {
	if end <= e.at.UnixMilli() {
		e.dropFields(c, key, field)
		return true
	}
	if value, exists := bulk(e.ask(c, "HGET", key, field)); exists {
		e.setFields(c, key, []string{"PXAT", strconv.FormatInt(end, 10)}, field, string(value))
	}
	return false
}

// setFields writes pairs of a field and its value. Without an expiry, it takes
// off the ends of the fields.
func (e *embedded) setFields(c *server.Peer, key string, expiry []string, pairs ...string) {
	e.anyEnds = e.anyEnds || len(expiry) == 2
	e.ask(c, slices.Concat([]string{"HSETEX", key}, expiry, []string{"FIELDS", strconv.Itoa(len(pairs) / 2)}, pairs)...)
}

// endless takes off the ends of fields.
func (e *embedded) endless(c *server.Peer, key string, fields ...string) {
	if e.anyEnds {
		e.ask(c, slices.Concat([]string{"HPERSIST", key, "FIELDS", strconv.Itoa(len(fields))}, fields)...)
	}
}

// maxFieldEnd is the latest end that Redis lets a field have. The engine reaches
// 292 years ahead, and no further: what is later ends then.
const maxFieldEnd = math.MaxInt64 >> 17

const msgNegativeEnd = "ERR invalid expire time, must be >= 0"

// endUnits are the ways to say when something ends.
var endUnits = map[string]endUnit{
	"EX":   {ms: 1000, fromNow: true},
	"PX":   {ms: 1, fromNow: true},
	"EXAT": {ms: 1000},
	"PXAT": {ms: 1},
}

type endUnit struct {
	ms      int64
	fromNow bool
}

// parseEnd reads when fields are to end, for an error in the command's name.
func (e *embedded) parseEnd(unit endUnit, text, command string) (end int64, problem string) {
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil:
		return 0, msgNotInteger
	case n < 0:
		return 0, msgNegativeEnd
	case n > maxFieldEnd/unit.ms:
		return 0, endText(command)
	}
	end = n * unit.ms
	if unit.fromNow {
		end += e.at.UnixMilli()
	}
	if end > maxFieldEnd {
		return 0, endText(command)
	}
	return end, ""
}

func endText(command string) string {
	return "ERR invalid expire time in '" + strings.ToLower(command) + "' command"
}
