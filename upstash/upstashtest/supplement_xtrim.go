package upstashtest

import (
	"strconv"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

const (
	msgTrimNegative = "ERR The MAXLEN argument must be >= 0."
	msgTrimLimit    = "ERR syntax error, LIMIT cannot be used without the special ~ option"
)

// An xtrim is what XADD and XTRIM say about entries that have to go.
type xtrim struct {
	by, threshold string // MAXLEN or MINID, or nothing at all
	about, limit  bool   // the server may leave some; no more than so many
	refs          string // KEEPREF, DELREF, ACKED or nothing
}

// take reads an option and tells how many words it has; 0 when it is none. The
// problem is Redis's text.
func (t *xtrim) take(args []string) (n int, problem string) {
	switch word := strings.ToUpper(args[0]); word {
	case "KEEPREF", "DELREF", "ACKED":
		t.refs = word
		return 1, ""
	case "LIMIT":
		if len(args) < 2 {
			return 0, msgSyntax
		}
		if n, err := strconv.Atoi(args[1]); err != nil || n < 0 {
			return 0, msgNotInteger
		}
		t.limit = true
		return 2, ""
	case "MAXLEN", "MINID":
		t.by, n = word, 1
	default:
		return 0, ""
	}
	if n < len(args) && (args[n] == "~" || args[n] == "=") {
		t.about = args[n] == "~"
		n++
	}
	if n == len(args) {
		return 0, msgSyntax
	}
	t.threshold = args[n]
	return n + 1, t.thresholdProblem()
}

func (t *xtrim) thresholdProblem() string {
	if t.by == "MINID" {
		id, ok := parseXID(t.threshold)
		if t.threshold = id.String(); !ok {
			return msgStreamID
		}
		return ""
	}
	switch n, err := strconv.Atoi(t.threshold); {
	case err != nil:
		return msgNotInteger
	case n < 0:
		return msgTrimNegative
	}
	return ""
}

// trim removes the oldest entries and returns how many went.
func (e *embedded) trim(c *server.Peer, key string, t xtrim) (gone int) {
	if t.by == "" {
		return 0
	}
	if t.refs == "" || t.refs == "KEEPREF" {
		n, _, _ := e.askInt(c, "XTRIM", key, t.by, t.threshold)
		return int(n)
	}
	entries := e.xentries(c, key, "-", "+", 0)
	for _, x := range entries {
		if t.by == "MAXLEN" {
			if n, _ := strconv.Atoi(t.threshold); len(entries)-gone <= n {
				break
			}
		} else if mustXID(x.id).compare(mustXID(t.threshold)) >= 0 {
			break
		}
		if e.dropEntry(c, key, x.id, t.refs) == entryDropped {
			gone++
		}
	}
	return gone
}

// supplyXTrim knows references, which came with version 8.2.
func supplyXTrim(e *embedded, c *server.Peer, args []string) bool {
	var trim xtrim
	for rest := args[1:]; len(rest) > 0; {
		n, problem := trim.take(rest)
		if n == 0 && problem == "" {
			problem = msgSyntax
		}
		if problem != "" {
			c.WriteError(problem)
			return true
		}
		rest = rest[n:]
	}
	problem := ""
	switch {
	case trim.by == "":
		problem = msgSyntax
	case trim.limit && !trim.about:
		problem = msgTrimLimit
	}
	if problem != "" {
		c.WriteError(problem)
	} else if _, ok := e.stream(c, args[0]); ok {
		c.WriteInt(e.trim(c, args[0], trim))
	}
	return true
}
