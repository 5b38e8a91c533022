package upstashtest_test

import (
	"slices"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest/internal/conform"
)

// engineLacks is what the embedded engine, miniredis 2.40, does not have or does
// in another way. The tests fail when an entry is not true any more, so that the
// list can only shrink.
var engineLacks = conform.Lacks[string]{
	"ACL CAT":           "the engine knows no categories",
	"ACL DELUSER":       "who may come in is fixed: two users and their tokens",
	"ACL GENTOKEN":      "who may come in is fixed: two users and their tokens",
	"ACL SETUSER":       "who may come in is fixed: two users and their tokens",
	"ConfigSet: events": "keyspace events are not sent",
}

// realRedisSince is the version of Redis that has what older ones lack, as in
// [realRedis.version].
var realRedisSince = conform.Lacks[int]{
	"COMMAND":       never,
	"ACL SAVE":      never,
	"ACL RESTTOKEN": never,
	"ACL LOAD":      never,
	"ACL GENTOKEN":  never,
	"DELEX":         804,
	"DIGEST":        804,
	"HEXPIRE":       704,
	"HEXPIREAT":     704,
	"HEXPIRETIME":   704,
	"HGETDEL":       800,
	"HGETEX":        800,
	"HPERSIST":      704,
	"HPEXPIRE":      704,
	"HPEXPIREAT":    704,
	"HPEXPIRETIME":  704,
	"HPTTL":         704,
	"HSETEX":        800,
	"HTTL":          704,
	"WAITAOF":       702,
	"XACKDEL":       802,
	"XDELEX":        802,

	"BitOp: BitAndOr":                802,
	"BitOp: BitDiff":                 802,
	"BitOp: BitDiff1":                802,
	"BitOp: BitOne":                  802,
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
	"XAddWith: Refs":                 802,
	"XRead: last entry":              704,
	"XTrimWith: AckedRefs":           802,
	"XTrimWith: DeleteRefs":          802,
	"ZRankWithScore":                 702,
	"ZRankWithScore: absent member":  702,
	"ZRevRankWithScore":              702,
	"ZRevRankWithScore: absent key":  702,
}

const (
	oldestRedis       = 700 // the one of CI
	conditionalWrites = 804 // which a server fills in for an older Redis
	never             = 9999
)

// TestConformLists finds names that are used twice, or for nothing.
func TestConformLists(t *testing.T) {
	t.Parallel()
	names, known := rowSet{}, rowSet{}
	for _, c := range conform.Cases() {
		if names[c.Name] {
			t.Errorf("two cases are called %s", c.Name)
		}
		names[c.Name] = true
		known[c.Name], known[c.Command()] = true, true
	}
	for _, key := range slices.Concat(engineLacks.Stale(known), realRedisSince.Stale(known)) {
		t.Errorf("%s is in a list, and neither a case nor a command of one", key)
	}
}
