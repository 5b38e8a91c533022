package luascript

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

var tableModule = module{functions: map[string]lua.LGFunction{
	"concat": tabConcat, "foreach": tabForeach, "foreachi": tabForeachi, "getn": tabGetn, "insert": tabInsert,
	"maxn": tabMaxn, "remove": tabRemove, "setn": tabSetn, "sort": tabSort,
}}

func tabConcat(L *lua.LState) int {
	t := checkTable(L)
	separator := optString(L, 2, "")
	from, to := optInt(L, 3, 1), optInt(L, 4, t.Len())
	size := 0
	var text strings.Builder
	for i := from; i <= to; i++ {
		v := t.RawGet(lua.LNumber(i))
		item, ok := asString(v)
		if !ok {
			throw(L, "invalid value (%s) at index %d in table for 'concat'", v.Type(), i)
		}
		if size += len(item) + len(separator); size > checkBytes {
			of(L).grow(L, size)
		}
		text.WriteString(item)
		if i < to {
			text.WriteString(separator)
		}
	}
	of(L).grow(L, size)
	L.Push(lua.LString(text.String()))
	return 1
}

func tabForeach(L *lua.LState) int {
	t, fn := checkTable(L), checkFunction(L, 2)
	for key, value := t.Next(lua.LNil); key != lua.LNil; key, value = t.Next(key) {
		if done := callback(L, fn, key, value); done != lua.LNil {
			L.Push(done)
			return 1
		}
	}
	return 0
}

func tabForeachi(L *lua.LState) int {
	t, fn := checkTable(L), checkFunction(L, 2)
	for i, n := 1, t.Len(); i <= n; i++ {
		if done := callback(L, fn, lua.LNumber(i), t.RawGetInt(i)); done != lua.LNil {
			L.Push(done)
			return 1
		}
	}
	return 0
}

// callback calls a function of the script and returns its first value.
func callback(L *lua.LState, fn lua.LValue, args ...lua.LValue) lua.LValue {
	L.Push(fn)
	pushAll(L, args)
	L.Call(len(args), 1)
	v := L.Get(-1)
	L.Pop(1)
	return v
}

func tabGetn(L *lua.LState) int {
	L.Push(lua.LNumber(checkTable(L).Len()))
	return 1
}

func tabSetn(L *lua.LState) int {
	checkTable(L)
	throw(L, "'setn' is obsolete")
	return 0
}

func tabMaxn(L *lua.LState) int {
	t, highest := checkTable(L), 0.0
	for key, _ := t.Next(lua.LNil); key != lua.LNil; key, _ = t.Next(key) {
		if n, ok := key.(lua.LNumber); ok {
			highest = max(highest, float64(n))
		}
	}
	L.Push(lua.LNumber(highest))
	return 1
}

func tabInsert(L *lua.LState) int {
	t := checkWritable(L)
	end := t.Len() + 1
	switch L.GetTop() {
	case 2:
		t.RawSet(lua.LNumber(end), L.Get(2))
	case 3:
		at := checkInt(L, 2)
		for i := max(end, at); i > at; i-- {
			t.RawSet(lua.LNumber(i), t.RawGet(lua.LNumber(i-1)))
		}
		rawSet(L, t, lua.LNumber(at), L.Get(3))
	default:
		throw(L, "wrong number of arguments to 'insert'")
	}
	return 0
}

func tabRemove(L *lua.LState) int {
	t := checkTable(L)
	end := t.Len()
	at := optInt(L, 2, end)
	if at < 1 || at > end {
		return 0
	}
	checkWritable(L)
	L.Push(t.RawGetInt(at))
	for ; at < end; at++ {
		t.RawSetInt(at, t.RawGetInt(at+1))
	}
	t.RawSetInt(end, lua.LNil)
	return 1
}

// tabSort is the quicksort of Lua, so that wrong comparisons show alike.
func tabSort(L *lua.LState) int {
	t := checkTable(L)
	if L.Get(2) != lua.LNil {
		checkFunction(L, 2)
	}
	if t.Len() < 2 {
		return 0
	}
	checkWritable(L)
	s := &sorter{L: L, t: t, less: L.Get(2)}
	s.sort(1, t.Len())
	return 0
}

type sorter struct {
	L     *lua.LState
	t     *lua.LTable
	less  lua.LValue
	steps int
}

func (s *sorter) before(a, b lua.LValue) bool {
	if s.steps++; s.steps%4096 == 0 {
		of(s.L).alive(s.L)
	}
	if s.less != lua.LNil {
		return lua.LVAsBool(callback(s.L, s.less, a, b))
	}
	x, xOK := a.(lua.LNumber)
	y, yOK := b.(lua.LNumber)
	if xOK && yOK {
		return x < y
	}
	if p, q := a.Type(), b.Type(); p != q {
		throwPlain(s.L, "attempt to compare "+p.String()+" with "+q.String())
	}
	if p, ok := a.(lua.LString); ok {
		q, _ := b.(lua.LString)
		return p < q
	}
	if userMetamethod(a, "__lt") == lua.LNil || userMetamethod(a, "__lt") != userMetamethod(b, "__lt") {
		throwPlain(s.L, "attempt to compare two "+a.Type().String()+" values")
	}
	return lua.LVAsBool(callback(s.L, userMetamethod(a, "__lt"), a, b))
}

func (s *sorter) at(i int) lua.LValue { return s.t.RawGetInt(i) }

func (s *sorter) swap(i, j int) {
	a, b := s.at(i), s.at(j)
	s.t.RawSetInt(i, b)
	s.t.RawSetInt(j, a)
}

func (s *sorter) sort(lo, up int) {
	for lo < up {
		if s.before(s.at(up), s.at(lo)) {
			s.swap(lo, up)
		}
		if up-lo == 1 {
			return
		}
		mid := (lo + up) / 2
		if s.before(s.at(mid), s.at(lo)) {
			s.swap(mid, lo)
		} else if s.before(s.at(up), s.at(mid)) {
			s.swap(mid, up)
		}
		if up-lo == 2 {
			return
		}
		i := s.partition(lo, up, mid)
		// The smaller part by a call, the larger one by going on.
		if i-lo < up-i {
			s.sort(lo, i-1)
			lo = i + 1
		} else {
			s.sort(i+1, up)
			up = i - 1
		}
	}
}

func (s *sorter) partition(lo, up, mid int) int {
	pivot := s.at(mid)
	s.swap(mid, up-1)
	i, j := lo, up-1
	for {
		for i++; s.before(s.at(i), pivot); i++ {
			if i > up {
				throw(s.L, "invalid order function for sorting")
			}
		}
		for j--; s.before(pivot, s.at(j)); j-- {
			if j < lo {
				throw(s.L, "invalid order function for sorting")
			}
		}
		if j < i {
			break
		}
		s.swap(i, j)
	}
	s.swap(up-1, i)
	return i
}
