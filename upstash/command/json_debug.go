package command

// JSONDebugHelp returns the forms of JSON.DEBUG as the server describes them.
func JSONDebugHelp() Cmd[[]string] { return read(Reply.Texts, "JSON.DEBUG", "HELP") }

// JSONDebugMemory returns about how many bytes each value takes that path matches.
// An empty path is the root. [ErrNil] says that there is no such document.
func JSONDebugMemory(key, path string) Cmd[[]int64] {
	return read(Reply.jsonSizes, "JSON.DEBUG", "MEMORY", key, atOrRoot(path))
}
