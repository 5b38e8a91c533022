// Package luascript runs the Lua scripts of EVAL as Redis does. It knows nothing
// of the data: commands go to a callback, and replies are RESP2.
//
// The interpreter is gopher-lua. What Redis's scripts can tell apart from it is
// put right here: the libraries are this package's own, and so are the texts of
// errors. Three things in its machine cannot be reached from outside, and the
// source is rewritten for them before it is compiled: see rewrite.go.
//
// A script cannot harm its host. It is stopped when its time is up, memory and
// recursion are bounded, and it sees nothing of the process.
package luascript
