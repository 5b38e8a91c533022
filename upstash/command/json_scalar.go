package command

import "math"

// JSONNumIncrBy adds increment to each number that path matches and returns the
// new values with all of their digits; a match that is no number is absent.
func JSONNumIncrBy(key, path string, increment int64) Cmd[[]Null[JSONNumber]] {
	return once(Reply.jsonNumbers, "JSON.NUMINCRBY", key, at(path), increment)
}

// JSONNumIncrByFloat is [JSONNumIncrBy] with a fraction.
func JSONNumIncrByFloat(key, path string, increment float64) Cmd[[]Null[JSONNumber]] {
	return once(Reply.jsonNumbers, "JSON.NUMINCRBY", key, at(path), finite(increment))
}

// JSONNumMultBy multiplies each number that path matches by factor and returns the
// new values with all of their digits; a match that is no number is absent.
func JSONNumMultBy(key, path string, factor int64) Cmd[[]Null[JSONNumber]] {
	return once(Reply.jsonNumbers, "JSON.NUMMULTBY", key, at(path), factor)
}

// JSONNumMultByFloat is [JSONNumMultBy] with a fraction.
func JSONNumMultByFloat(key, path string, factor float64) Cmd[[]Null[JSONNumber]] {
	return once(Reply.jsonNumbers, "JSON.NUMMULTBY", key, at(path), finite(factor))
}

// JSONStrAppend adds value to the end of each string that path matches and returns
// the new lengths; a match that is no string is absent. [ErrNil] says that a legacy
// path leads to none.
func JSONStrAppend(key, path, value string) Cmd[[]Null[int64]] {
	return once(Reply.jsonInts, "JSON.STRAPPEND", key, at(path), jsonWord(value))
}

// JSONStrLen returns the length of each string that path matches; a match that is
// no string is absent. An empty path is the root. [ErrNil] says that there is no
// such document.
func JSONStrLen(key, path string) Cmd[[]Null[int64]] {
	return read(Reply.jsonInts, "JSON.STRLEN", key, atOrRoot(path))
}

// JSONToggle turns each boolean that path matches into the other one and returns
// the new values; a match that is no boolean is absent.
func JSONToggle(key, path string) Cmd[[]Null[bool]] {
	return once(Reply.jsonBools, "JSON.TOGGLE", key, at(path))
}

// finite is a number that JSON can hold.
func finite(f float64) (t tail) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		t.refuse("NaN and infinities are no JSON numbers")
		return t
	}
	t.addValue(f)
	return t
}
