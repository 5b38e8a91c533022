package upstashtest_test

import (
	"maps"
	"slices"
	"testing"
)

// lacking names cases that a server does not fulfill, with what there is to say
// about them: by the case's name, or by the command's name in upper case for all
// cases of that command.
type lacking[T any] map[string]T

// entry returns the key of the list that a case falls under, or "".
func (l lacking[T]) entry(c conformCase) string {
	for _, key := range []string{c.name, c.command()} {
		if _, found := l[key]; found {
			return key
		}
	}
	return ""
}

// stale returns the entries under which no case failed: they are to be taken out.
func (l lacking[T]) stale(failed rowSet) (keys []string) {
	for _, key := range slices.Sorted(maps.Keys(l)) {
		if !failed[key] {
			keys = append(keys, key)
		}
	}
	return keys
}

// engineLacks is what the embedded engine, miniredis 2.40, does not have or does
// in another way. The tests fail when an entry is not true any more, so that the
// list can only shrink.
var engineLacks = lacking[string]{}

// realRedisSince is the version of Redis that has what older ones lack, as in
// [realRedis.version].
var realRedisSince = lacking[int]{
	"DELEX":        804,
	"DIGEST":       804,
	"HEXPIRE":      704,
	"HEXPIREAT":    704,
	"HEXPIRETIME":  704,
	"HGETDEL":      800,
	"HGETEX":       800,
	"HPERSIST":     704,
	"HPEXPIRE":     704,
	"HPEXPIREAT":   704,
	"HPEXPIRETIME": 704,
	"HPTTL":        704,
	"HSETEX":       800,
	"HTTL":         704,
	"WAITAOF":      702,

	"HScanNoValues":                  704,
	"HScanNoValues: options":         704,
	"ScanWithTypes":                  never, // WITHTYPE is of the service
	"SetGet: Equals":                 804,
	"SetGet: Equals another":         804,
	"SetWith: DigestEquals":          804,
	"SetWith: DigestEquals another":  804,
	"SetWith: DigestNotEquals":       804,
	"SetWith: Equals":                804,
	"SetWith: Equals another":        804,
	"SetWith: Equals with TTL":       804,
	"SetWith: Equals, absent key":    804,
	"SetWith: Equals, list":          804,
	"SetWith: NotEquals":             804,
	"SetWith: NotEquals, absent key": 804,
	"SetWith: NotEquals, the same":   804,
	"ZRankWithScore":                 702,
	"ZRankWithScore: absent member":  702,
	"ZRevRankWithScore":              702,
	"ZRevRankWithScore: absent key":  702,
}

const never = 9999

// TestConformLists finds names that are used twice, or for nothing.
func TestConformLists(t *testing.T) {
	t.Parallel()
	names, known := rowSet{}, rowSet{}
	for _, c := range conformCases() {
		if names[c.name] {
			t.Errorf("two cases are called %s", c.name)
		}
		names[c.name] = true
		known[c.name], known[c.command()] = true, true
	}
	for _, key := range slices.Concat(engineLacks.stale(known), realRedisSince.stale(known)) {
		t.Errorf("%s is in a list, and neither a case nor a command of one", key)
	}
}
