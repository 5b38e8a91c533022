package superjson

import "strings"

// forbidden are the keys through which a document could reach into the
// prototypes of a JavaScript reader. They are never written, and never part of
// a path.
func forbidden(key string) bool {
	return key == "__proto__" || key == "constructor" || key == "prototype"
}

// appendSegment appends a key as a segment of a path.
func appendSegment(path []byte, key string) []byte {
	for _, c := range []byte(key) {
		if c == '\\' || c == '.' {
			path = append(path, '\\')
		}
		path = append(path, c)
	}
	return path
}

// splitPath returns the keys of a path. Before version 1 of the format a
// backslash was an escape only in front of a dot. The reason says what is wrong.
func splitPath(path string, legacy bool) (keys []string, reason string) {
	for {
		key, rest, more, ok := cutSegment(path, legacy)
		switch {
		case !ok:
			return nil, "its path has a backslash before something else than a backslash or a dot"
		case forbidden(key):
			return nil, "its path leads into a prototype"
		case len(keys) > maxDepth:
			return nil, "its path is longer than anything nests"
		}
		keys = append(keys, key)
		if !more {
			return keys, ""
		}
		path = rest
	}
}

func cutSegment(path string, legacy bool) (key, rest string, more, ok bool) {
	end := strings.IndexAny(path, `\.`)
	if end < 0 {
		return path, "", false, true
	}
	if path[end] == '.' {
		return path[:end], path[end+1:], true, true
	}
	b := []byte(path[:end])
	for i := end; i < len(path); i++ {
		c := path[i]
		switch {
		case c == '.':
			return string(b), path[i+1:], true, true
		case c != '\\':
		case i+1 < len(path) && (path[i+1] == '.' || !legacy && path[i+1] == '\\'):
			i++
			c = path[i]
		case !legacy:
			return "", "", false, false
		}
		b = append(b, c)
	}
	return string(b), "", false, true
}
