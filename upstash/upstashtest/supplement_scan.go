package upstashtest

import (
	"bufio"
	"bytes"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

// supplyScan knows WITHTYPE, which is the service's own: keys and their types
// take turns in the list.
func supplyScan(e *embedded, c *server.Peer, args []string) bool {
	page, ok := e.scanWithout(c, "WITHTYPE", "SCAN", args, 1)
	if !ok {
		return page.answered
	}
	c.WriteLen(2)
	c.WriteBulk(page.cursor)
	c.WriteLen(2 * len(page.items))
	for _, key := range page.items {
		c.WriteBulk(key)
		kind := e.ask(c, "TYPE", key)
		c.WriteBulk(strings.TrimSpace(strings.TrimPrefix(string(kind), "+")))
	}
	return true
}

// supplyHScan knows NOVALUES.
func supplyHScan(e *embedded, c *server.Peer, args []string) bool {
	page, ok := e.scanWithout(c, "NOVALUES", "HSCAN", args, 2)
	if !ok {
		return page.answered
	}
	c.WriteLen(2)
	c.WriteBulk(page.cursor)
	c.WriteLen(len(page.items) / 2)
	for i := 0; i < len(page.items); i += 2 {
		c.WriteBulk(page.items[i])
	}
	return true
}

// scanPage is what one command of the SCAN family answers.
type scanPage struct {
	cursor   string
	items    []string
	answered bool // with an error, to the client
}

// scanWithout executes a command without one of its options. It does nothing
// when that is not there; options are looked for after the first few arguments.
func (e *embedded) scanWithout(c *server.Peer, option, name string, args []string, first int) (page scanPage, ok bool) {
	command := append([]string{name}, args[:first]...)
	found := false
	for i := first; i < len(args); i++ {
		if strings.EqualFold(args[i], option) {
			found = true
			continue
		}
		command = append(command, args[i])
		if i+1 < len(args) {
			i++ // the value of another option
			command = append(command, args[i])
		}
	}
	if !found {
		return scanPage{}, false
	}
	reply := e.ask(c, command...)
	parsed, err := server.ParseReply(bufio.NewReader(bytes.NewReader(reply)))
	parts, isList := parsed.([]any)
	if err != nil || !isList || len(parts) != 2 {
		c.WriteRaw(string(reply))
		return scanPage{answered: true}, false
	}
	page.cursor, _ = parts[0].(string)
	items, _ := parts[1].([]any)
	for _, item := range items {
		text, _ := item.(string)
		page.items = append(page.items, text)
	}
	return page, true
}
