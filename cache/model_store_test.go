package cache_test

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/zeebo/xxh3"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// store is a Redis of the few commands that the cache and the seed use. It has
// no clock: what expires is evicted by the schedule instead, which is worse.
type store struct {
	texts map[string]string
	sets  map[string]map[string]bool
}

func newStore() *store { return &store{texts: map[string]string{}, sets: map[string]map[string]bool{}} }

func (s *store) do(a command.Args) command.Reply {
	w := a.Words()
	switch w[0] {
	case "GET":
		return s.get(w[1])
	case "MGET":
		items := make([]command.Reply, 0, len(w))
		for _, key := range w[1:] {
			items = append(items, s.get(key))
		}
		return command.ArrayReply(items...)
	case "SET":
		return s.set(w[1], w[2], w[3:])
	case "DEL":
		return s.del(w[1:])
	case "DELEX":
		if old, has := s.texts[w[1]]; w[2] != "IFEQ" || !has || old != w[3] {
			return command.IntReply(0)
		}
		return s.del(w[1:2])
	case "SADD":
		if s.sets[w[1]] == nil {
			s.sets[w[1]] = map[string]bool{}
		}
		s.sets[w[1]][w[2]] = true
		return command.IntReply(1)
	case "SMEMBERS":
		var items []command.Reply
		for member := range s.sets[w[1]] {
			items = append(items, command.TextReply(member))
		}
		return command.ArrayReply(items...)
	case "EXPIRE":
		return command.IntReply(1)
	}
	panic(fmt.Sprintf("the store does not know %q", w))
}

func (s *store) get(key string) command.Reply {
	if text, has := s.texts[key]; has {
		return command.TextReply(text)
	}
	return command.Reply{}
}

func (s *store) set(key, value string, options []string) command.Reply {
	old := s.get(key)
	write, wantOld := true, false
	for i := 0; i < len(options); i++ {
		switch options[i] {
		case "NX":
			write = old.IsNil()
		case "IFEQ":
			i++
			text, err := old.Text()
			write = err == nil && text == options[i]
		case "IFDEQ":
			i++
			text, err := old.Text()
			write = err == nil && fmt.Sprintf("%016x", xxh3.HashString(text)) == options[i]
		case "GET":
			wantOld = true
		case "EX", "PX":
			i++
			if ms, err := strconv.Atoi(options[i]); err != nil || ms <= 0 {
				panic("a TTL that Redis refuses: " + strings.Join(options, " "))
			}
		default:
			panic("the store does not know SET ... " + options[i])
		}
	}
	if write {
		s.texts[key] = value
	}
	switch {
	case wantOld:
		return old
	case write:
		return command.TextReply("OK")
	}
	return command.Reply{}
}

func (s *store) del(keys []string) command.Reply {
	n := int64(0)
	for _, key := range keys {
		if _, has := s.texts[key]; has || s.sets[key] != nil {
			n++
		}
		delete(s.texts, key)
		delete(s.sets, key)
	}
	return command.IntReply(n)
}

// keys lists everything that can be evicted, in an order that depends on
// nothing but the content.
func (s *store) keys() []string {
	list := make([]string, 0, len(s.texts)+len(s.sets))
	for key := range s.texts {
		list = append(list, key)
	}
	for key := range s.sets {
		list = append(list, key)
	}
	return list
}
