package cache_test

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/zeebo/xxh3"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// store is a Redis of the few commands that the cache and the seed use, with a
// clock and with a memory of its earlier states, which replicas that lag behind
// still have.
type store struct {
	texts    map[string]text
	sets     map[string]map[string]bool
	stampsOf map[string]map[string]string // of the entries of weaker designs
	portable bool                         // it knows no conditional forms, and the cache's script
	history  []past
	replicas bool // keep the history
}

type text struct {
	value string
	until time.Time // zero: for good
}

type past struct {
	texts map[string]text
	at    time.Time
}

func newStore() *store {
	return &store{texts: map[string]text{}, sets: map[string]map[string]bool{}, stampsOf: map[string]map[string]string{}}
}

func saddArgs(key, member string) command.Args { return command.SAdd(key, member).Args() }

// version names the present state.
func (s *store) version() int { return len(s.history) }

// remember keeps the present state before a write.
func (s *store) remember() {
	if !s.replicas {
		return
	}
	s.history = append(s.history, past{maps.Clone(s.texts), time.Now()})
}

// behind answers a read from any state that is not older than seen, nor lags
// more than it may.
func (s *store) behind(c command.Args, seen int, lag time.Duration, l luck) (command.Reply, int) {
	oldest := s.version()
	for oldest > seen && time.Since(s.history[oldest-1].at) < lag {
		oldest--
	}
	at := oldest + l.pick(s.version()-oldest+1)
	if at == s.version() {
		return s.do(c), at
	}
	old := store{texts: s.history[at].texts}
	return old.do(c), at
}

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
	case "MSETNX":
		for i := 1; i < len(w); i += 2 {
			if !s.get(w[i]).IsNil() {
				return command.IntReply(0)
			}
		}
		for i := 1; i < len(w); i += 2 {
			s.set(w[i], w[i+1], nil)
		}
		return command.IntReply(1)
	case "DEL":
		return s.del(w[1:])
	case "DELEX":
		if s.portable {
			return command.ErrorReply("ERR unknown command 'DELEX'")
		}
		if old, err := s.get(w[1]).Text(); err != nil || !holds(old, w[2], w[3]) {
			return command.IntReply(0)
		}
		return s.del(w[1:2])
	case "EVAL", "EVALSHA":
		if w[2] == "2" {
			return s.fillBare(w[3], w[4], w[5:])
		}
		if old, err := s.get(w[3]).Text(); err != nil || !strings.HasPrefix(old, w[4]) {
			return command.IntReply(0)
		} else if w[5] == "" {
			return s.del(w[3:4])
		}
		s.set(w[3], w[5], []string{"PX", w[6]})
		return command.IntReply(1)
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

// fillBare is bare.lua: the arguments are the token, the value, its milliseconds
// and what it replaces.
func (s *store) fillBare(entry, lease string, args []string) command.Reply {
	if token, err := s.get(lease).Text(); err != nil || token != args[0] {
		return command.IntReply(0)
	}
	s.del([]string{lease})
	options := []string{"PX", args[2]}
	if args[3] == "" {
		options = append(options, "NX")
	} else if now, err := s.get(entry).Text(); err != nil || "="+now != args[3] {
		return command.IntReply(0)
	}
	if s.set(entry, args[1], options).IsNil() {
		return command.IntReply(0)
	}
	return command.IntReply(1)
}

func (s *store) get(key string) command.Reply {
	if t, has := s.texts[key]; has && (t.until.IsZero() || time.Now().Before(t.until)) {
		return command.TextReply(t.value)
	}
	return command.Reply{}
}

// holds tells whether a value meets a condition.
func holds(value, condition, operand string) bool {
	switch condition {
	case "IFEQ":
		return value == operand
	case "IFDEQ":
		return fmt.Sprintf("%016x", xxh3.HashString(value)) == operand
	}
	panic("the store does not know " + condition)
}

func (s *store) set(key, value string, options []string) command.Reply {
	old := s.get(key)
	write, wantOld, until := true, false, time.Time{}
	for i := 0; i < len(options); i++ {
		switch options[i] {
		case "NX":
			write = old.IsNil()
		case "IFEQ", "IFDEQ":
			if s.portable {
				return command.ErrorReply("ERR syntax error")
			}
			i++
			value, err := old.Text()
			write = err == nil && holds(value, options[i-1], options[i])
		case "GET":
			wantOld = true
		case "EX", "PX":
			i++
			n, err := strconv.Atoi(options[i])
			if err != nil || n <= 0 {
				panic("a TTL that Redis refuses: " + strings.Join(options, " "))
			}
			until = time.Now().Add(time.Duration(n) * time.Millisecond)
			if options[i-1] == "EX" {
				until = time.Now().Add(time.Duration(n) * time.Second)
			}
		default:
			panic("the store does not know SET ... " + options[i])
		}
	}
	if write {
		s.remember()
		s.texts[key] = text{value, until}
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
	s.remember()
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
