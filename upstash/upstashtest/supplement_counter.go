package upstashtest

import (
	"strconv"

	"github.com/alicebob/miniredis/v2/server"
)

const (
	msgHashNotInteger = "ERR hash value is not an integer"
	msgHashNotFloat   = "ERR hash value is not a float"
	msgOverflow       = "ERR increment or decrement would overflow"
)

// integer reads an integer as strictly as Redis does, which knows one way to
// write it: no plus sign, no zeros in front. The engine takes those too.
func integer(text string) (n int64, ok bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil && strconv.FormatInt(n, 10) == text
}

// supplyIncr serves INCR and its relatives.
func supplyIncr(e *embedded, c *server.Peer, args []string) bool {
	if len(args) == 0 {
		return false
	}
	value, _, _ := e.askList(c, "MGET", args[0])
	for _, text := range append(value, args[1:]...) {
		if _, ok := integer(text); !ok {
			c.WriteError(msgNotInteger)
			return true
		}
	}
	return false
}

// supplyHIncrBy refuses what the engine words in another way, or lets overflow.
func supplyHIncrBy(e *embedded, c *server.Peer, args []string) bool {
	if len(args) != 3 {
		return false
	}
	increment, isInteger := integer(args[2])
	if !isInteger {
		c.WriteError(msgNotInteger)
		return true
	}
	value, ok, _ := e.askList(c, "HMGET", args[0], args[1])
	if !ok {
		return false
	}
	old, isInteger := integer(value[0])
	sum := old + increment
	switch {
	case !isInteger:
		c.WriteError(msgHashNotInteger)
	case (sum < old) != (increment < 0):
		c.WriteError(msgOverflow)
	default:
		return false
	}
	return true
}

// supplyHIncrByFloat refuses a value in the words of Redis.
func supplyHIncrByFloat(e *embedded, c *server.Peer, args []string) bool {
	if len(args) != 3 {
		return false
	}
	_, err := strconv.ParseFloat(args[2], 64)
	value, ok, _ := e.askList(c, "HMGET", args[0], args[1])
	if err != nil || !ok {
		return false
	}
	if _, err := strconv.ParseFloat(value[0], 64); err == nil {
		return false
	}
	c.WriteError(msgHashNotFloat)
	return true
}
