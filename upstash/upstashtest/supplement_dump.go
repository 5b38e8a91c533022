package upstashtest

import (
	"strconv"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

const (
	msgBusyKey    = "BUSYKEY Target key name already exists."
	msgBadDump    = "ERR DUMP payload version or checksum are wrong"
	msgRestoreTTL = "ERR Invalid TTL value, must be >= 0"
	msgIdleTime   = "ERR Invalid IDLETIME value, must be >= 0"
	msgFrequency  = "ERR Invalid FREQ value, must be >= 0 and <= 255"
)

// supplyDump dumps what is not a stream; the engine dumps strings only.
func supplyDump(e *embedded, c *server.Peer, args []string) bool {
	d, ok := e.dump(c, args[0])
	if ok {
		c.WriteBulk(d.encode())
	}
	return ok
}

// supplyRestore restores what supplyDump dumped.
func supplyRestore(e *embedded, c *server.Peer, args []string) bool {
	key, text := args[0], args[2]
	replace, absolute, problem := restoreOptions(args[3:])
	exists, _, _ := e.askInt(c, "EXISTS", key)
	if problem == "" && exists == 1 && !replace {
		problem = msgBusyKey
	}
	ttl, err := strconv.ParseInt(args[1], 10, 64)
	d, ok := parseDump(text)
	switch {
	case problem != "":
	case err != nil:
		problem = msgNotInteger
	case ttl < 0:
		problem = msgRestoreTTL
	case !ok:
		problem = msgBadDump
	}
	if problem != "" {
		c.WriteError(problem)
		return true
	}
	e.ask(c, "DEL", key)
	e.restore(c, key, d)
	if ttl > 0 {
		if !absolute {
			ttl += e.at.UnixMilli()
		}
		e.ask(c, "PEXPIREAT", key, strconv.FormatInt(ttl, 10))
	}
	c.WriteOK()
	return true
}

// restoreOptions reads the options of RESTORE. How long a key was idle, or how
// often used, means nothing to a server that evicts none.
func restoreOptions(args []string) (replace, absolute bool, problem string) {
	counter := ""
	for i := 0; i < len(args); i++ {
		name := strings.ToUpper(args[i])
		switch {
		case name == "REPLACE":
			replace = true
		case name == "ABSTTL":
			absolute = true
		case (name == "IDLETIME" || name == "FREQ") && i+1 < len(args) && (counter == "" || counter == name):
			counter = name
			i++
			n, err := strconv.ParseInt(args[i], 10, 64)
			switch {
			case err != nil:
				return false, false, msgNotInteger
			case name == "IDLETIME" && n < 0:
				return false, false, msgIdleTime
			case name == "FREQ" && (n < 0 || n > 255):
				return false, false, msgFrequency
			}
		default:
			return false, false, msgSyntax
		}
	}
	return replace, absolute, ""
}
