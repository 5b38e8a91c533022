package upstashtest

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

// supplyZInter sorts by score, as Redis does; the engine sorts by member.
func supplyZInter(e *embedded, c *server.Peer, args []string) bool {
	withScores := len(args) > 0 && strings.EqualFold(args[len(args)-1], "WITHSCORES")
	command := append([]string{"ZINTER"}, args...)
	if !withScores {
		command = append(command, "WITHSCORES")
	}
	flat, ok, reply := e.askList(c, command...)
	if !ok {
		c.WriteRaw(string(reply))
		return true
	}
	pairs := slices.Collect(slices.Chunk(flat, 2))
	slices.SortFunc(pairs, func(a, b []string) int {
		return cmp.Or(cmp.Compare(score(a[1]), score(b[1])), cmp.Compare(a[0], b[0]))
	})
	var list []string
	for _, pair := range pairs {
		list = append(list, pair[0])
		if withScores {
			list = append(list, pair[1])
		}
	}
	c.WriteStrings(list)
	return true
}

// supplyZAdd compares before it increments, where the engine overlooks GT and LT,
// and adds one member after the other when one is named twice.
func supplyZAdd(e *embedded, c *server.Peer, args []string) bool {
	n := 1
	for n < len(args) && slices.Contains(zaddOptions, strings.ToUpper(args[n])) {
		n++
	}
	if n >= len(args) || (len(args)-n)%2 != 0 {
		return false
	}
	options, pairs := strings.ToUpper(strings.Join(args[1:n], " ")), slices.Collect(slices.Chunk(args[n:], 2))
	members := map[string]bool{}
	for _, pair := range pairs {
		if math.IsNaN(score(pair[0])) {
			return e.forward(c, "ZADD", args[0], "not a number", "")
		}
		members[pair[1]] = true
	}
	compares := strings.Contains(options, "GT") != strings.Contains(options, "LT") && !strings.Contains(options, "NX")
	switch {
	case strings.Contains(options, "INCR") && len(pairs) == 1 && compares:
		return e.zaddIncr(c, args[0], pairs[0], strings.Contains(options, "GT"))
	case !strings.Contains(options, "INCR") && len(members) < len(pairs):
		return e.zaddEach(c, args[:n], pairs)
	}
	return false
}

var zaddOptions = []string{"NX", "XX", "GT", "LT", "CH", "INCR"}

// zaddIncr leaves a member alone whose score would not move in the direction
// that is asked for.
func (e *embedded) zaddIncr(c *server.Peer, key string, pair []string, greater bool) (done bool) {
	scores, ok, _ := e.askList(c, "ZMSCORE", key, pair[1])
	if !ok {
		return false // no such member, or no sorted set
	}
	old := score(scores[0])
	sum := old + score(pair[0])
	if greater && sum <= old || !greater && sum >= old {
		c.WriteNull()
		return true
	}
	return false
}

func (e *embedded) zaddEach(c *server.Peer, head []string, pairs [][]string) (done bool) {
	total := 0
	for _, pair := range pairs {
		n, ok, reply := e.askInt(c, slices.Concat([]string{"ZADD"}, head, pair)...)
		if !ok {
			c.WriteRaw(string(reply))
			return true
		}
		total += int(n)
	}
	c.WriteInt(total)
	return true
}

// supplyZPop removes nothing when it is asked for nothing; the engine removes
// one.
func supplyZPop(e *embedded, c *server.Peer, args []string) bool {
	if len(args) != 2 {
		return false
	}
	if n, err := strconv.Atoi(args[1]); err != nil || n != 0 {
		return false
	}
	if reply := e.ask(c, "ZCARD", args[0]); isError(reply) {
		c.WriteRaw(string(reply))
	} else {
		c.WriteLen(0)
	}
	return true
}

// supplyZMPop looks at the type of the first key that exists: the engine takes a
// set that was a sorted set once for an empty one.
func supplyZMPop(e *embedded, c *server.Peer, args []string) bool {
	if len(args) == 0 {
		return false
	}
	n, err := strconv.Atoi(args[0])
	if err != nil || n < 1 || n > len(args)-2 {
		return false
	}
	for _, key := range args[1 : 1+n] {
		switch count, ok, reply := e.askInt(c, "ZCARD", key); {
		case !ok:
			c.WriteRaw(string(reply))
			return true
		case count > 0:
			return false
		}
	}
	return false
}

// score reads a score; it is NaN when there is none.
func score(text string) float64 {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return math.NaN()
	}
	return f
}
