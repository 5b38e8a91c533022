package luascript

import (
	"errors"
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// A place is where an error was raised, as Redis reports it.
type place struct {
	source string
	line   int
}

// position is what Lua puts before a message: "user_script:1: ", or nothing
// when that level of the stack is not Lua code.
func position(L *lua.LState, level int) string {
	if at, ok := placeAt(L, level); ok {
		return fmt.Sprintf("%s:%d: ", at.source, at.line)
	}
	return ""
}

func placeAt(L *lua.LState, level int) (at place, ok bool) {
	dbg, ok := L.GetStack(level)
	if !ok {
		return place{}, false
	}
	if _, err := L.GetInfo("Sl", dbg, lua.LNil); err != nil || dbg.Source == "" {
		return place{}, false
	}
	return place{dbg.Source, dbg.CurrentLine}, true
}

// throw raises an error of the library function that is running. It never
// returns.
func throw(L *lua.LState, format string, args ...any) {
	throwPlain(L, position(L, 1)+fmt.Sprintf(format, args...))
}

// throwPlain raises a text as it is. Nothing is thrown with a level: the
// interpreter would write its own position.
func throwPlain(L *lua.LState, text string) { L.Error(lua.LString(text), 0) }

// argError raises "bad argument #1 to 'f' (problem)".
func argError(L *lua.LState, n int, format string, args ...any) {
	name := "?"
	if position(L, 1) != "" {
		name = runningName(L)
	}
	throw(L, "bad argument #%d to '%s' (%s)", n, name, fmt.Sprintf(format, args...))
}

// runningName is the name of the library function that is running.
func runningName(L *lua.LState) string {
	if dbg, ok := L.GetStack(0); ok {
		if fn, err := L.GetInfo("f", dbg, lua.LNil); err == nil {
			if f, isFn := fn.(*lua.LFunction); isFn && libraries().names[f] != "" {
				return libraries().names[f]
			}
		}
	}
	return "?"
}

// remember notes where an error comes from, while the stack still stands: the
// function that raised it or, when that is no Lua code, its caller.
func (r *run) remember(L *lua.LState) {
	r.thrown = place{}
	for level := range 2 {
		at, ok := placeAt(L, level)
		if ok {
			r.thrown = place{"@" + at.source, at.line}
			return
		}
	}
	if _, ok := L.GetStack(1); ok {
		r.thrown = place{"=[C]", -1}
	}
}

// failure is the error reply to an uncaught error.
func (r *run) failure(err error) error {
	if stopped := r.stopped(); stopped != nil {
		return r.placed(stopped.Error())
	}
	apiErr := (*lua.ApiError)(nil)
	if !errors.As(err, &apiErr) {
		return errInternal
	}
	table, ok := apiErr.Object.(*lua.LTable)
	if !ok {
		return r.placed("ERR " + r.plainString(apiErr.Object))
	}
	text, ok := asString(table.RawGetString("err"))
	switch {
	case !ok:
		return r.placed("ERR unknown error")
	case table.RawGetString(bareField) != lua.LNil:
		return replyError(text)
	}
	return r.placed(text)
}

// bareField marks an error whose text is complete as it is.
const bareField = "(bare)"

func (r *run) placed(text string) error {
	if r.thrown.source == "" {
		return replyError(text)
	}
	return replyError(fmt.Sprintf("%s script: %s, on %s:%d.", text, r.program.sha, r.thrown.source, r.thrown.line))
}

// A replyError is the text of an error reply.
type replyError string

func (e replyError) Error() string { return string(e) }

func errorTable(text string) *lua.LTable {
	t := new(lua.LTable)
	t.Metatable = lua.LNil
	t.RawSetString("err", lua.LString(text))
	return t
}

// oneLine makes a text fit to be a line of RESP2.
var oneLine = strings.NewReplacer("\r", " ", "\n", " ").Replace

func appendError(dst []byte, text string) []byte {
	dst = append(dst, '-')
	dst = append(dst, oneLine(text)...)
	return append(dst, "\r\n"...)
}
