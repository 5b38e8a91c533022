package upstashtest_test

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A hashModel is what Redis does with a few hashes and the ends of their fields,
// in the plainest form: maps, and instants in them. A flaw makes it go wrong in
// one point, which a comparison with a server has to notice.
type hashModel struct {
	now  time.Time
	keys map[string]*modelKey
	flaw string
}

type modelKey struct {
	fields map[string]modelField // nil for a string
	end    time.Time             // or zero
}

type modelField struct {
	value string
	end   int64 // in Unix milliseconds, or zero
}

// modelFlaws are what a server might easily do wrong.
var modelFlaws = []string{
	"HSET keeps the end", "HDEL leaves the end", "HINCRBY drops the end", "COPY drops ends", "RENAME drops ends",
	"an empty hash stays", "HTTL rounds down", "HEXPIRE ends relative to zero", "GT takes no end for none",
	"LT takes no end for none", "NX comes after the past", "a field lasts through its end", "FNX wants all absent",
	"HSETEX past writes", "KEEPTTL drops", "HGETEX without an option persists",
}

func newHashModel(now time.Time, flaw string) *hashModel {
	return &hashModel{now: now, keys: map[string]*modelKey{}, flaw: flaw}
}

type modelError string

func (m *hashModel) is(flaw string) bool { return m.flaw == flaw }

// advance moves the clock and takes away what has ended.
func (m *hashModel) advance(d time.Duration) {
	m.now = m.now.Add(d)
	for key, k := range m.keys {
		if !k.end.IsZero() && !k.end.After(m.now) {
			delete(m.keys, key)
			continue
		}
		for name, f := range k.fields {
			last := f.end
			if m.is("a field lasts through its end") {
				last++
			}
			if f.end != 0 && last <= m.now.UnixMilli() {
				m.drop(key, name)
			}
		}
	}
}

// nextEnd is how long it is until a field ends, or zero.
func (m *hashModel) nextEnd() (next time.Duration) {
	for _, k := range m.keys {
		for _, f := range k.fields {
			if d := time.UnixMilli(f.end).Sub(m.now); f.end != 0 && (next == 0 || d < next) {
				next = d
			}
		}
	}
	return next
}

func (m *hashModel) drop(key, name string) {
	k := m.keys[key]
	delete(k.fields, name)
	if len(k.fields) == 0 && !m.is("an empty hash stays") {
		delete(m.keys, key)
	}
}

// field is one of a hash, and whether it exists.
func (m *hashModel) field(key, name string) (modelField, bool) {
	k := m.keys[key]
	if k == nil {
		return modelField{}, false
	}
	f, ok := k.fields[name]
	return f, ok
}

func (m *hashModel) put(key, name string, f modelField) {
	if m.keys[key] == nil {
		m.keys[key] = &modelKey{fields: map[string]modelField{}}
	}
	m.keys[key].fields[name] = f
}

// end is the instant of a unit and a number.
func (m *hashModel) end(unit, number string) int64 {
	n, _ := strconv.ParseInt(number, 10, 64)
	if strings.HasPrefix(unit, "EX") {
		n *= 1000
	}
	if len(unit) == 2 && !m.is("HEXPIRE ends relative to zero") {
		n += m.now.UnixMilli()
	}
	return n
}

// expire gives a field an end, or deletes it.
func (m *hashModel) expire(key, name, when string, end int64) int {
	f, ok := m.field(key, name)
	past := end <= m.now.UnixMilli()
	none := f.end == 0
	switch {
	case !ok:
		return -2
	case past && m.is("NX comes after the past"):
	case when == "NX" && !none, when == "XX" && none:
		return 0
	case when == "GT" && (none && !m.is("GT takes no end for none") || !none && end <= f.end):
		return 0
	case when == "LT" && (!none && end >= f.end || none && m.is("LT takes no end for none")):
		return 0
	}
	if past {
		m.drop(key, name)
		return 2
	}
	m.put(key, name, modelField{f.value, end})
	return 1
}

