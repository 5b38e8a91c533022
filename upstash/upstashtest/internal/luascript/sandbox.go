package luascript

import (
	"sync"

	lua "github.com/yuin/gopher-lua"
)

const msgReadOnlyTable = "Attempt to modify a readonly table"

// A frozen table is an empty one in front of its content, which nobody can
// reach: reading goes through to it, writing raises an error. The library
// functions know both sides. That is how all runs can share the libraries.

const contentKey = "(content)"

func freeze(content *lua.LTable) *lua.LTable {
	return freezeBehind(content, content)
}

// freezeBehind freezes a table that is read through another one.
func freezeBehind(content, index *lua.LTable) *lua.LTable {
	meta := newTable()
	meta.RawSetString("__index", index)
	meta.RawSetString("__newindex", refuseWrite)
	meta.RawSetString(contentKey, &lua.LUserData{Value: content})
	return &lua.LTable{Metatable: meta}
}

var refuseWrite = &lua.LFunction{IsG: true, GFunction: func(L *lua.LState) int {
	throw(L, msgReadOnlyTable)
	return 0
}}

// contentOf returns what is behind a frozen table, or nil.
func contentOf(t *lua.LTable) *lua.LTable {
	meta, ok := t.Metatable.(*lua.LTable)
	if !ok {
		return nil
	}
	ud, ok := meta.RawGetString(contentKey).(*lua.LUserData)
	if !ok {
		return nil
	}
	content, _ := ud.Value.(*lua.LTable)
	return content
}

func readable(t *lua.LTable) *lua.LTable {
	if content := contentOf(t); content != nil {
		return content
	}
	return t
}

// library is what all runs share. Nothing in it is ever changed.
type library struct {
	globals *lua.LTable
	// The global tables of libraries; see libraryGlobals.
	whileRegistering, inFunctions *lua.LTable
	stringMeta                    *lua.LTable // the real one
	shownMeta                     *lua.LTable // what scripts see of it
	otherMeta                     *lua.LTable // of values that have none in Lua
	// globalsMeta is what scripts see as the metatable of the global table.
	globalsMeta *lua.LTable
	names       map[*lua.LFunction]string
}

var libraries func() *library

// The functions of the libraries refer to the libraries.
func init() { libraries = sync.OnceValue(newLibrary) }

func newLibrary() *library {
	lib := &library{globals: newTable(), globalsMeta: freeze(newTable()), names: map[*lua.LFunction]string{}}
	for name, fn := range baseFunctions {
		lib.globals.RawSetString(name, lib.define(name, fn))
	}
	for name, m := range modules {
		lib.globals.RawSetString(name, freeze(lib.module(m)))
	}
	lib.globals.RawSetString("_VERSION", lua.LString("Lua 5.1"))
	for _, name := range runGlobals {
		lib.globals.RawSetString(name, lua.LTrue) // stands for the run's own
	}
	missing := newTable()
	missing.RawSetString("__index", lib.define("?", func(L *lua.LState) int {
		throw(L, "Script attempted to access nonexistent global variable '%s'", L.ToString(2))
		return 0
	}))
	lib.globals.Metatable = missing

	lib.libraryGlobals()

	lib.stringMeta, lib.otherMeta = newTable(), newTable()
	addOperators(lib.otherMeta, lib.define)
	addOperators(lib.stringMeta, lib.define)
	jsonNull.Metatable = lib.otherMeta
	shown := newTable()
	shown.RawSetString("__index", lib.globals.RawGetString("string"))
	lib.shownMeta = freeze(shown)
	lib.stringMeta.RawSetString("__index", lib.globals.RawGetString("string"))
	return lib
}

// A module is a library table.
type module struct {
	functions map[string]lua.LGFunction
	values    map[string]lua.LValue
}

var modules = map[string]module{
	"bit": bitModule, "cjson": cjsonModule, "cmsgpack": cmsgpackModule, "coroutine": coroutineModule,
	"math": mathModule, "os": osModule, "redis": redisModule, "string": stringModule, "struct": structModule,
	"table": tableModule,
}

func (lib *library) module(m module) *lua.LTable {
	t := newTable()
	for name, fn := range m.functions {
		t.RawSetString(name, lib.define(name, fn))
	}
	for name, value := range m.values {
		t.RawSetString(name, value)
	}
	return t
}

func (lib *library) define(name string, fn lua.LGFunction) *lua.LFunction {
	f := &lua.LFunction{IsG: true, GFunction: fn}
	lib.names[f] = name
	return f
}

var runGlobals = [...]string{"_G", "KEYS", "ARGV"}

// makeGlobals makes the global table of a run: its own variables in front of
// the libraries.
func (r *run) makeGlobals() {
	if r.registry != nil {
		r.makeLibraryGlobals()
		return
	}
	lib := libraries()
	meta := newTable()
	meta.RawSetString("__index", lib.globals)
	r.globals = &lua.LTable{Metatable: meta}
	r.env = freezeBehind(lib.globals, r.globals)
	r.globals.RawSetString("KEYS", stringTable(r.opts.Keys))
	r.globals.RawSetString("ARGV", stringTable(r.opts.Args))
	r.globals.RawSetString("_G", r.env)
}

// get reads a table without metamethods.
func (r *run) get(t *lua.LTable, key lua.LValue) lua.LValue {
	if t == r.env {
		if own := r.globals.RawGet(key); own != lua.LNil {
			return own
		}
	}
	return readable(t).RawGet(key)
}
