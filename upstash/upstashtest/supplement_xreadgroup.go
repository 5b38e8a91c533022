package upstashtest

import (
	"bufio"
	"bytes"
	"slices"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

// supplyXReadGroup leaves no consumer behind that reads with NOACK and was not
// known: there is nothing that it has to acknowledge, and the service does not
// make one for that.
func supplyXReadGroup(e *embedded, c *server.Peer, args []string) bool {
	at := slices.IndexFunc(args, func(arg string) bool { return strings.EqualFold(arg, "STREAMS") })
	if at < 3 || !strings.EqualFold(args[0], "GROUP") || !containsWord(args[3:at], "NOACK") {
		return false
	}
	group, consumer := args[1], args[2]
	var unknown []string
	for _, key := range streamKeys(args[at:]) {
		if !slices.Contains(e.consumers(c, key, group), consumer) {
			unknown = append(unknown, key)
		}
	}
	reply := e.ask(c, append([]string{"XREADGROUP"}, args...)...)
	for _, key := range unknown {
		e.ask(c, "XGROUP", "DELCONSUMER", key, group, consumer)
	}
	c.WriteRaw(string(reply))
	return true
}

func containsWord(words []string, word string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, word) })
}

// consumers names the consumers of a group; none when there is no such group.
func (e *embedded) consumers(c *server.Peer, key, group string) (names []string) {
	reply, err := server.ParseReply(bufio.NewReader(bytes.NewReader(e.ask(c, "XINFO", "CONSUMERS", key, group))))
	if err != nil {
		return nil
	}
	list, _ := reply.([]any)
	for _, item := range list {
		fields, _ := item.([]any)
		if len(fields) > 1 { // "name" and the name come first
			name, _ := fields[1].(string)
			names = append(names, name)
		}
	}
	return names
}
