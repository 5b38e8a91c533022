package luascript

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// A matcher matches Lua patterns, as lstrlib.c does. Unlike the interpreter's
// own it can be stopped, and does not recurse without limit.
type matcher struct {
	L        *lua.LState
	run      *run
	src, pat string
	captures []capture
	steps    int
	depth    int
}

type capture struct{ start, length int }

const (
	captureUnfinished = -1
	capturePosition   = -2
	maxCaptures       = 32
	maxPatternDepth   = 5000
	noMatch           = -1
)

// match matches the pattern from p on against the subject from s on. It returns
// where the match ends, or noMatch.
func (m *matcher) match(s, p int) int {
	if m.depth++; m.depth > maxPatternDepth {
		throw(m.L, "pattern too complex")
	}
	defer func() { m.depth-- }()
	for {
		if m.steps++; m.steps%4096 == 0 {
			m.run.alive(m.L)
		}
		if p == len(m.pat) {
			return s
		}
		switch m.pat[p] {
		case '(':
			if p+1 < len(m.pat) && m.pat[p+1] == ')' {
				return m.startCapture(s, p+2, capturePosition)
			}
			return m.startCapture(s, p+1, captureUnfinished)
		case ')':
			return m.endCapture(s, p+1)
		case '$':
			if p+1 == len(m.pat) {
				if s == len(m.src) {
					return s
				}
				return noMatch
			}
		case '%':
			if done, end, next := m.special(s, p); done {
				if end == noMatch || next < 0 {
					return end
				}
				s, p = end, next
				continue
			}
		}
		ep := m.classEnd(p)
		matches := s < len(m.src) && m.single(m.src[s], p, ep)
		suffix := byte(0)
		if ep < len(m.pat) {
			suffix = m.pat[ep]
		}
		switch suffix {
		case '?':
			if matches {
				if end := m.match(s+1, ep+1); end != noMatch {
					return end
				}
			}
			p = ep + 1
		case '*':
			return m.maxExpand(s, p, ep)
		case '+':
			if !matches {
				return noMatch
			}
			return m.maxExpand(s+1, p, ep)
		case '-':
			return m.minExpand(s, p, ep)
		default:
			if !matches {
				return noMatch
			}
			s, p = s+1, ep
		}
	}
}

// special matches %b, %f and %1. It is not done when the escape is a class.
func (m *matcher) special(s, p int) (done bool, end, next int) {
	if p+1 >= len(m.pat) {
		return false, 0, 0
	}
	switch c := m.pat[p+1]; {
	case c == 'b':
		return true, m.balance(s, p+2), p + 4
	case c == 'f':
		p += 2
		if p >= len(m.pat) || m.pat[p] != '[' {
			throw(m.L, "missing '[' after '%%f' in pattern")
		}
		ep := m.classEnd(p)
		var before, at byte
		if s > 0 {
			before = m.src[s-1]
		}
		if s < len(m.src) {
			at = m.src[s]
		}
		if m.set(before, p, ep-1) || !m.set(at, p, ep-1) {
			return true, noMatch, 0
		}
		return true, s, ep
	case isDigit(c):
		text := m.closed(c)
		if !strings.HasPrefix(m.src[s:], text) {
			return true, noMatch, 0
		}
		return true, s + len(text), p + 2
	}
	return false, 0, 0
}

// closed returns the text of a finished capture, for a back reference.
func (m *matcher) closed(digit byte) string {
	i := int(digit) - '1'
	if i < 0 || i >= len(m.captures) || m.captures[i].length == captureUnfinished {
		throw(m.L, "invalid capture index")
	}
	c := m.captures[i]
	return m.src[c.start : c.start+max(c.length, 0)]
}

func (m *matcher) balance(s, p int) int {
	if p+1 >= len(m.pat) {
		throw(m.L, "unbalanced pattern")
	}
	if s >= len(m.src) || m.src[s] != m.pat[p] {
		return noMatch
	}
	opening, closing, level := m.pat[p], m.pat[p+1], 1
	for i := s + 1; i < len(m.src); i++ {
		switch m.src[i] {
		case closing:
			if level--; level == 0 {
				return i + 1
			}
		case opening:
			level++
		}
	}
	return noMatch
}

func (m *matcher) maxExpand(s, p, ep int) int {
	n := 0
	for s+n < len(m.src) && m.single(m.src[s+n], p, ep) {
		n++
	}
	for ; n >= 0; n-- {
		if end := m.match(s+n, ep+1); end != noMatch {
			return end
		}
	}
	return noMatch
}

func (m *matcher) minExpand(s, p, ep int) int {
	for {
		if end := m.match(s, ep+1); end != noMatch {
			return end
		}
		if s >= len(m.src) || !m.single(m.src[s], p, ep) {
			return noMatch
		}
		s++
	}
}

func (m *matcher) startCapture(s, p, what int) int {
	if len(m.captures) >= maxCaptures {
		throw(m.L, "too many captures")
	}
	m.captures = append(m.captures, capture{s, what})
	level := len(m.captures)
	end := m.match(s, p)
	if end == noMatch {
		m.captures = m.captures[:level-1]
	}
	return end
}

func (m *matcher) endCapture(s, p int) int {
	for i := len(m.captures) - 1; i >= 0; i-- {
		if m.captures[i].length != captureUnfinished {
			continue
		}
		m.captures[i].length = s - m.captures[i].start
		end := m.match(s, p)
		if end == noMatch {
			m.captures[i].length = captureUnfinished
		}
		return end
	}
	throw(m.L, "invalid pattern capture")
	return noMatch
}
