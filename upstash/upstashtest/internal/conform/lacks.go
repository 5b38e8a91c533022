package conform

import (
	"maps"
	"slices"
)

// Lacks names cases that a database does not fulfill, with what there is to say
// about them: by the case's name, or by the command's name in upper case for all
// cases of that command.
type Lacks[T any] map[string]T

// Entry returns the key of the list that a case falls under, or "".
func (l Lacks[T]) Entry(c Case) string {
	for _, key := range []string{c.Name, c.Command()} {
		if _, found := l[key]; found {
			return key
		}
	}
	return ""
}

// Stale returns the entries under which no case failed: they are to be taken out.
func (l Lacks[T]) Stale(failed map[string]bool) (keys []string) {
	for _, key := range slices.Sorted(maps.Keys(l)) {
		if !failed[key] {
			keys = append(keys, key)
		}
	}
	return keys
}
