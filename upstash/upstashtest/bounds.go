package upstashtest

import (
	"bytes"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

// barred says why a command that could be executed may not be: the user has no
// right to it, or it is over a limit. The name is in upper case.
func (e *embedded) barred(name string, args []string) string {
	if !e.user.mayRun(name, args) {
		return noPermissionText(strings.ToLower(name))
	}
	return e.overLimit(server.NewPeer(nil), name, args)
}

// scriptRefusal is what barred is for a command that a script runs: the user was
// asked about the script.
func (e *embedded) scriptRefusal(c *server.Peer, name string, args []string) string {
	return e.overLimit(c, name, args)
}

func (e *embedded) overLimit(c *server.Peer, name string, args []string) string {
	longest := 0
	for _, arg := range args {
		longest = max(longest, len(arg))
	}
	if int64(longest) > e.limits.MaxKey {
		for _, key := range keysOf(name, args) {
			if int64(len(key)) > e.limits.MaxKey {
				return keyTooLargeText(e.limits.MaxKey, len(key))
			}
		}
	}
	if !e.recordFits(c, name, args) {
		return msgRecordTooLarge
	}
	return ""
}

// replyBound keeps the replies of a run within the limit for a request.
type replyBound struct{ limit, total int64 }

// take looks at the reply that begins at start. One that is too large by itself
// becomes an error. When replies are too large only together, the request fails
// as a whole, and they need not be kept.
func (b *replyBound) take(buf *bytes.Buffer, start int) {
	if size := int64(buf.Len() - start); size > b.limit {
		buf.Truncate(start)
		buf.WriteString("-" + tooLargeText(b.limit, size) + "\r\n")
	}
	b.total += int64(buf.Len() - start)
	if b.total > b.limit {
		buf.Truncate(start)
	}
}
