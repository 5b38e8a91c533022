package luascript

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

var stringModule = module{functions: map[string]lua.LGFunction{
	"byte": strByte, "char": strChar, "dump": strDump, "find": strFind, "format": strFormat, "gfind": strGfind,
	"gmatch": strGmatch, "gsub": strGsub, "len": strLen, "lower": strLower, "match": strMatch, "rep": strRep,
	"reverse": strReverse, "sub": strSub, "upper": strUpper,
}}

// relative turns a position that may count from the end into one that does not.
func relative(i, length int) int {
	if i < 0 {
		i += length + 1
	}
	return max(i, 0)
}

func strByte(L *lua.LState) int {
	s := checkString(L, 1)
	from := relative(optInt(L, 2, 1), len(s))
	to := min(relative(optInt(L, 3, from), len(s)), len(s))
	from = max(from, 1)
	if from > to {
		return 0
	}
	if to-from >= maxResults {
		throw(L, "string slice too long")
	}
	for i := from; i <= to; i++ {
		L.Push(lua.LNumber(s[i-1]))
	}
	return to - from + 1
}

func strChar(L *lua.LState) int {
	text := make([]byte, L.GetTop())
	for i := range text {
		c := checkInt(L, i+1)
		if c < 0 || c > 255 {
			argError(L, i+1, "invalid value")
		}
		text[i] = byte(c) //nolint:gosec // in range
	}
	L.Push(lua.LString(text))
	return 1
}

// strDump would give away bytecode, which nothing here could load.
func strDump(L *lua.LState) int {
	checkFunction(L, 1)
	throw(L, "unable to dump given function")
	return 0
}

func strLen(L *lua.LState) int {
	L.Push(lua.LNumber(len(checkString(L, 1))))
	return 1
}

// strLower knows ASCII only, as Redis does in the C locale.
func strLower(L *lua.LState) int {
	return mapped(L, func(c byte) byte {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		return c
	})
}

func strUpper(L *lua.LState) int {
	return mapped(L, func(c byte) byte {
		if 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		return c
	})
}

func mapped(L *lua.LState, f func(byte) byte) int {
	text := []byte(checkString(L, 1))
	of(L).grow(L, len(text))
	for i := range text {
		text[i] = f(text[i])
	}
	L.Push(lua.LString(text))
	return 1
}

func strRep(L *lua.LState) int {
	s, n := checkString(L, 1), checkInt(L, 2)
	if n <= 0 || s == "" {
		L.Push(lua.LString(""))
		return 1
	}
	of(L).grow(L, min(n, maxString+1)*len(s))
	L.Push(lua.LString(strings.Repeat(s, n)))
	return 1
}

func strReverse(L *lua.LState) int {
	s := checkString(L, 1)
	of(L).grow(L, len(s))
	text := make([]byte, len(s))
	for i := range text {
		text[i] = s[len(s)-1-i]
	}
	L.Push(lua.LString(text))
	return 1
}

func strSub(L *lua.LState) int {
	s := checkString(L, 1)
	from := max(relative(checkInt(L, 2), len(s)), 1)
	to := min(relative(optInt(L, 3, -1), len(s)), len(s))
	if from > to {
		L.Push(lua.LString(""))
		return 1
	}
	L.Push(lua.LString(s[from-1 : to]))
	return 1
}

func strFind(L *lua.LState) int  { return findOrMatch(L, true) }
func strMatch(L *lua.LState) int { return findOrMatch(L, false) }

func findOrMatch(L *lua.LState, find bool) int {
	s, pattern := checkString(L, 1), checkString(L, 2)
	start := min(max(relative(optInt(L, 3, 1), len(s))-1, 0), len(s))
	if find && (lua.LVAsBool(L.Get(4)) || !strings.ContainsAny(pattern, "^$*+?.([%-")) {
		i := strings.Index(s[start:], pattern)
		if i < 0 {
			L.Push(lua.LNil)
			return 1
		}
		L.Push(lua.LNumber(start + i + 1))
		L.Push(lua.LNumber(start + i + len(pattern)))
		return 2
	}
	m, anchored := newMatcher(L, s, pattern)
	for at := start; at <= len(s); at++ {
		if end := m.from(at); end != noMatch {
			if !find {
				return m.push(at, end, true)
			}
			L.Push(lua.LNumber(at + 1))
			L.Push(lua.LNumber(end))
			return 2 + m.push(at, end, false)
		}
		if anchored {
			break
		}
	}
	L.Push(lua.LNil)
	return 1
}

func newMatcher(L *lua.LState, s, pattern string) (m *matcher, anchored bool) {
	pattern, anchored = strings.CutPrefix(pattern, "^")
	return &matcher{L: L, run: of(L), src: s, pat: pattern}, anchored
}

func (m *matcher) from(at int) (end int) {
	m.captures = m.captures[:0]
	m.depth = 0
	return m.match(at, 0)
}

// value returns a capture; the whole match stands for the first when there is
// none.
func (m *matcher) value(i, start, end int) lua.LValue {
	if i >= len(m.captures) {
		if i > 0 {
			throw(m.L, "invalid capture index")
		}
		return lua.LString(m.src[start:end])
	}
	c := m.captures[i]
	switch c.length {
	case capturePosition:
		return lua.LNumber(c.start + 1)
	case captureUnfinished:
		throw(m.L, "unfinished capture")
	}
	return lua.LString(m.src[c.start : c.start+c.length])
}

// push pushes all captures, or the whole match when there is none.
func (m *matcher) push(start, end int, whole bool) int {
	n := len(m.captures)
	if n == 0 && whole {
		n = 1
	}
	for i := range n {
		m.L.Push(m.value(i, start, end))
	}
	return n
}
