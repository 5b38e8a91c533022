package luascript

import (
	"bytes"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// Bounds of replies. A reply that nests deeper is refused, as Redis does where
// its Lua stack ends.
const (
	maxReplyDepth = 1000
	maxReply      = maxString
)

const (
	errStackLimit = replyError("ERR reached lua stack limit")
	errReplySize  = replyError("ERR reply of the script is too big")
)

// luaValue converts the first value of a RESP2 reply and returns what follows.
func luaValue(resp []byte, depth int) (v lua.LValue, rest []byte, ok bool) {
	line, rest, ok := bytes.Cut(resp, []byte("\r\n"))
	if !ok || len(line) == 0 || depth > maxReplyDepth {
		return nil, nil, false
	}
	text := string(line[1:])
	switch line[0] {
	case '+':
		t := newTable()
		t.RawSetString("ok", lua.LString(text))
		return t, rest, true
	case '-':
		return errorTable(errorText(text)), rest, true
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil, nil, false
	}
	switch {
	case line[0] == ':':
		return lua.LNumber(n), rest, true
	case n == -1 && (line[0] == '$' || line[0] == '*'):
		return lua.LFalse, rest, true
	case line[0] == '$' && n >= 0 && n <= int64(len(rest))-2:
		return lua.LString(rest[:n]), rest[n+2:], string(rest[n:n+2]) == "\r\n"
	case line[0] != '*' || n < 0 || n > int64(len(rest)):
		return nil, nil, false
	}
	t := newTable()
	for i := range int(n) {
		if v, rest, ok = luaValue(rest, depth+1); !ok {
			return nil, nil, false
		}
		t.RawSetInt(i+1, v)
	}
	return t, rest, true
}

// appendReply converts the value a script returns to a RESP2 reply.
func (r *run) appendReply(dst []byte, v lua.LValue) ([]byte, error) {
	return (&replier{run: r}).append(dst, v, 0)
}

type replier struct {
	run   *run
	steps int
}

func (p *replier) append(dst []byte, v lua.LValue, depth int) ([]byte, error) {
	if p.steps++; p.steps%4096 == 0 {
		if err := p.run.stopped(); err != nil {
			return nil, err
		}
	}
	if len(dst) > maxReply {
		return nil, errReplySize
	}
	switch v := v.(type) {
	case lua.LString:
		return appendBulk(dst, string(v)), nil
	case lua.LNumber:
		return appendHeader(dst, ':', truncate(float64(v))), nil
	case lua.LBool:
		if v {
			return append(dst, ":1\r\n"...), nil
		}
	case *lua.LTable:
		if depth >= maxReplyDepth {
			return nil, errStackLimit
		}
		return p.table(dst, readable(v), depth)
	}
	return append(dst, "$-1\r\n"...), nil
}

func (p *replier) table(dst []byte, t *lua.LTable, depth int) ([]byte, error) {
	if text, ok := t.RawGetString("err").(lua.LString); ok {
		return appendError(dst, string(text)), nil
	}
	if text, ok := t.RawGetString("ok").(lua.LString); ok {
		dst = append(dst, '+')
		dst = append(dst, oneLine(string(text))...)
		return append(dst, "\r\n"...), nil
	}
	if dst, err, ok := p.resp3(dst, t, depth); ok {
		return dst, err
	}
	// The length is known only at the end.
	start := len(dst)
	n := int64(0)
	for {
		v := t.RawGet(lua.LNumber(n + 1))
		if v == lua.LNil {
			break
		}
		n++
		var err error
		if dst, err = p.append(dst, v, depth+1); err != nil {
			return nil, err
		}
	}
	return insertHeader(dst, start, n), nil
}

// resp3 converts the tables that mean a type of RESP3, as RESP2 has it.
func (p *replier) resp3(dst []byte, t *lua.LTable, depth int) (out []byte, err error, ok bool) {
	if f, ok := t.RawGetString("double").(lua.LNumber); ok {
		return appendBulk(dst, formatG(float64(f), 17)), nil, true
	}
	for _, kind := range [...]string{"map", "set"} {
		entries, ok := t.RawGetString(kind).(*lua.LTable)
		if !ok {
			continue
		}
		out, err = p.entries(dst, readable(entries), depth, kind == "map")
		return out, err, true
	}
	if text, ok := t.RawGetString("big_number").(lua.LString); ok {
		return appendBulk(dst, oneLine(string(text))), nil, true
	}
	if verbatim, ok := t.RawGetString("verbatim_string").(*lua.LTable); ok {
		format, okFormat := verbatim.RawGetString("format").(lua.LString)
		text, okText := verbatim.RawGetString("string").(lua.LString)
		if okFormat && okText && format != "" {
			return appendBulk(dst, string(text)), nil, true
		}
	}
	return dst, nil, false
}

// entries converts the keys of a table, or the keys and the values.
func (p *replier) entries(dst []byte, t *lua.LTable, depth int, values bool) ([]byte, error) {
	start := len(dst)
	n := int64(0)
	for key, value := t.Next(lua.LNil); key != lua.LNil; key, value = t.Next(key) {
		pair := []lua.LValue{key, value}
		if !values {
			pair = pair[:1]
		}
		for _, v := range pair {
			n++
			var err error
			if dst, err = p.append(dst, v, depth+1); err != nil {
				return nil, err
			}
		}
	}
	return insertHeader(dst, start, n), nil
}

func appendHeader(dst []byte, kind byte, n int64) []byte {
	dst = append(dst, kind)
	dst = strconv.AppendInt(dst, n, 10)
	return append(dst, "\r\n"...)
}

// insertHeader puts the header of an array before what was appended since start.
func insertHeader(dst []byte, start int, n int64) []byte {
	header := appendHeader(nil, '*', n)
	dst = append(dst, header...)
	copy(dst[start+len(header):], dst[start:])
	copy(dst[start:], header)
	return dst
}

func appendBulk(dst []byte, text string) []byte {
	dst = appendHeader(dst, '$', int64(len(text)))
	dst = append(dst, text...)
	return append(dst, "\r\n"...)
}

// ErrorReply returns an error reply as Redis writes it.
func ErrorReply(text string) []byte { return appendError(nil, strings.TrimPrefix(text, "-")) }
