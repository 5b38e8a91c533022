package luascript

import (
	"fmt"
	"strconv"
	"strings"
)

// An engine is a map of strings, lists and hashes with just enough commands for
// the tests. It answers as Redis does.
type engine struct {
	strings map[string]string
	lists   map[string][]string
}

func newEngine() *engine {
	return &engine{strings: map[string]string{}, lists: map[string][]string{}}
}

const wrongType = "-WRONGTYPE Operation against a key holding the wrong kind of value\r\n"

var arities = map[string]int{
	"DEL": -2, "ECHO": 2, "GET": 2, "INCRBY": 3, "LPUSH": -3, "LRANGE": 4, "MGET": -2, "PING": -1, "RPUSH": -3, "SET": -3, "SETPX": 3,
}

func (e *engine) call(args []string) []byte { return []byte(e.reply(args)) }

func (e *engine) reply(args []string) string {
	name := strings.ToUpper(args[0])
	switch name {
	case "EVAL", "MULTI", "SUBSCRIBE":
		return "-" + MsgNotFromScript + "\r\n"
	}
	arity, ok := arities[name]
	switch {
	case !ok:
		return "-" + MsgUnknownCommand + "\r\n"
	case arity > 0 && len(args) != arity, len(args) < -arity:
		return "-" + MsgWrongArity + "\r\n"
	}
	return e.execute(name, args[1:])
}

func (e *engine) execute(name string, args []string) string {
	_, isList := e.lists[args0(args)]
	_, isString := e.strings[args0(args)]
	switch name {
	case "PING":
		return "+PONG\r\n"
	case "ECHO":
		return bulk(args[0])
	case "SET":
		if len(args) > 2 {
			return "-ERR syntax error\r\n"
		}
		delete(e.lists, args[0])
		e.strings[args[0]] = args[1]
		return "+OK\r\n"
	case "GET":
		if isList {
			return wrongType
		}
		return e.get(args[0])
	case "MGET":
		values := make([]string, len(args))
		for i, key := range args {
			values[i] = e.get(key)
		}
		return array(values)
	case "DEL":
		n := 0
		for _, key := range args {
			if _, ok := e.strings[key]; ok || e.lists[key] != nil {
				n++
			}
			delete(e.strings, key)
			delete(e.lists, key)
		}
		return fmt.Sprintf(":%d\r\n", n)
	case "INCRBY":
		if isList {
			return wrongType
		}
		return e.increment(args[0], args[1])
	case "LPUSH", "RPUSH":
		if isString {
			return wrongType
		}
		e.lists[args[0]] = append(e.lists[args[0]], args[1:]...)
		return fmt.Sprintf(":%d\r\n", len(e.lists[args[0]]))
	}
	if isString {
		return wrongType
	}
	items := make([]string, len(e.lists[args[0]])) // LRANGE, always of all
	for i, item := range e.lists[args[0]] {
		items[i] = bulk(item)
	}
	return array(items)
}

func args0(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return args[0]
}

func (e *engine) get(key string) string {
	if value, ok := e.strings[key]; ok {
		return bulk(value)
	}
	return "$-1\r\n"
}

func (e *engine) increment(key, by string) string {
	value := e.strings[key]
	if value == "" {
		value = "0"
	}
	n, err := strconv.ParseInt(value, 10, 64)
	d, byErr := strconv.ParseInt(by, 10, 64)
	if err != nil || byErr != nil {
		return "-ERR value is not an integer or out of range\r\n"
	}
	e.strings[key] = strconv.FormatInt(n+d, 10)
	return fmt.Sprintf(":%d\r\n", n+d)
}

func bulk(text string) string { return fmt.Sprintf("$%d\r\n%s\r\n", len(text), text) }

func array(replies []string) string {
	return fmt.Sprintf("*%d\r\n%s", len(replies), strings.Join(replies, ""))
}