// do executes a command that is well formed.
func (m *hashModel) do(words []string) any {
	key, args := words[1], words[2:]
	if k := m.keys[key]; k != nil && k.fields == nil && strings.HasPrefix(words[0], "H") {
		return modelError(wrongType)
	}
	switch name := words[0]; name {
	case "HSET":
		return m.hset(key, args)
	case "HSETNX":
		if _, ok := m.field(key, args[0]); ok {
			return 0
		}
		return m.hset(key, args)
	case "HINCRBY":
		f, _ := m.field(key, args[0])
		old, _ := strconv.Atoi(f.value)
		n, _ := strconv.Atoi(args[1])
		if m.is("HINCRBY drops the end") {
			f.end = 0
		}
		m.put(key, args[0], modelField{strconv.Itoa(old + n), f.end})
		return old + n
	case "HGET":
		return m.value(key, args[0])
	case "HLEN":
		return len(m.names(key))
	case "HKEYS":
		return m.names(key)
	case "HGETALL":
		flat := []string{}
		for _, field := range m.names(key) {
			flat = append(flat, field, m.keys[key].fields[field].value)
		}
		return flat
	case "HDEL":
		return m.hdel(key, args)
	case "HEXPIRE", "HPEXPIRE", "HEXPIREAT", "HPEXPIREAT":
		return m.hexpire(name, key, args)
	case "HTTL", "HPTTL", "HEXPIRETIME", "HPEXPIRETIME":
		return m.httl(name, key, args[2:])
	case "HPERSIST":
		answers := []int64{}
		for _, field := range args[2:] {
			f, ok := m.field(key, field)
			switch {
			case !ok:
				answers = append(answers, -2)
			case f.end == 0:
				answers = append(answers, -1)
			default:
				m.put(key, field, modelField{value: f.value})
				answers = append(answers, 1)
			}
		}
		return answers
	case "HGETEX", "HGETDEL":
		return m.hget(name, key, args)
	case "HSETEX":
		return m.hsetex(key, args)
	}
	return m.generic(words)
}

func (m *hashModel) names(key string) []string {
	if m.keys[key] == nil {
		return []string{}
	}
	return append([]string{}, slices.Sorted(maps.Keys(m.keys[key].fields))...)
}

func (m *hashModel) value(key, name string) any {
	if f, ok := m.field(key, name); ok {
		return f.value
	}
	return nil
}

func (m *hashModel) hset(key string, pairs []string) int {
	added := 0
	for pair := range slices.Chunk(pairs, 2) {
		f, ok := m.field(key, pair[0])
		if !ok {
			added++
		}
		if !m.is("HSET keeps the end") {
			f.end = 0
		}
		m.put(key, pair[0], modelField{pair[1], f.end})
	}
	return added
}

func (m *hashModel) hdel(key string, names []string) int {
	deleted := 0
	for _, name := range names {
		f, ok := m.field(key, name)
		if !ok {
			continue
		}
		deleted++
		if m.is("HDEL leaves the end") && f.end != 0 && len(m.keys[key].fields) > 1 {
			m.put(key, name, modelField{"", f.end})
			continue
		}
		m.drop(key, name)
	}
	return deleted
}

// hexpire reads time [condition] FIELDS n field...
func (m *hashModel) hexpire(command, key string, args []string) []int {
	unit := map[string]string{"HEXPIRE": "EX", "HPEXPIRE": "PX", "HEXPIREAT": "EXAT", "HPEXPIREAT": "PXAT"}[command]
	end, when := m.end(unit, args[0]), ""
	if args[1] != "FIELDS" {
		when, args = args[1], args[1:]
	}
	answers := []int{}
	for _, name := range args[3:] {
		answers = append(answers, m.expire(key, name, when, end))
	}
	return answers
}

