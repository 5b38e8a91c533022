package command

import "strings"

// JSONDel deletes what path matches and returns how many values that were. With
// an empty path, or the root, it deletes the whole document. Read a document with
// [JSONGet].
func JSONDel(key, path string) Cmd[int64] {
	return wholeDocument(path, once(Reply.Int, "JSON.DEL", key, atOrRoot(path)))
}

// JSONForget is another name of [JSONDel].
func JSONForget(key, path string) Cmd[int64] {
	return wholeDocument(path, once(Reply.Int, "JSON.FORGET", key, atOrRoot(path)))
}

// wholeDocument is a deletion that may be repeated when it takes all: elsewhere,
// the next item of an array has moved to the place of the first one.
func wholeDocument(path string, c Cmd[int64]) Cmd[int64] {
	switch path {
	case "", "$", ".":
		return c.WithClass(Idempotent)
	}
	return c
}

// JSONClear empties the arrays and objects and sets the numbers to 0 that path
// matches, and returns how many it changed. Strings and booleans stay. An empty
// path is the root.
func JSONClear(key, path string) Cmd[int64] {
	return idempotent(Reply.Int, "JSON.CLEAR", key, atOrRoot(path))
}

// JSONGet returns the document at key as JSON text, or [ErrNil] when there is
// none; [JSON] reads it as a Go type. One path that begins with $ returns the
// array of its matches, empty where nothing matches, so that the type is a slice:
//
//	command.JSON[User](command.JSONGet("user:1"))
//	command.JSON[[]string](command.JSONGet("user:1", "$.name"))
//
// Several paths return an object with a member for each path.
func JSONGet(key string, paths ...string) Cmd[string] {
	return JSONGetWith(key, JSONGetOptions{}, paths...)
}

// JSONGetOptions lays out the text of [JSONGetWith] for people. The zero value is
// the compact form.
type JSONGetOptions struct {
	Indent  string // before a line, once for each level
	Newline string // at the end of a line
	Space   string // between the name of a member and its value
}

// JSONGetWith is [JSONGet] with a layout.
func JSONGetWith(key string, o JSONGetOptions, paths ...string) Cmd[string] {
	var t tail
	for _, option := range []struct{ word, value string }{
		{"INDENT", o.Indent}, {"NEWLINE", o.Newline}, {"SPACE", o.Space},
	} {
		if option.value != "" {
			t.add(option.word, option.value)
		}
	}
	for _, path := range paths {
		switch strings.ToUpper(path) {
		case "":
			t.refuse("a path is empty: leave it out for the whole document")
		case "INDENT", "NEWLINE", "SPACE", "FORMAT", "NOESCAPE":
			t.refuse("a path reads as an option: begin it with $.")
		}
		t.add(path)
	}
	return read(Reply.Text, "JSON.GET", key, t)
}

// JSONMerge merges value into what path matches, as RFC 7386 says: members of
// objects one by one, a null deletes its member, all else is replaced.
func JSONMerge(key, path string, value any) Cmd[OK] {
	return onceIf(isMoving(path), idempotent(Reply.storedJSON, "JSON.MERGE", key, at(path), jsonWord(value)))
}

// JSONMGet returns for each key what path matches in its document, as JSON text
// like that of [JSONGet]. It is one billed command whatever the number of keys.
func JSONMGet(path string, keys ...string) Cmd[[]Null[string]] {
	return read(Reply.NullTexts, "JSON.MGET", many("key", keys), at(path))
}

// JSONEntry is one value for [JSONMSet].
type JSONEntry struct {
	Key   string
	Path  string
	Value any // marshaled to JSON
}

// JSONMSet stores all values, or none of them. It is one billed command whatever
// their number.
func JSONMSet(entries ...JSONEntry) Cmd[OK] {
	var t tail
	if len(entries) == 0 {
		t.refuse("needs at least one entry")
	}
	moving := false
	for _, e := range entries {
		moving = moving || isMoving(e.Path)
		t.add(e.Key)
		t.addTail(at(e.Path))
		t.addTail(jsonWord(e.Value))
	}
	return onceIf(moving, idempotent(Reply.storedJSON, "JSON.MSET", t))
}

// JSONResp returns what path matches as the types of the protocol: an object is a
// list of "{", a name, a value, and so on; an array is a list of "[" and its
// items. An empty path is the root. [JSONGet] is easier to read.
func JSONResp(key, path string) Cmd[Reply] {
	return read(Reply.Reply, "JSON.RESP", key, atOrRoot(path))
}

// JSONSet stores value, marshaled to JSON, at every place that path matches, or as
// a new member of an object that exists; the path "$" stores the whole document,
// and is the only one for a new key. [ErrNil] says that the path led nowhere, and
// that nothing was stored.
func JSONSet(key, path string, value any) Cmd[OK] {
	return onceIf(isMoving(path), idempotent(Reply.storedJSON, "JSON.SET", key, at(path), jsonWord(value)))
}

// JSONSetOptions changes what JSON.SET does. The zero value is the plain command.
type JSONSetOptions struct {
	// If is [Absent] to write only where nothing is at the path yet, or [Present]
	// to write only where something is. No other condition is possible.
	If Condition
}

// JSONSetWith is [JSONSet] under a condition and reports whether it stored the
// value.
func JSONSetWith(key, path string, value any, o JSONSetOptions) Cmd[bool] {
	var t tail
	if o.If.has {
		t.refuse("the condition of a path is Absent or Present: JSON.SET compares no values")
	}
	o.If.appendTo(&t)
	return onceIf(isMoving(path) || o.If.word == Absent.word,
		idempotent(Reply.Applied, "JSON.SET", key, at(path), jsonWord(value), t))
}

// JSONType returns the type of each value that path matches: "object", "array",
// "string", "integer", "number", "boolean" or "null". An empty path is the root.
// [ErrNil] says that there is no such document.
func JSONType(key, path string) Cmd[[]Null[string]] {
	return read(Reply.jsonTexts, "JSON.TYPE", key, atOrRoot(path))
}

// at is a path that has to be given.
func at(path string) (t tail) {
	if path == "" {
		t.refuse("needs a path: $ is the whole document")
	}
	t.add(path)
	return t
}

// atOrRoot is a path that may be left out.
func atOrRoot(path string) (t tail) {
	if path != "" {
		t.add(path)
	}
	return t
}

// isMoving tells a path that can mean more places once it was written to: one that
// looks at every depth, or one that ends in an index, where an array may grow. A
// write to it is not repeated. A bracket that holds a name is taken for an index.
func isMoving(path string) bool { return strings.Contains(path, "..") || strings.HasSuffix(path, "]") }
