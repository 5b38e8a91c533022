package luascript

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// errorAt is the end of an error raised on a line of a script.
func errorAt(p *Program, line string) string {
	return " script: " + p.SHA() + ", on @user_script:" + line + ".\r\n"
}

func TestDeclaredKeysOnly(t *testing.T) {
	t.Parallel()
	const dynamic = "ERR Dynamic keys are not allowed in Lua scripts when 'allow-key-locking' flag is set. Key was: "
	for script, want := range map[string]Result{
		"return redis.call('SET',KEYS[1],1)":                      {[]byte("+OK\r\n"), 1},
		"return redis.call('SET',KEYS[2],1)":                      {[]byte("+OK\r\n"), 1},
		"return redis.call('SET','other',1)":                      {[]byte("-" + dynamic + "other\r\n"), 0},
		"return redis.pcall('SET','other',1)":                     {[]byte("-" + dynamic + "other\r\n"), 0},
		"redis.pcall('SET','o',1) return redis.call('GET','k1')":  {[]byte("$-1\r\n"), 1},
		"return select(2,pcall(redis.call,'SET','other',1))":      {[]byte("$100\r\n" + dynamic + "other\r\n"), 0},
		"KEYS[1]='other' return redis.call('SET',KEYS[1],1)":      {[]byte("-" + dynamic + "other\r\n"), 0},
		"return redis.call('MGET','k1','k3')":                     {[]byte("-" + dynamic + "k3\r\n"), 0},
		"return redis.call('PING')":                               {[]byte("+PONG\r\n"), 1},
		"redis.call('SET','k1','v') return redis.call('DEL','x')": {[]byte("-" + dynamic + "x\r\n"), 1},
	} {
		got := mustCompile(t, script).Run(t.Context(), Options{
			Keys: []string{"k1", "k2"}, Call: newEngine().call, DeclaredKeysOnly: true,
			KeysOf: func(args []string) []string {
				if args[0] == "MGET" || args[0] == "DEL" {
					return args[1:]
				}
				return args[1:min(len(args), 2)]
			},
		})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", script, diff)
		}
	}
}

func TestReadOnly(t *testing.T) {
	t.Parallel()
	const refused = "-ERR Write commands are not allowed from read-only scripts."
	for script, want := range map[string]string{
		"return redis.call('SET','k',1)":                           refused,
		"return redis.pcall('SET','k',1)":                          refused + "\r\n",
		"return redis.call('GET','k')":                             "$-1\r\n",
		"redis.pcall('set','k',1) return redis.call('GET','k')":    "$-1\r\n",
		"return select(2,pcall(redis.call,'SET','k',1)):sub(1,10)": "$10\r\nERR Write \r\n",
	} {
		p := mustCompile(t, script)
		got := p.Run(t.Context(), Options{
			Call: newEngine().call, ReadOnly: true, IsWrite: func(name string) bool { return strings.EqualFold(name, "SET") },
		})
		if want == refused {
			want += errorAt(p, "1")
		}
		if diff := cmp.Diff(want, string(got.Resp)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", script, diff)
		}
	}
}

func TestCallsAreCounted(t *testing.T) {
	t.Parallel()
	for script, want := range map[string]int{
		"return 1":                               0,
		"redis.call('PING') redis.pcall('PING')": 2,
		"redis.pcall('NOPE') redis.pcall() redis.pcall({})": 1,
		"redis.call('NOPE') redis.call('PING')":             1,
		"pcall(redis.call,'PING') error('x')":               1,
		"for i=1,100 do redis.call('PING') end":             100,
	} {
		got := mustCompile(t, script).Run(t.Context(), Options{Call: newEngine().call}).Calls
		if got != want {
			t.Errorf("%s: %d calls, want %d", script, got, want)
		}
	}
}

// What one run does is not there in the next.
func TestRunsShareNothing(t *testing.T) {
	t.Parallel()
	for _, script := range []string{
		"string.upper=1", "getmetatable('').__index=1", "cjson.encode_max_depth(1)", "math.randomseed(5) math.random()",
		"KEYS[1]='x' ARGV[1]='x'", "setmetatable(KEYS,{__index=error})", "_G.y=1", "rawset(string,'z',1)",
		"coroutine.wrap(function() error() end)()", "table.insert(cjson,1)", "local t=getmetatable('') t.__add=1",
	} {
		mustCompile(t, script).Run(t.Context(), Options{Keys: []string{"k"}, Args: []string{"a"}})
		const check = `return {('a'):upper(), cjson.encode({{{1}}}), KEYS[1], ARGV[1], math.random(1000),
			rawget(_G,'y')==nil and 1 or 0, rawget(string,'z')==nil and 1 or 0, '1'+1}`
		got := string(mustCompile(t, check).Run(t.Context(), Options{Keys: []string{"k"}, Args: []string{"a"}}).Resp)
		want := "*8\r\n$1\r\nA\r\n$7\r\n[[[1]]]\r\n$1\r\nk\r\n$1\r\na\r\n:171\r\n:1\r\n:1\r\n:2\r\n"
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("after %s (-want +got):\n%s", script, diff)
		}
	}
}

