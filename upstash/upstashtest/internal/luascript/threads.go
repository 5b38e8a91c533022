package luascript

import lua "github.com/yuin/gopher-lua"

// threads keeps track of the interpreter's threads: coroutines, and one for each
// protected call. The latter because an error that the interpreter catches on
// its own thread cuts closures off from the variables they share with functions
// that go on.
type threads struct {
	main   *lua.LState
	depth  int           // of Go calling Lua calling Go
	active []*lua.LState // the coroutines that are running, innermost last
	body   map[*lua.LState]*lua.LFunction
	idle   []*lua.LState // for the next protected call
}

// newThread returns a thread that shares everything but the stack with L.
func (r *run) newThread(L *lua.LState) *lua.LState {
	if n := len(r.idle); n > 0 && r.depth < nestedFrom {
		th := r.idle[n-1]
		r.idle = r.idle[:n-1]
		return th
	}
	L.Options.CallStackSize = maxFrames
	if r.depth >= nestedFrom {
		L.Options.CallStackSize = framesWhenNested
	}
	th, cancel := L.NewThread()
	if cancel != nil {
		cancel() // its own context, which r.ctx would keep until the end
	}
	th.SetContext(r.ctx)
	return th
}

// enter counts a call from Go into Lua; leave ends it.
func (r *run) enter(L *lua.LState) {
	if r.depth >= maxNesting {
		throwPlain(L, "C stack overflow")
	}
	r.depth++
}

func (r *run) leave() { r.depth-- }

// protect calls a function on a thread with an empty stack and returns its
// values, or the error it raised.
func (r *run) protect(th *lua.LState, fn lua.LValue, args ...lua.LValue) ([]lua.LValue, error) {
	th.Push(guardFunction)
	th.Push(fn)
	for _, arg := range args {
		th.Push(arg)
	}
	if err := th.PCall(1+len(args), lua.MultRet, nil); err != nil {
		return nil, err
	}
	values := make([]lua.LValue, th.GetTop())
	for i := range values {
		values[i] = th.Get(i + 1)
	}
	th.SetTop(0)
	return values, nil
}

// guardFunction calls its first argument with the others. It sees an error
// before the interpreter clears the stack away.
var guardFunction = &lua.LFunction{IsG: true, GFunction: func(L *lua.LState) int {
	defer func() {
		switch rcv := recover().(type) {
		case nil:
		case *lua.ApiError:
			r := of(L)
			r.remember(L)
			rcv.Object = r.wording(rcv.Object)
			rcv.StackTrace = "-" // or a long one is made, for nobody
			panic(rcv)
		default:
			of(L).goPanic(L, rcv)
		}
	}()
	L.Call(L.GetTop()-1, lua.MultRet)
	return L.GetTop()
}}

// goPanic turns a panic of Go into an error of Lua. The interpreter's own way of
// saying that its stack is full is one; any other ends the run.
func (r *run) goPanic(L *lua.LState, rcv any) {
	defer func() {
		again := recover()
		r.remember(L)
		if err, ok := again.(*lua.ApiError); ok {
			err.StackTrace = "-"
		}
		panic(again)
	}()
	if rcv != "lua callstack overflow" {
		r.cancel(errInternal)
	}
	throwPlain(L, position(L, 0)+"stack overflow")
}
