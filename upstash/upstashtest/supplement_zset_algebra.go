package upstashtest

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

const msgLimitNegative = "ERR LIMIT can't be negative"

// supplyZDiff answers the members of the first key that no other has.
func supplyZDiff(e *embedded, c *server.Peer, args []string) bool {
	keys, options, problem := countedKeys("zdiff", args)
	withScores := false
	for _, option := range options {
		withScores = strings.EqualFold(option, "WITHSCORES")
		if !withScores {
			problem = cmp.Or(problem, msgSyntax)
		}
	}
	if problem != "" {
		c.WriteError(problem)
		return true
	}
	if pairs, ok := e.difference(c, keys); ok {
		list := []string{}
		for _, pair := range pairs {
			list = append(list, pair[0])
			if withScores {
				list = append(list, pair[1])
			}
		}
		c.WriteStrings(list)
	}
	return true
}

// supplyZDiffStore keeps that under another key.
func supplyZDiffStore(e *embedded, c *server.Peer, args []string) bool {
	keys, options, problem := countedKeys("zdiffstore", args[1:])
	if len(options) > 0 {
		problem = cmp.Or(problem, msgSyntax)
	}
	if problem != "" {
		c.WriteError(problem)
		return true
	}
	if pairs, ok := e.difference(c, keys); ok {
		e.storeScored(c, args[0], pairs)
	}
	return true
}

// supplyZInterCard counts the members that all keys have.
func supplyZInterCard(e *embedded, c *server.Peer, args []string) bool {
	keys, options, problem := countedKeys("zintercard", args)
	limit := 0
	for option := range slices.Chunk(options, 2) {
		if len(option) < 2 || !strings.EqualFold(option[0], "LIMIT") {
			problem = cmp.Or(problem, msgSyntax)
			break
		}
		n, err := strconv.Atoi(option[1])
		if err != nil || n < 0 {
			problem = cmp.Or(problem, msgLimitNegative)
		}
		limit = n
	}
	if problem != "" {
		c.WriteError(problem)
		return true
	}
	found := map[string]int{}
	common := 0
	for _, key := range keys {
		pairs, ok := e.scored(c, key)
		if !ok {
			return true
		}
		for _, pair := range pairs {
			found[pair[0]]++
		}
	}
	for _, n := range found {
		if n == len(keys) {
			common++
		}
	}
	if limit > 0 {
		common = min(common, limit)
	}
	c.WriteInt(common)
	return true
}

// countedKeys reads a number and as many keys.
func countedKeys(command string, args []string) (keys, options []string, problem string) {
	n, err := strconv.Atoi(args[0])
	switch {
	case err != nil:
		return nil, nil, msgNotInteger
	case n < 1:
		return nil, nil, "ERR at least 1 input key is needed for '" + command + "' command"
	case n > len(args)-1:
		return nil, nil, msgSyntax
	}
	return args[1 : 1+n], args[1+n:], ""
}

func (e *embedded) difference(c *server.Peer, keys []string) (pairs [][]string, ok bool) {
	others := map[string]bool{}
	for i, key := range slices.Backward(keys) {
		if pairs, ok = e.scored(c, key); !ok {
			return nil, false
		}
		for _, pair := range pairs {
			if i > 0 {
				others[pair[0]] = true
			}
		}
	}
	return slices.DeleteFunc(pairs, func(pair []string) bool { return others[pair[0]] }), true
}

// scored returns the pairs of a member and its score of a sorted set, in their
// order. In a plain set each member has the score 1. When the key is neither,
// nor absent, it has answered c.
func (e *embedded) scored(c *server.Peer, key string) (pairs [][]string, ok bool) {
	if kind := e.ask(c, "TYPE", key); bytes.Equal(kind, []byte("+set\r\n")) {
		members, _, _ := e.askList(c, "SMEMBERS", key)
		slices.Sort(members)
		for _, member := range members {
			pairs = append(pairs, []string{member, "1"})
		}
		return pairs, true
	}
	flat, ok, reply := e.askList(c, "ZRANGE", key, "0", "-1", "WITHSCORES")
	if !ok && isError(reply) {
		c.WriteRaw(string(reply))
		return nil, false
	}
	return slices.Collect(slices.Chunk(flat, 2)), true
}

// storeScored replaces a key by a sorted set, and answers the number of members.
func (e *embedded) storeScored(c *server.Peer, key string, pairs [][]string) {
	e.ask(c, "DEL", key)
	command := []string{"ZADD", key}
	for _, pair := range pairs {
		command = append(command, pair[1], pair[0])
	}
	if len(pairs) > 0 {
		e.ask(c, command...)
	}
	c.WriteInt(len(pairs))
}

// supplyZRangeStore keeps what ZRANGE answers.
func supplyZRangeStore(e *embedded, c *server.Peer, args []string) bool {
	from := args[1]
	if slices.ContainsFunc(args[4:], func(option string) bool { return strings.EqualFold(option, "WITHSCORES") }) {
		c.WriteError(msgSyntax)
		return true
	}
	members, ok, reply := e.askList(c, append([]string{"ZRANGE"}, args[1:]...)...)
	if !ok && isError(reply) {
		c.WriteRaw(string(reply))
		return true
	}
	var pairs [][]string
	if len(members) > 0 {
		scores, _, _ := e.askList(c, append([]string{"ZMSCORE", from}, members...)...)
		for i, member := range members {
			pairs = append(pairs, []string{member, scores[i]})
		}
	}
	e.storeScored(c, args[0], pairs)
	return true
}
