package command

// JSONObjKeys returns the names of the members of each object that path matches;
// a match that is no object is absent. An empty path is the root. [ErrNil] says
// that there is no such document.
func JSONObjKeys(key, path string) Cmd[[]Null[[]string]] {
	return read(Reply.jsonNames, "JSON.OBJKEYS", key, atOrRoot(path))
}

// JSONObjLen returns the number of members of each object that path matches; a
// match that is no object is absent. An empty path is the root. [ErrNil] says that
// there is no such document.
func JSONObjLen(key, path string) Cmd[[]Null[int64]] {
	return read(Reply.jsonInts, "JSON.OBJLEN", key, atOrRoot(path))
}
