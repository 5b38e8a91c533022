package luascript

import (
	"crypto/sha1" //nolint:gosec // Redis names scripts by their SHA-1
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/parse"
)

// chunkName is how scripts are called in errors.
const chunkName = "user_script"

// A Program is a compiled script. It is immutable.
type Program struct {
	sha   string
	chunk *chunk
}

// SHA returns the SHA-1 of the source, by which clients know the script.
func (p *Program) SHA() string { return p.sha }

func (p *Program) load(L *lua.LState) *lua.LFunction { return p.chunk.load(L) }

// Compile compiles a script. Its first line may be a shebang, which is not
// looked at here. The text of the error is the one Redis answers, code and all.
func Compile(source string) (*Program, error) {
	if p := cached.get(source); p != nil {
		return p, nil
	}
	sum := sha1.Sum([]byte(source)) //nolint:gosec // see the import
	code := source
	if strings.HasPrefix(code, "#!") {
		code = "--" + code
	}
	c, err := compileChunk(code, chunkName)
	if err != nil {
		return nil, fmt.Errorf("ERR Error compiling script (new function): %s", oneLine(err.Error()))
	}
	p := &Program{hex.EncodeToString(sum[:]), c}
	cached.put(source, p)
	return p, nil
}

// A chunk is a compiled piece of source: a function that takes the helpers of
// the rewritten code and returns the function that was written.
type chunk struct {
	proto *lua.FunctionProto
	hints hints
}

func compileChunk(source, name string) (c *chunk, err error) {
	defer func() {
		if rcv := recover(); rcv != nil {
			c, err = nil, fmt.Errorf("%s:1: cannot be compiled", name)
		}
	}()
	if err := checkSyntax(source, name); err != nil {
		return nil, err
	}
	stmts, err := parse.Parse(strings.NewReader(source), name)
	if err != nil {
		return nil, fmt.Errorf("%s:1: %s", name, strings.TrimSpace(err.Error()))
	}
	wrapped, hints, err := rewrite(stmts, name)
	if err != nil {
		return nil, err
	}
	proto, err := lua.Compile(wrapped, name)
	if compileErr := (*lua.CompileError)(nil); errors.As(err, &compileErr) {
		return nil, fmt.Errorf("%s:%d: %s", name, max(compileErr.Line, 1), compileErr.Message)
	}
	return &chunk{proto, hints}, err
}

// load makes the function in an interpreter. What it runs for that is the
// wrapper, which does nothing that could fail.
func (c *chunk) load(L *lua.LState) *lua.LFunction {
	L.Push(L.NewFunctionFromProto(c.proto))
	L.Push(concatFunction)
	L.Push(keyFunction)
	L.Call(2, 1)
	fn, _ := L.Get(-1).(*lua.LFunction)
	L.Pop(1)
	return fn
}

// cache holds programs by source, so that a script sent again and again is
// compiled once. When it is full it drops any of them.
type cache struct {
	mu       sync.Mutex
	programs map[string]*Program
	size     int
}

const (
	cachePrograms = 256
	cacheBytes    = 4 << 20
)

var cached = cache{programs: map[string]*Program{}}

func (c *cache) get(source string) *Program {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.programs[source]
}

func (c *cache) put(source string, p *Program) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.programs[source] != nil || len(source) > cacheBytes/4 {
		return
	}
	for other := range c.programs {
		if len(c.programs) < cachePrograms && c.size+len(source) <= cacheBytes {
			break
		}
		delete(c.programs, other)
		c.size -= len(other)
	}
	c.programs[strings.Clone(source)] = p
	c.size += len(source)
}
