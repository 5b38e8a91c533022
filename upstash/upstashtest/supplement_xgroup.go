package upstashtest

import (
	"strconv"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

const msgXGroupNoKey = "ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically."

func noGroupText(key, group string) string {
	return "NOGROUP No such consumer group '" + group + "' for key name '" + key + "'"
}

// supplyXGroup knows ENTRIESREAD and SETID, and how many entries were pending for
// a consumer, also when some of them are deleted.
func supplyXGroup(e *embedded, c *server.Peer, args []string) bool {
	word := strings.ToUpper(args[0])
	switch {
	case word == "CREATE" && len(args) >= 4:
		e.xgroupCreate(c, args[1], args[2], args[3], args[4:])
	case word == "SETID" && len(args) >= 4:
		e.xgroupSetID(c, args[1], args[2], args[3], args[4:])
	case word == "SETID":
		c.WriteError(wrongArityText("xgroup|setid"))
	case word == "CREATECONSUMER" && len(args) == 4:
		n, ok, reply := e.askInt(c, append([]string{"XGROUP"}, args...)...)
		if ok && n == 1 {
			e.seen(c, args[1], args[2], args[3], false)
		}
		c.WriteRaw(string(reply))
	case word == "DELCONSUMER" && len(args) == 4:
		e.xgroupDelConsumer(c, args[1], args[2], args[3])
	case word == "DESTROY" && len(args) == 3:
		reply := e.ask(c, append([]string{"XGROUP"}, args...)...)
		if !isError(reply) {
			e.learn(c, args[1], func(f *xfacts) { delete(f.read, args[2]) })
		}
		c.WriteRaw(string(reply))
	default:
		return false
	}
	return true
}

// An xstart is where a group begins to read.
type xstart struct {
	id         string
	makeStream bool
	read       int64 // how many entries come before it; -1 when that is not known
}

func parseXStart(options []string) (s xstart, problem string) {
	s.read = -1
	for len(options) > 0 {
		switch word := strings.ToUpper(options[0]); {
		case word == "MKSTREAM":
			s.makeStream = true
			options = options[1:]
		case word == "ENTRIESREAD" && len(options) > 1:
			n, err := strconv.ParseInt(options[1], 10, 64)
			if err != nil {
				return xstart{}, msgNotInteger
			}
			if n < -1 {
				return xstart{}, "ERR value for ENTRIESREAD must be positive or -1"
			}
			s.read = n
			options = options[2:]
		default:
			return xstart{}, msgSyntax
		}
	}
	return s, ""
}

// startID is the ID after which a group reads, in full.
func (e *embedded) startID(c *server.Peer, key, text string) (id, problem string) {
	if text == "$" {
		return e.lastXID(c, key).String(), ""
	}
	start, ok := parseXID(text)
	if !ok {
		return "", msgStreamID
	}
	return start.String(), ""
}

func (f *xfacts) start(group string, s xstart) {
	delete(f.read, group)
	if s.read >= 0 {
		f.read[group] = s.read
	}
}

func (e *embedded) xgroupCreate(c *server.Peer, key, group, id string, options []string) {
	exists, ok := e.stream(c, key)
	if !ok {
		return
	}
	s, problem := parseXStart(options)
	if problem == "" && !exists && !s.makeStream {
		problem = msgXGroupNoKey
	}
	if problem == "" {
		s.id, problem = e.startID(c, key, id)
	}
	if problem != "" {
		c.WriteError(problem)
		return
	}
	reply := e.ask(c, "XGROUP", "CREATE", key, group, s.id, "MKSTREAM")
	if !isError(reply) {
		e.learn(c, key, func(f *xfacts) { f.start(group, s) })
	}
	c.WriteRaw(string(reply))
}

func (e *embedded) xgroupSetID(c *server.Peer, key, group, id string, options []string) {
	exists, ok := e.stream(c, key)
	if !ok {
		return
	}
	s, problem := parseXStart(options)
	_, known := e.xgroup(c, key, group)
	switch {
	case problem != "":
	case !exists:
		problem = msgXGroupNoKey
	case !known:
		problem = noGroupText(key, group)
	default:
		s.id, problem = e.startID(c, key, id)
	}
	if problem != "" {
		c.WriteError(problem)
		return
	}
	e.moveGroup(c, key, group, s.id)
	e.learn(c, key, func(f *xfacts) { f.start(group, s) })
	c.WriteOK()
}

// moveGroup lets a group go on after another entry: the engine has a new one do
// so, which gets the consumers and what is pending. For how long the consumers
// were idle begins anew.
func (e *embedded) moveGroup(c *server.Peer, key, group, id string) {
	consumers, pending := e.consumers(c, key, group), e.xpending(c, key, group)
	e.ask(c, "XGROUP", "DESTROY", key, group)
	e.makeGroup(c, key, xgroup{group, id}, consumers, pending)
}

func (e *embedded) xgroupDelConsumer(c *server.Peer, key, group, consumer string) {
	n := 0
	for _, p := range e.xpending(c, key, group) {
		if p.consumer == consumer {
			e.ask(c, "XACK", key, group, p.id)
			n++
		}
	}
	if _, ok, reply := e.askInt(c, "XGROUP", "DELCONSUMER", key, group, consumer); !ok {
		c.WriteRaw(string(reply))
		return
	}
	c.WriteInt(n)
}
