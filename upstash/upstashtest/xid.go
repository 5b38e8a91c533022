package upstashtest

import (
	"cmp"
	"math"
	"strconv"
	"strings"
)

// An xid is the ID of a stream entry.
type xid struct{ ms, seq uint64 }

// parseXID reads an ID. The half behind the dash is 0 when it is missing.
func parseXID(text string) (id xid, ok bool) {
	first, second, both := strings.Cut(text, "-")
	ms, err := strconv.ParseUint(first, 10, 64)
	if err != nil {
		return xid{}, false
	}
	if !both {
		return xid{ms, 0}, true
	}
	seq, err := strconv.ParseUint(second, 10, 64)
	return xid{ms, seq}, err == nil
}

// mustXID is for IDs that the engine says.
func mustXID(text string) xid {
	id, _ := parseXID(text)
	return id
}

// fullIDs reads IDs and writes them in full, the only form the engine finds.
func fullIDs(texts []string) (ids []string, ok bool) {
	for _, text := range texts {
		id, ok := parseXID(text)
		if !ok {
			return nil, false
		}
		ids = append(ids, id.String())
	}
	return ids, true
}

func (id xid) String() string {
	return strconv.FormatUint(id.ms, 10) + "-" + strconv.FormatUint(id.seq, 10)
}

func (id xid) compare(other xid) int {
	return cmp.Or(cmp.Compare(id.ms, other.ms), cmp.Compare(id.seq, other.seq))
}

func (id xid) next() xid {
	if id.seq < math.MaxUint64 {
		return xid{id.ms, id.seq + 1}
	}
	return xid{id.ms + 1, 0}
}

func (id xid) previous() xid {
	if id.seq > 0 {
		return xid{id.ms, id.seq - 1}
	}
	return xid{id.ms - 1, math.MaxUint64}
}
