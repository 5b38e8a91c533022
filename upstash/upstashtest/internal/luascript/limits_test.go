package luascript

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func mustCompile(tb testing.TB, source string) *Program {
	tb.Helper()
	p, err := Compile(source)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// Whatever a script does, it ends with an error and harms nobody.
func TestLimits(t *testing.T) { //nolint:paralleltest // the memory is that of the process
	const (
		killed = "ERR Script killed by user with SCRIPT KILL..."
		memory = "ERR not enough memory"
		stack  = "stack overflow"
	)
	for script, want := range map[string]string{ //nolint:paralleltest // see above
		"while true do end":                                                              killed,
		"local function f() return f() end return f()":                                   killed,
		"while true do pcall(function() while true do end end) end":                      killed,
		"while true do xpcall(function() while true do end end,function() end) end":      killed,
		"pcall(function() while true do end end) return 1":                               killed,
		"local co=coroutine.wrap(function() while true do end end) co()":                 killed,
		"while true do redis.pcall('PING') end":                                          killed,
		"while true do pcall(redis.call,'NOPE') end":                                     killed,
		"while true do coroutine.wrap(function() end)() end":                             killed,
		"return string.find(string.rep('a',40),string.rep('a?',40)..string.rep('a',41))": killed,
		"return string.find(string.rep('a',300000),string.rep('.-',20)..'b')":            killed,
		"local t={} for i=1,30 do t={t,t} end return t":                                  killed,
		"local t={} for i=1,60 do t={t,t} end return cjson.encode(t)":                    killed,
		"setmetatable({},{__index=function() while true do end end}).x=1 local x = setmetatable({},{__index=function() while true do end end}).x": killed,
		"repeat local f=loadstring('return 1') until false": killed,

		"return string.rep('x',1e10)":                                                   memory,
		"return string.rep('x',2^40)":                                                   memory,
		"return ('x'):rep(1e6):rep(1e6)":                                                memory,
		"local s='x' while true do s=s..s end":                                          memory,
		"local s=string.rep('x',1e6) local t={} while true do t[#t+1]=s..#t end":        memory,
		"local t={} while true do t[#t+1]={} end":                                       memory,
		"local s=string.rep('x',1e6) return string.gsub(s,'x',s)":                       memory,
		"local t={} for i=1,1e4 do t[i]=string.rep('x',1e5) end return table.concat(t)": memory,
		"return string.format(string.rep('%s',200),unpack((function() local t={} local s=string.rep('x',1e6) for i=1,200 do t[i]=s end return t end)()))": memory,

		"local t={} t[60000000]=1":                       memory,
		"local t={} local k=60000000 t[k]=1":             memory,
		"local k=60000000 local t={[k]=1}":               memory,
		"local t={} t[#t+60000000]=1":                    memory,
		"rawset({},60000000,1)":                          memory,
		"table.insert({},60000000,1)":                    memory,
		"cmsgpack.unpack(cmsgpack.pack({[60000000]=1}))": memory,
		"local keep={} for i=1,1e6 do local t={} for k=1e6,8e6,1e6 do t[k]=1 end keep[i]=t end": memory,
		"local t={} t[1e6]=1 t[1e8]=2 t[2^40]=3 return #t":                                      "",

		"local function f() return 1+f() end return f()":                                                                  stack,
		"local function f() local x=pcall(f) return 1 end f() return f(f())":                                              "",
		"local t=setmetatable({},{}) getmetatable(t).__index=t return t.x":                                                "loop in gettable",
		"local function f() coroutine.wrap(f)() end f()":                                                                  stack,
		"local function f() string.gsub('a','a',f) end f()":                                                               stack,
		"local function f() table.sort({1,2},f) end f()":                                                                  stack,
		"local t=setmetatable({},{__index=function(t,k) return t[k] end}) local function f() pcall(f) return t.x end f()": stack,
		"local m={} m.__tostring=function(t) return tostring(t) end return tostring(setmetatable({},m))":                  stack,
		"local t={} t[1]=t return t":                                                                                      "reached lua stack limit",
		"return cjson.decode(string.rep('[',1e6))":                                                                        "too many nested",
		"return cmsgpack.unpack(string.rep('\\145',1e6))":                                                                 stack,
		"return unpack({},1,1e8)":                                                                                         "too many results",
		"return string.byte(string.rep('x',1e6),1,-1)":                                                                    "string slice too long",
		"return string.find(string.rep('a',1e5),string.rep('a?',1e5))":                                                    "pattern too complex",
		"return string.rep('(',1e5):find(string.rep('(',1e5))":                                                            "too many captures",
		"cjson.encode_max_depth(2^30) local t={} t[1]=t return cjson.encode(t)":                                           "excessive nesting",
		"return loadstring(string.rep('(',1e5))()":                                                                        "",
	} {
		t.Run(script[:min(len(script), 60)], func(t *testing.T) {
			p := mustCompile(t, script)
			began := time.Now()
			o := Options{Call: newEngine().call, Timeout: 200 * time.Millisecond, Memory: 64 << 20}
			if want != killed {
				o.Timeout = 20 * time.Second
			}
			resp := string(p.Run(t.Context(), o).Resp)
			if took := time.Since(began); took > o.Timeout+10*time.Second {
				t.Errorf("took %v", took)
			}
			if want != "" && (resp[0] != '-' || !strings.Contains(resp, want)) {
				t.Errorf("got %.300q, want %q", resp, want)
			}
		})
	}
}

func TestSourceLimits(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]string{
		"parentheses":    "return " + strings.Repeat("(", 1e6),
		"tables":         "return " + strings.Repeat("{", 1e6),
		"functions":      strings.Repeat("return function() ", 1e5),
		"sum":            "return 1" + strings.Repeat("+1", 1e5),
		"fields":         "return a" + strings.Repeat(".a", 1e5),
		"calls":          "return a" + strings.Repeat("()", 1e5),
		"elseif":         "if a then " + strings.Repeat("elseif a then ", 1e5) + "end",
		"concatenations": "return ''" + strings.Repeat("..''", 1e5),
		"minus":          "return " + strings.Repeat("- ", 1e6) + "1",
		"locals":         strings.Repeat("local a ", 1000),
		"constants":      "return {" + constants(50000) + "}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := Compile(source); err == nil {
				t.Error("compiled")
			} else if !strings.HasPrefix(err.Error(), "ERR Error compiling script (new function): user_script:") {
				t.Error(err)
			}
		})
	}
}

