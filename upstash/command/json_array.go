package command

// JSONArrAppend adds values, marshaled to JSON, to the end of each array that path
// matches, and returns the new lengths; a match that is no array is absent.
func JSONArrAppend(key, path string, values ...any) Cmd[[]Null[int64]] {
	return once(Reply.jsonInts, "JSON.ARRAPPEND", key, at(path), jsonWords(values))
}

// JSONArrIndex returns the position of the first item equal to value, marshaled to
// JSON, in each array that path matches, or -1; a match that is no array is absent.
func JSONArrIndex(key, path string, value any) Cmd[[]Null[int64]] {
	return JSONArrIndexWith(key, path, value, JSONArrIndexOptions{})
}

// JSONArrIndexOptions says where [JSONArrIndexWith] looks. Negative positions
// count from the end. The zero value is the whole array.
type JSONArrIndexOptions struct {
	Start int64 // the first position
	Stop  int64 // the position after the last one; 0 is the end
}

// JSONArrIndexWith is [JSONArrIndex] in a part of the array.
func JSONArrIndexWith(key, path string, value any, o JSONArrIndexOptions) Cmd[[]Null[int64]] {
	var t tail
	if o.Start != 0 || o.Stop != 0 {
		t.addInt(o.Start)
	}
	if o.Stop != 0 {
		t.addInt(o.Stop)
	}
	return read(Reply.jsonInts, "JSON.ARRINDEX", key, at(path), jsonWord(value), t)
}

// JSONArrInsert inserts values, marshaled to JSON, before the item at index into
// each array that path matches, and returns the new lengths; a match that is no
// array is absent. A negative index counts from the end.
func JSONArrInsert(key, path string, index int64, values ...any) Cmd[[]Null[int64]] {
	return once(Reply.jsonInts, "JSON.ARRINSERT", key, at(path), index, jsonWords(values))
}

// JSONArrLen returns the length of each array that path matches; a match that is
// no array is absent. An empty path is the root.
func JSONArrLen(key, path string) Cmd[[]Null[int64]] {
	return read(Reply.jsonInts, "JSON.ARRLEN", key, atOrRoot(path))
}

// JSONArrPop removes the last item of each array that path matches and returns
// them as JSON text; a match that is empty or no array is absent. An empty path is
// the root.
func JSONArrPop(key, path string) Cmd[[]Null[string]] {
	return once(Reply.jsonTexts, "JSON.ARRPOP", key, atOrRoot(path))
}

// JSONArrPopAt is [JSONArrPop] of the item at index; a negative index counts from
// the end. An index beyond the end takes the item at that end.
func JSONArrPopAt(key, path string, index int64) Cmd[[]Null[string]] {
	return once(Reply.jsonTexts, "JSON.ARRPOP", key, at(path), index)
}

// JSONArrTrim keeps the items start to stop, both included, of each array that
// path matches, and returns the new lengths; a match that is no array is absent.
// Negative positions count from the end.
func JSONArrTrim(key, path string, start, stop int64) Cmd[[]Null[int64]] {
	return once(Reply.jsonInts, "JSON.ARRTRIM", key, at(path), start, stop)
}
