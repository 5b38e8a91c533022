package luascript

import (
	"errors"
	"slices"

	lua "github.com/yuin/gopher-lua"
)

var coroutineModule = module{functions: map[string]lua.LGFunction{
	"create": coCreate, "resume": coResume, "running": coRunning, "status": coStatus, "wrap": coWrap, "yield": coYield,
}}

func (r *run) newCoroutine(L *lua.LState) *lua.LState {
	fn, ok := L.Get(1).(*lua.LFunction)
	if !ok || fn.IsG {
		argError(L, 1, "Lua function expected")
	}
	r.grow(L, 16<<10) // about what a thread takes
	L.Options.CallStackSize = coroutineFrames
	th, cancel := L.NewThread()
	if cancel != nil {
		cancel()
	}
	th.SetContext(r.ctx)
	if r.body == nil {
		r.body = map[*lua.LState]*lua.LFunction{}
	}
	r.body[th] = fn
	return th
}

func coCreate(L *lua.LState) int {
	L.Push(of(L).newCoroutine(L))
	return 1
}

func coYield(L *lua.LState) int {
	if L.Parent == nil {
		throwPlain(L, "attempt to yield across metamethod/C-call boundary")
	}
	return -1
}

// resume runs a coroutine until it yields or ends.
func (r *run) resume(L, th *lua.LState, args []lua.LValue) (values []lua.LValue, object lua.LValue, ok bool) {
	fn := r.body[th]
	switch {
	case th.Dead || fn == nil:
		return nil, lua.LString("cannot resume dead coroutine"), false
	case len(r.active) > 0 && r.active[len(r.active)-1] == th:
		return nil, lua.LString("cannot resume running coroutine"), false
	case slices.Contains(r.active, th):
		return nil, lua.LString("cannot resume non-suspended coroutine"), false
	}
	r.enter(L)
	r.active = append(r.active, th)
	state, err, values := L.Resume(th, fn, args...)
	r.active = r.active[:len(r.active)-1]
	r.leave()
	if state != lua.ResumeYield {
		th.Dead = true
		delete(r.body, th)
	}
	r.alive(L)
	if state != lua.ResumeError {
		return values, nil, true
	}
	apiErr := (*lua.ApiError)(nil)
	if !errors.As(err, &apiErr) {
		return nil, lua.LNil, false
	}
	return nil, r.wording(apiErr.Object), false
}

func checkThread(L *lua.LState, n int) *lua.LState {
	th, ok := L.Get(n).(*lua.LState)
	if !ok {
		argError(L, n, "coroutine expected")
	}
	return th
}

func coResume(L *lua.LState) int {
	values, object, ok := of(L).resume(L, checkThread(L, 1), arguments(L, 2))
	if !ok {
		L.Push(lua.LFalse)
		L.Push(object)
		return 2
	}
	L.Push(lua.LTrue)
	return 1 + pushAll(L, values)
}

func coWrap(L *lua.LState) int {
	th := of(L).newCoroutine(L)
	L.Push(L.NewFunction(func(L *lua.LState) int {
		values, object, ok := of(L).resume(L, th, arguments(L, 1))
		if !ok {
			if text, isString := asString(object); isString {
				throwPlain(L, position(L, 1)+text)
			}
			L.Error(object, 0)
		}
		return pushAll(L, values)
	}))
	return 1
}

func coRunning(L *lua.LState) int {
	r := of(L)
	if len(r.active) == 0 {
		L.Push(lua.LNil)
		return 1
	}
	L.Push(r.active[len(r.active)-1])
	return 1
}

func coStatus(L *lua.LState) int {
	r, th := of(L), checkThread(L, 1)
	status := "suspended"
	switch i := slices.Index(r.active, th); {
	case th.Dead:
		status = "dead"
	case i >= 0 && i == len(r.active)-1:
		status = "running"
	case i >= 0:
		status = "normal"
	}
	L.Push(lua.LString(status))
	return 1
}
