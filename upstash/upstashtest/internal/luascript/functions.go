package luascript

import (
	"context"
	"errors"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// A Library is what FUNCTION LOAD gets: compiled code, and the functions that it
// registers. It is immutable.
type Library struct {
	chunk     *chunk
	functions []Function
}

// A Function is one that FCALL calls.
type Function struct {
	Name        string
	Description string
	Flags       []string

	callback *lua.LFunction // of the run that registered it, and of no use to another
}

// libraryChunkName is how libraries are called in errors.
const libraryChunkName = "user_function"

// CompileLibrary compiles the code of a library and runs it, for that is how its
// functions are registered. Its first line is not looked at here. The text of
// the error is the one Redis answers, code and all.
func CompileLibrary(ctx context.Context, source string, o Options) (*Library, error) {
	c, err := compileChunk("--"+source, libraryChunkName)
	if err != nil {
		return nil, errors.New("ERR Error compiling function: " + oneLine(err.Error()))
	}
	r := &run{program: &Program{chunk: c}, opts: o, registry: &registry{}}
	r.watch(ctx)
	defer r.unwatch()
	if _, failure := r.execute(); failure != nil {
		return nil, errors.New("ERR Error registering functions: " + oneLine(failure.Error()))
	}
	if len(r.registry.functions) == 0 {
		return nil, errors.New("ERR No functions registered")
	}
	for i := range r.registry.functions {
		r.registry.functions[i].callback = nil
	}
	return &Library{c, r.registry.functions}, nil
}

// Functions are what the library registers, in that order.
func (l *Library) Functions() []Function { return l.functions }

// Run runs one of the functions. The code of the library runs before it each
// time: unlike in Redis, what it keeps in variables of its own does not last from
// one call to the next.
func (l *Library) Run(ctx context.Context, function string, o Options) Result {
	// Errors name the function where those of scripts have the SHA-1.
	return (&run{program: &Program{function, l.chunk}, opts: o, registry: &registry{call: function}}).result(ctx)
}

// A registry is where a library that runs puts its functions.
type registry struct {
	call      string // the function to run, or none
	closed    bool
	functions []Function
}

// named finds a function as Redis does, whatever the case of the letters.
func (g *registry) named(name string) int {
	return slices.IndexFunc(g.functions, func(f Function) bool { return strings.EqualFold(f.Name, name) })
}

// runLibrary runs the code of a library, and then the function that is called.
func (r *run) runLibrary(L *lua.LState) ([]lua.LValue, error) {
	if _, err := r.protect(L, r.program.load(L)); err != nil {
		r.thrown = place{} // which is not told of code that registers
		return nil, err
	}
	i := r.registry.named(r.registry.call)
	if i < 0 {
		return nil, nil
	}
	r.registry.closed = true
	r.openGlobals()
	return r.protect(L, r.registry.functions[i].callback, stringTable(r.opts.Keys), stringTable(r.opts.Args))
}

// libraryGlobals makes the global tables of libraries: while one registers its
// functions there is little to use, and a function gets its keys and arguments
// as parameters.
func (lib *library) libraryGlobals() {
	lib.whileRegistering, lib.inFunctions = newTable(), newTable()
	lib.globals.ForEach(func(name, value lua.LValue) {
		if name != lua.LString("KEYS") && name != lua.LString("ARGV") {
			lib.inFunctions.RawSet(name, value)
		}
	})
	register := module{
		functions: map[string]lua.LGFunction{"log": redisLog, "register_function": redisRegisterFunction},
		values:    redisModule.values,
	}
	lib.whileRegistering.RawSetString("redis", freeze(lib.module(register)))
	lib.whileRegistering.Metatable, lib.inFunctions.Metatable = lib.globals.Metatable, lib.globals.Metatable
}

// makeLibraryGlobals makes the global table of a run that registers functions.
func (r *run) makeLibraryGlobals() {
	lib := libraries()
	r.globals = newTable()
	r.env = freezeBehind(lib.inFunctions, r.globals)
	r.standOn(lib.whileRegistering)
}

// openGlobals is for the function that runs then.
func (r *run) openGlobals() {
	r.globals.RawSetString("_G", r.env)
	r.standOn(libraries().inFunctions)
}

func (r *run) standOn(globals *lua.LTable) {
	meta := newTable()
	meta.RawSetString("__index", globals)
	r.globals.Metatable = meta
}