func TestShebang(t *testing.T) {
	t.Parallel()
	p := mustCompile(t, "#!lua flags=allow-key-locking\n\nerror('x')")
	got := string(p.Run(t.Context(), Options{}).Resp)
	if diff := cmp.Diff("-ERR user_script:3: x"+errorAt(p, "3"), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if want := "5648cf69a1d27013965d9dfca8f0af1d0b2b5e5a"; p.SHA() != want {
		t.Errorf("SHA %q, want %q", p.SHA(), want)
	}
}

// Errors that a real server does not survive, or that it has no way to show.
func TestOddErrors(t *testing.T) {
	t.Parallel()
	for script, want := range map[string]string{
		"error({1,2})":               "-ERR unknown error",
		"error({err={}})":            "-ERR unknown error",
		"return redis.call('X')":     "-ERR malformed reply from the engine",
		"error(setmetatable({},{}))": "-ERR unknown error",
		"local co=coroutine.create(function() error({err='E f'}) end) local _,e=coroutine.resume(co) error(e)": "-E f",
	} {
		p := mustCompile(t, script)
		got := string(p.Run(t.Context(), Options{Call: func([]string) []byte { return []byte("?") }}).Resp)
		if diff := cmp.Diff(want+errorAt(p, "1"), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", script, diff)
		}
	}
}

func TestReplies(t *testing.T) {
	t.Parallel()
	for resp, want := range map[string]string{
		"+OK\r\n":                      "table ok=OK",
		":7\r\n":                       "number 7",
		"$-1\r\n":                      "boolean false",
		"*-1\r\n":                      "boolean false",
		"$0\r\n\r\n":                   "string ",
		"*2\r\n:1\r\n$-1\r\n":          "table 1=1 2=false",
		"-WRONGTYPE no\r\n":            "table err=WRONGTYPE no",
		"-oops\r\n":                    "table err=ERR oops",
		"*1\r\n:1\r\n:2\r\n":           "table err=" + msgBadReply,
		"$5\r\nabc\r\n":                "table err=" + msgBadReply,
		"$3\r\nabcde":                  "table err=" + msgBadReply,
		"*3\r\n:1\r\n":                 "table err=" + msgBadReply,
		"*1000000000\r\n":              "table err=" + msgBadReply,
		strings.Repeat("*1\r\n", 5000): "table err=" + msgBadReply,
		"#t\r\n":                       "table err=" + msgBadReply,
		":x\r\n":                       "table err=" + msgBadReply,
		"":                             "table err=" + msgBadReply,
	} {
		p := mustCompile(t, `local r=redis.pcall('X') if type(r)~='table' then return type(r)..' '..tostring(r) end
			local t={'table'} for k,v in pairs(r) do t[#t+1]=k..'='..tostring(v) end return table.concat(t,' ')`)
		got := p.Run(t.Context(), Options{Call: func([]string) []byte { return []byte(resp) }}).Resp
		if diff := cmp.Diff(bulk(want), string(got)); diff != "" {
			t.Errorf("%.40q (-want +got):\n%s", resp, diff)
		}
	}
}

func TestArguments(t *testing.T) {
	t.Parallel()
	var got []string
	mustCompile(t, `redis.call(1, -1, 1e15, 2^53, 1e17, -1e18, 1.5, 0.1, 1e300, 1/0, 'a\0b', '', 1e-7, -0.25)`).Run(t.Context(), Options{
		Call: func(args []string) []byte { got = slices.Clone(args); return []byte("+OK\r\n") },
	})
	want := []string{
		"1", "-1", "1000000000000000", "9007199254740992", "100000000000000000", "-1000000000000000000", "1.5",
		"0.10000000000000001", "1.0000000000000001e+300", "inf", "a\x00b", "", "9.9999999999999995e-08", "-0.25",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCacheIsBounded(t *testing.T) {
	t.Parallel()
	c := cache{programs: map[string]*Program{}}
	for i := range 2000 {
		source := strings.Repeat("-", i*10)
		c.put(source, &Program{})
		c.put(source, &Program{})
	}
	if len(c.programs) > cachePrograms || c.size > cacheBytes {
		t.Errorf("%d programs, %d bytes", len(c.programs), c.size)
	}
	size := 0
	for source := range c.programs {
		size += len(source)
	}
	if size != c.size {
		t.Errorf("%d bytes are counted as %d", size, c.size)
	}
	c.put(strings.Repeat("-", cacheBytes), &Program{})
	if c.get(strings.Repeat("-", cacheBytes)) != nil {
		t.Error("one script has taken the whole cache")
	}
}
