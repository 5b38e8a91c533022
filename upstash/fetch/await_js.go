package fetch

import (
	"fmt"
	"syscall/js"
)

// settled is what became of a promise.
type settled struct {
	value  js.Value
	failed bool
}

// await tells what becomes of a promise, once, and does not hold up the event
// loop when nobody listens. The callbacks are released when one of them is
// called, and not earlier: the host would call a released one.
func await(promise js.Value) <-chan settled {
	result := make(chan settled, 1)
	var done, failed js.Func
	callback := func(failure bool) js.Func {
		return js.FuncOf(func(_ js.Value, args []js.Value) any {
			done.Release()
			failed.Release()
			s := settled{failed: failure}
			if len(args) > 0 {
				s.value = args[0]
			}
			result <- s
			return nil
		})
	}
	done, failed = callback(false), callback(true)
	ignore(promise.Call("then", done, failed))
	return result
}

// ignore keeps a promise that nobody waits for from ending the process when it
// fails. After this program has exited even the callbacks of await fail. The
// callback is one of the host's own functions, to be called without this program.
func ignore(promise js.Value) {
	promise.Call("then", js.Undefined(), js.Global().Get("Boolean"))
}

// try calls into the host, and returns what it throws.
func try(f func()) (thrown *js.Error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case js.Error:
			thrown = &p
		case *js.ValueError: // the host has something else in that place, or nothing
			thrown = &js.Error{Value: js.Global().Get("Error").New(fmt.Sprint(p))}
		default:
			panic(p)
		}
	}()
	f()
	return nil
}