func constants(n int) string {
	var out strings.Builder
	for i := range n {
		fmt.Fprintf(&out, "'%d',", i)
	}
	return out.String()
}

func TestCallerStops(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	p := mustCompile(t, "redis.call('PING') while true do end")
	got := p.Run(ctx, Options{Call: func([]string) []byte { cancel(); return []byte("+PONG\r\n") }})
	want := Result{[]byte("-ERR Script killed by user with SCRIPT KILL... script: " + p.SHA() + ", on @user_script:1.\r\n"), 1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNoGoroutineIsLeft(t *testing.T) { //nolint:paralleltest // it counts goroutines
	p := mustCompile(t, `for i=1,100 do coroutine.wrap(function() coroutine.yield(1) end)() pcall(error) end`)
	before := runtime.NumGoroutine()
	for range 20 {
		p.Run(t.Context(), Options{Call: newEngine().call})
	}
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		runtime.Gosched()
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}

// A panic of the engine reaches the caller, whatever the script does about it.
func TestEnginePanic(t *testing.T) {
	t.Parallel()
	for _, script := range []string{
		"redis.call('X')", "redis.pcall('X') return 1", "pcall(redis.call,'X') return 1",
		"coroutine.wrap(function() redis.call('X') end)()", "string.gsub('a','a',function() redis.call('X') end)",
	} {
		got := func() (got any) {
			defer func() { got = recover() }()
			mustCompile(t, script).Run(t.Context(), Options{Call: func([]string) []byte { panic("boom") }})
			return nil
		}()
		if got != "boom" {
			t.Errorf("%s: recovered %v", script, got)
		}
	}
}
