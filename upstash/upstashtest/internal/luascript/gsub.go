package luascript

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

func strGfind(L *lua.LState) int {
	throw(L, "'string.gfind' was renamed to 'string.gmatch'")
	return 0
}

func strGmatch(L *lua.LState) int {
	s, pattern := checkString(L, 1), checkString(L, 2)
	at := 0
	L.Push(L.NewFunction(func(L *lua.LState) int {
		m := &matcher{L: L, run: of(L), src: s, pat: pattern} // an anchor is no anchor here
		for ; at <= len(s); at++ {
			end := m.from(at)
			if end == noMatch {
				continue
			}
			start := at
			if at = end; end == start {
				at++
			}
			return m.push(start, end, true)
		}
		L.Push(lua.LNil)
		return 1
	}))
	return 1
}

func strGsub(L *lua.LState) int {
	s, pattern := checkString(L, 1), checkString(L, 2)
	replacement := L.Get(3)
	switch replacement.(type) {
	case lua.LString, lua.LNumber, *lua.LTable, *lua.LFunction:
	default:
		argError(L, 3, "string/function/table expected")
	}
	limit := optInt(L, 4, len(s)+1)
	m, anchored := newMatcher(L, s, pattern)
	var out strings.Builder
	at, n := 0, 0
	for n < limit {
		end := m.from(at)
		if end != noMatch {
			n++
			out.WriteString(m.replace(replacement, at, end))
			if out.Len() > checkBytes {
				m.run.grow(L, out.Len())
			}
		}
		switch {
		case end != noMatch && end > at:
			at = end
		case at < len(s):
			out.WriteByte(s[at])
			at++
		default:
			at++
		}
		if at > len(s) || anchored {
			break
		}
	}
	if at < len(s) {
		out.WriteString(s[at:])
	}
	m.run.grow(L, out.Len())
	L.Push(lua.LString(out.String()))
	L.Push(lua.LNumber(n))
	return 2
}

// replace returns what a match is replaced by.
func (m *matcher) replace(replacement lua.LValue, start, end int) string {
	var value lua.LValue
	switch r := replacement.(type) {
	case *lua.LTable:
		value = m.L.GetTable(r, m.value(0, start, end))
	case *lua.LFunction:
		n := max(len(m.captures), 1)
		m.L.Push(r)
		for i := range n {
			m.L.Push(m.value(i, start, end))
		}
		m.L.Call(n, 1)
		value = m.L.Get(-1)
		m.L.Pop(1)
	default:
		text, _ := asString(replacement)
		return m.expand(text, start, end)
	}
	if lua.LVIsFalse(value) {
		return m.src[start:end]
	}
	text, ok := asString(value)
	if !ok {
		throw(m.L, "invalid replacement value (a %s)", value.Type())
	}
	return text
}

// expand puts captures into a replacement string.
func (m *matcher) expand(text string, start, end int) string {
	if strings.IndexByte(text, '%') < 0 {
		return text
	}
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '%' || i+1 == len(text) {
			out.WriteByte(text[i])
			continue
		}
		i++
		switch c := text[i]; {
		case c == '0':
			out.WriteString(m.src[start:end])
		case isDigit(c):
			captured, _ := asString(m.value(int(c-'1'), start, end))
			out.WriteString(captured)
		default:
			out.WriteByte(c)
		}
	}
	return out.String()
}
