package upstashtest

import (
	"fmt"
	"strings"
	"time"
)

// Where a command came from, as MONITOR shows it. The service hides addresses.
const (
	fromClient = "0.0.0.0:0"
	fromScript = "lua"
)

// unmonitored holds the commands that Redis does not show: they may hold
// passwords.
var unmonitored = nameSet("ACL AUTH CONFIG HELLO")

// showExecuted tells the monitors about a command that is about to run.
func (e *embedded) showExecuted(source string, command []string) {
	if !e.hub.monitored.Load() || e.user == operator || unmonitored[strings.ToUpper(command[0])] {
		return
	}
	e.hub.executed(monitorLine(e.now(), source, command))
}

// monitorLine is a line like
//
//	1721284005.242090 [0 0.0.0.0:0] "GET" "k"
func monitorLine(at time.Time, source string, command []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d.%06d [0 %s]", at.Unix(), at.Nanosecond()/1000, source)
	for _, arg := range command {
		b.WriteByte(' ')
		writeQuoted(&b, arg)
	}
	return b.String()
}

// writeQuoted quotes as Redis does: printable ASCII stands for itself, all else
// is escaped byte by byte.
func writeQuoted(b *strings.Builder, arg string) {
	b.WriteByte('"')
	for i := range len(arg) {
		c := arg[i]
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c >= ' ' && c <= '~':
			b.WriteByte(c)
		default:
			if letter := strings.IndexByte("\n\r\t\a\b", c); letter >= 0 {
				b.WriteByte('\\')
				b.WriteByte("nrtab"[letter])
				continue
			}
			b.WriteString(`\x`)
			b.WriteByte(hexDigits[c>>4])
			b.WriteByte(hexDigits[c&0xF])
		}
	}
	b.WriteByte('"')
}