func (m *hashModel) httl(command, key string, names []string) []int64 {
	answers := []int64{}
	for _, name := range names {
		f, ok := m.field(key, name)
		left := f.end
		switch {
		case !ok:
			answers = append(answers, -2)
			continue
		case f.end == 0:
			answers = append(answers, -1)
			continue
		case strings.HasSuffix(command, "TTL"):
			left -= m.now.UnixMilli()
		}
		if !strings.HasPrefix(command, "HP") {
			if !m.is("HTTL rounds down") {
				left += 999
			}
			left /= 1000
		}
		answers = append(answers, left)
	}
	return answers
}

// hget reads [unit time | PERSIST] FIELDS n field...
func (m *hashModel) hget(command, key string, args []string) []any {
	at := slices.Index(args, "FIELDS")
	answers := []any{}
	for _, name := range args[at+2:] {
		f, ok := m.field(key, name)
		answers = append(answers, m.value(key, name))
		switch {
		case !ok:
		case command == "HGETDEL":
			m.drop(key, name)
		case at == 1, at == 0 && m.is("HGETEX without an option persists"):
			m.put(key, name, modelField{value: f.value})
		case at == 2:
			m.expire(key, name, "", m.end(args[0], args[1]))
		}
	}
	return answers
}

// hsetex reads [condition] [unit time | KEEPTTL] FIELDS n field value...
func (m *hashModel) hsetex(key string, args []string) int {
	at := slices.Index(args, "FIELDS")
	options, pairs := args[:at], slices.Collect(slices.Chunk(args[at+2:], 2))
	found := 0
	for _, pair := range pairs {
		if _, ok := m.field(key, pair[0]); ok {
			found++
		}
	}
	if len(options) > 0 {
		switch options[0] {
		case "FNX":
			if found > 0 && (found == len(pairs) || !m.is("FNX wants all absent")) {
				return 0
			}
			options = options[1:]
		case "FXX":
			if found < len(pairs) {
				return 0
			}
			options = options[1:]
		}
	}
	for _, pair := range pairs {
		f, _ := m.field(key, pair[0])
		switch {
		case len(options) == 2:
			m.put(key, pair[0], modelField{pair[1], f.end})
			if end := m.end(options[0], options[1]); end > m.now.UnixMilli() || !m.is("HSETEX past writes") {
				m.expire(key, pair[0], "", end)
			}
		case len(options) == 1 && !m.is("KEEPTTL drops"):
			m.put(key, pair[0], modelField{pair[1], f.end})
		default:
			m.put(key, pair[0], modelField{value: pair[1]})
		}
	}
	return 1
}

// generic executes the commands that are not about hashes only.
func (m *hashModel) generic(words []string) any {
	key := words[1]
	k := m.keys[key]
	switch words[0] {
	case "DEL":
		delete(m.keys, key)
		return exists(k)
	case "EXISTS":
		return exists(k)
	case "TYPE":
		switch {
		case k == nil:
			return "none"
		case k.fields == nil:
			return "string"
		}
		return "hash"
	case "SET":
		m.keys[key] = &modelKey{}
		return "OK"
	case "PEXPIRE":
		if k != nil {
			ms, _ := strconv.Atoi(words[2])
			k.end = m.now.Add(time.Duration(ms) * time.Millisecond)
		}
		return exists(k)
	case "RENAME":
		if k == nil {
			return modelError("ERR no such key")
		}
		if m.is("RENAME drops ends") && key != words[2] {
			k = k.copy(false)
		}
		delete(m.keys, key)
		m.keys[words[2]] = k
		return "OK"
	case "COPY":
		to := words[2]
		if k == nil || key == to || m.keys[to] != nil && len(words) == 3 {
			return 0
		}
		m.keys[to] = k.copy(!m.is("COPY drops ends"))
		return 1
	}
	panic("the model does not know " + words[0])
}

func exists(k *modelKey) int {
	if k == nil {
		return 0
	}
	return 1
}

func (k *modelKey) copy(ends bool) *modelKey {
	c := &modelKey{maps.Clone(k.fields), k.end}
	for name, f := range c.fields {
		if !ends {
			f.end = 0
		}
		c.fields[name] = f
	}
	return c
}
