package luascript

import lua "github.com/yuin/gopher-lua"

// farIndex is how far an index may be beyond the highest so far before the
// memory it takes is asked for. The interpreter fills what is between.
const (
	farIndex  = 1 << 20
	indexSize = 16
)

// keyFunction is what a key goes through on its way into a table.
var keyFunction = &lua.LFunction{IsG: true, GFunction: func(L *lua.LState) int {
	if n, ok := L.Get(1).(lua.LNumber); ok && n > farIndex {
		of(L).reach(L, n)
	}
	return 1
}}

// reach is told that an index is about to be used.
func (r *run) reach(L *lua.LState, key lua.LValue) {
	n, ok := key.(lua.LNumber)
	if !ok || n <= farIndex || n >= lua.LNumber(lua.MaxArrayIndex) {
		return
	}
	index := int(n)
	if index > r.highest+farIndex {
		r.grow(L, indexSize*index)
	}
	r.highest = max(r.highest, index)
}
