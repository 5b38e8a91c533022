package luascript

import (
	"context"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// DefaultTimeout is how long a script may run when [Options] say nothing.
const DefaultTimeout = 5 * time.Second

// Options say what one run of a script sees.
type Options struct {
	Keys, Args []string

	// Call executes a command and returns its RESP2 reply. It is called from the
	// goroutine of the run. When it panics, Run panics with the same value.
	Call func(args []string) []byte

	// ReadOnly refuses the commands that IsWrite names.
	ReadOnly bool
	IsWrite  func(name string) bool

	// DeclaredKeysOnly refuses a command with a key that is not among Keys.
	DeclaredKeysOnly bool
	KeysOf           func(args []string) []string

	Timeout time.Duration // zero means DefaultTimeout

	// Memory is by how many bytes the heap may grow during a run before the
	// script is stopped. The heap is that of the process: what others make
	// meanwhile counts too. Zero means 512 MiB.
	Memory int
}

// A Result is what a run came to.
type Result struct {
	Resp  []byte // a RESP2 reply, which may be an error
	Calls int    // how often Call was called
}

// Run runs the script once. It never fails otherwise than by an error reply.
// Runs of one program may go on at the same time.
func (p *Program) Run(ctx context.Context, o Options) Result {
	return (&run{program: p, opts: o}).result(ctx)
}

func (r *run) result(ctx context.Context) Result {
	r.watch(ctx)
	defer r.unwatch()

	value, failure := r.execute()
	if r.enginePanic != nil {
		panic(r.enginePanic) // not ours to judge: the engine's owner cleans up
	}
	var resp []byte
	if failure == nil {
		resp, failure = r.appendReply(nil, value)
	}
	if failure != nil {
		resp = appendError(nil, failure.Error())
	}
	return Result{Resp: resp, Calls: r.calls}
}

// A run is the state of one execution. Lua values belong to it, except for the
// libraries, which are frozen and shared by all runs.
type run struct {
	program  *Program
	registry *registry // of a run of a library
	opts     Options
	calls    int
	keys     map[string]bool // the declared ones, made when first needed

	watchdog
	threads

	env, globals *lua.LTable
	random       random
	highest      int // the highest index of an array; see reach
	json         jsonConfig

	thrown      place // where the last error came from
	enginePanic any
}

// execute runs the script in a state of its own and returns its first value.
func (r *run) execute() (value lua.LValue, failure error) {
	defer func() {
		if rcv := recover(); rcv != nil {
			value, failure = nil, errInternal
		}
	}()
	L := r.newState()
	defer L.Close()

	values, err := r.values(L)
	switch {
	case r.enginePanic != nil:
		return nil, errInternal
	case err != nil:
		return nil, r.failure(err)
	case len(values) == 0:
		return lua.LNil, nil
	}
	return values[0], nil
}

func (r *run) values(L *lua.LState) ([]lua.LValue, error) {
	if r.registry != nil {
		return r.runLibrary(L)
	}
	return r.protect(L, r.program.load(L))
}

const errInternal = replyError("ERR internal error of the script runner")
