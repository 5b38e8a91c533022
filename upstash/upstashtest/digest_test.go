package upstashtest_test

import (
	"strings"
	"testing"
)

const (
	digestOfOld = "0f3ca07a8cc8bf40"
	digestOther = "0f3ca07a8cc8bf41"
	digestError = "ERR must be exactly 16 hexadecimal characters"
)

var digestCases = []conditionalCase{
	{"old", "SET k new IFDEQ " + digestOfOld, `"OK"`, "new"},
	{"old", "SET k new IFDEQ " + strings.ToUpper(digestOfOld), `"OK"`, "new"},
	{"old", "SET k new IFDEQ " + digestOther, `null`, ""},
	{"<absent>", "SET k new IFDEQ " + digestOfOld, `null`, ""},
	{"<list>", "SET k new IFDEQ " + digestOfOld, wrongType, ""},
	{"old", "SET k new IFDNE " + digestOther, `"OK"`, "new"},
	{"old", "SET k new ifdne " + digestOfOld, `null`, ""},
	{"<absent>", "SET k new IFDNE " + digestOfOld, `"OK"`, "new"},
	{"<list>", "SET k new IFDNE " + digestOfOld, wrongType, ""},
	{"old", "SET k new GET IFDEQ " + digestOfOld, `"old"`, "new"},
	{"old", "SET k new IFDEQ " + digestOther + " GET", `"old"`, ""},
	{"<absent>", "SET k new IFDEQ " + digestOther + " GET", `null`, ""},
	{"<absent>", "SET k new IFDNE " + digestOther + " GET", `null`, "new"},
	{"<list>", "SET k new IFDNE " + digestOther + " GET", wrongType, ""},
	{"old", "SET k new IFDEQ " + digestOfOld + " EX 100 GET", `"old"`, "new"},
	{"old", "SET k new PX 100 IFDNE " + digestOther, `"OK"`, "new"},
	{"old", "SET k new KEEPTTL IFDEQ " + digestOfOld, `"OK"`, "new"},
	{"old", "SET k new IFDEQ " + digestOfOld + " PXAT 1", `"OK"`, "<absent>"},

	{"old", "SET k new IFDEQ 0f3ca07a8cc8bf4", digestError, ""},
	{"old", "SET k new IFDNE 0f3ca07a8cc8bf401", digestError, ""},
	{"old", "SET k new IFDEQ 0f3ca07a8cc8bf4x", `null`, ""}, // Redis looks at the length only
	{"<absent>", "SET k new IFDEQ short", `null`, ""},       // and at an absent key's not at all
	{"<absent>", "SET k new IFDNE short", `"OK"`, "new"},
	{"<list>", "SET k new IFDEQ short", wrongType, ""},
	{"old", "SET k new IFDEQ", "ERR syntax error", ""},
	{"old", "SET k new NX IFDEQ " + digestOfOld, "ERR syntax error", ""},
	{"old", "SET k new IFDEQ " + digestOfOld + " XX", "ERR syntax error", ""},
	{"old", "SET k new IFEQ old IFDEQ " + digestOfOld, "ERR syntax error", ""},
	{"old", "SET k new IFDNE " + digestOfOld + " IFDEQ " + digestOfOld, "ERR syntax error", ""},
	{"old", "SET k new EX 1 PX 1 IFDEQ " + digestOfOld, "ERR syntax error", ""},
	{"old", "SET k new EX 1 KEEPTTL IFDEQ " + digestOfOld, "ERR syntax error", ""},
	{"old", "SET k new IFDEQ short EX 0", "ERR invalid expire time in 'set' command", ""},

	{"old", "DELEX k IFDEQ " + digestOfOld, `1`, "<absent>"},
	{"old", "DELEX k ifdeq " + strings.ToUpper(digestOfOld), `1`, "<absent>"},
	{"old", "DELEX k IFDEQ " + digestOther, `0`, ""},
	{"<absent>", "DELEX k IFDEQ " + digestOfOld, `0`, ""},
	{"old", "DELEX k IFDNE " + digestOther, `1`, "<absent>"},
	{"old", "DELEX k IFDNE " + digestOfOld, `0`, ""},
	{"<absent>", "DELEX k IFDNE " + digestOfOld, `0`, ""},
	{"old", "DELEX k IFDEQ short", digestError, ""},
	{"<absent>", "DELEX k IFDEQ short", `0`, ""},
	{"<list>", "DELEX k IFDEQ short", "ERR Key should be of string type if conditions are specified", ""},

	{"old", "DIGEST k", `"` + digestOfOld + `"`, ""},
	{"<absent>", "DIGEST k", `null`, ""},
	{"<list>", "DIGEST k", wrongType, ""},
}

// The digests of Redis 8.6 itself.
func TestDigests(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	for value, digest := range map[string]string{
		"":                       "2d06800538d394c2",
		"a":                      "e6c632b61e964e1f",
		"abc":                    "78af5f94892f3950",
		"hello":                  "9555e8555c62dcfd",
		strings.Repeat("x", 300): "a5d1b4607dc83554",
	} {
		must(t, srv, `"OK"`, "SET", "k", value)
		must(t, srv, `"`+digest+`"`, "DIGEST", "k")
		must(t, srv, `"OK"`, "SET", "k", value, "IFDEQ", digest)
	}
	request{Path: "/set/k", Body: "\xff\x00\r\n"}.do(t, srv)
	must(t, srv, `"b08ca7b4cb526f6b"`, "DIGEST", "k")
	must(t, srv, `1`, "DELEX", "k", "IFDEQ", "b08ca7b4cb526f6b")

	for _, way := range ways {
		for _, words := range [][]string{{"DIGEST"}, {"DIGEST", "k", "k"}} {
			if got := answered(t, srv, way, words); got != "ERR wrong number of arguments for 'digest' command" {
				t.Errorf("%s: %s", way, got)
			}
		}
	}
}
