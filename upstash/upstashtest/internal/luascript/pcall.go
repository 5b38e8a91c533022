package luascript

import (
	"errors"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// try calls a function so that its error does not end the script, unless the
// script has to end anyway.
func (r *run) try(L *lua.LState, fn lua.LValue, args []lua.LValue) (values []lua.LValue, object lua.LValue, ok bool) {
	r.enter(L)
	th := r.newThread(L)
	values, err := r.protect(th, fn, args...)
	r.leave()
	r.alive(L)
	if err == nil {
		if r.depth < nestedFrom {
			r.idle = append(r.idle, th)
		}
		return values, nil, true
	}
	apiErr := (*lua.ApiError)(nil)
	if !errors.As(err, &apiErr) || apiErr.Object == nil {
		return nil, lua.LNil, false
	}
	return nil, apiErr.Object, false
}

func arguments(L *lua.LState, from int) []lua.LValue {
	args := make([]lua.LValue, 0, max(L.GetTop()-from+1, 0))
	for i := from; i <= L.GetTop(); i++ {
		args = append(args, L.Get(i))
	}
	return args
}

func pushAll(L *lua.LState, values []lua.LValue) int {
	for _, v := range values {
		L.Push(v)
	}
	return len(values)
}

// basePcall hands on the text of an error table, as Redis has it.
func basePcall(L *lua.LState) int {
	checkAny(L, 1)
	values, object, ok := of(L).try(L, L.Get(1), arguments(L, 2))
	if !ok {
		if t, isTable := object.(*lua.LTable); isTable {
			if text, isString := asString(t.RawGetString("err")); isString {
				object = lua.LString(text)
			}
		}
		L.Push(lua.LFalse)
		L.Push(object)
		return 2
	}
	L.Push(lua.LTrue)
	return 1 + pushAll(L, values)
}

func baseXpcall(L *lua.LState) int {
	checkAny(L, 2)
	r := of(L)
	values, object, ok := r.try(L, L.Get(1), nil)
	if ok {
		L.Push(lua.LTrue)
		return 1 + pushAll(L, values)
	}
	L.Push(lua.LFalse)
	values, _, ok = r.try(L, L.Get(2), []lua.LValue{object})
	if !ok {
		values = []lua.LValue{lua.LString("error in error handling")}
	}
	if len(values) == 0 {
		values = []lua.LValue{lua.LNil}
	}
	L.Push(values[0])
	return 2
}

func baseLoadString(L *lua.LState) int {
	source := checkString(L, 1)
	return loadChunk(L, source, optString(L, 2, source))
}

func baseLoad(L *lua.LState) int {
	fn := checkFunction(L, 1)
	name := optString(L, 2, "=(load)")
	var source strings.Builder
	for {
		L.Push(fn)
		L.Call(0, 1)
		piece := L.Get(-1)
		L.Pop(1)
		text, ok := piece.(lua.LString)
		if piece == lua.LNil || ok && text == "" {
			return loadChunk(L, source.String(), name)
		}
		if !ok {
			throw(L, "reader function must return a string")
		}
		of(L).grow(L, len(text))
		source.WriteString(string(text))
	}
}

func loadChunk(L *lua.LState, source, name string) int {
	of(L).grow(L, 16*len(source))
	c, err := compileChunk(strings.TrimPrefix(source, "\ufeff"), displayName(name))
	if err != nil {
		L.Push(lua.LNil)
		L.Push(lua.LString(err.Error()))
		return 2
	}
	L.Push(c.load(L))
	return 1
}

// displayName is what errors call a chunk: luaO_chunkid.
func displayName(name string) string {
	if name != "" && (name[0] == '=' || name[0] == '@') {
		return name[1:]
	}
	const room = 60 - len(`[string "..."]`) - 1
	text, _, cut := strings.Cut(name, "\n")
	if len(text) > room {
		text, cut = text[:room], true
	}
	if cut {
		text += "..."
	}
	return `[string "` + text + `"]`
}
