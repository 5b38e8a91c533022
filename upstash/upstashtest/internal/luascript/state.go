package luascript

import lua "github.com/yuin/gopher-lua"

const (
	// maxFrames bounds how deep Lua functions call each other.
	maxFrames = 8000
	// maxNesting bounds how deep library functions call back into Lua, and
	// framesWhenNested the frames of each such call that is nested itself.
	// Together they bound the stack of the goroutine, which must not overflow.
	maxNesting       = 195
	framesWhenNested = 600
	coroutineFrames  = 1000
	nestedFrom       = 10
	maxRegisters     = 1 << 18
)

// newState makes an interpreter for this run. It is made anew for each: all
// that takes time to build is frozen and shared.
func (r *run) newState() *lua.LState {
	L := lua.NewState(lua.Options{
		SkipOpenLibs:        true,
		CallStackSize:       maxFrames,
		MinimizeStackMemory: true,
		RegistrySize:        512,
		RegistryMaxSize:     maxRegisters,
		RegistryGrowStep:    4096,
	})
	L.Options.RegistrySize = 64 // of the threads it makes

	r.json = defaultJSON
	r.main = L
	r.makeGlobals()
	L.Env, L.G.Global = r.env, r.env
	L.G.Registry = newTable()
	L.G.Registry.RawSetString(runKey, &lua.LUserData{Value: r})
	L.SetMetatable(lua.LString(""), libraries().stringMeta)
	for _, v := range [...]lua.LValue{lua.LNil, lua.LTrue, lua.LNumber(0), guardFunction, L} {
		L.SetMetatable(v, libraries().otherMeta)
	}
	L.SetContext(r.ctx)
	return L
}

const runKey = "run"

// of returns the run that a state belongs to.
func of(L *lua.LState) *run {
	ud, _ := L.G.Registry.RawGetString(runKey).(*lua.LUserData)
	r, _ := ud.Value.(*run)
	return r
}

func newTable() *lua.LTable { return &lua.LTable{Metatable: lua.LNil} }

func stringTable(values []string) *lua.LTable {
	t := newTable()
	for i, v := range values {
		t.RawSetInt(i+1, lua.LString(v))
	}
	return t
}
