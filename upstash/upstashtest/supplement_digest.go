package upstashtest

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
	"github.com/zeebo/xxh3"
)

const msgDigest = "ERR must be exactly 16 hexadecimal characters"

// digestLen is the length of a digest in hexadecimal digits.
const digestLen = 16

// supplyDigest answers what the conditions IFDEQ and IFDNE compare.
func supplyDigest(e *embedded, c *server.Peer, args []string) bool {
	if len(args) != 1 {
		return false
	}
	reply := e.ask(c, "GET", args[0])
	if value, exists := bulk(reply); exists {
		c.WriteBulk(digest(value))
	} else {
		c.WriteRaw(string(reply))
	}
	return true
}

// digest is the 64-bit XXH3 of a value.
func digest(value []byte) string {
	return fmt.Sprintf("%0*x", digestLen, xxh3.Hash(value))
}

func digestEquals(value []byte, operand string) bool {
	return strings.EqualFold(digest(value), operand)
}

// bulk returns the text of a reply that is a string, and not nil.
func bulk(resp []byte) (text []byte, ok bool) {
	head, text, _ := bytes.Cut(resp, []byte("\r\n"))
	if len(head) < 2 || head[0] != '$' || head[1] == '-' {
		return nil, false
	}
	return bytes.TrimSuffix(text, []byte("\r\n")), true
}
