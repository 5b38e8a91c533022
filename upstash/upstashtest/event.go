package upstashtest

import (
	"strconv"
	"strings"
)

// event writes text as one server-sent event. Where text has several lines they
// become consecutive data lines, which a client joins by a newline. The format
// knows no other way for a carriage return either, and one that were left as it
// is would make the rest of its line vanish.
func event(text string) string {
	var b strings.Builder
	b.Grow(len("data: ") + len(text) + len("\n\n"))
	for {
		end := strings.IndexAny(text, "\r\n")
		b.WriteString("data: ")
		if end < 0 {
			b.WriteString(text)
			b.WriteString("\n\n")
			return b.String()
		}
		b.WriteString(text[:end])
		b.WriteByte('\n')
		if strings.HasPrefix(text[end:], "\r\n") {
			end++
		}
		text = text[end+1:]
	}
}

func confirmation(kind streamKind, name string, count int) string {
	return event(kind.command() + "," + name + "," + strconv.Itoa(count))
}

func message(channel, payload string) string {
	return event("message," + channel + "," + payload)
}

func patternMessage(pattern, channel, payload string) string {
	return event("pmessage," + pattern + "," + channel + "," + payload)
}
