package superjson

import "strconv"

// A step is a place in the value, as the path from the root.
type step struct {
	up    *step
	key   string
	index int // of an array, else -1
	depth int
}

func (s *step) down(key string, index int) *step {
	depth := 1
	if s != nil {
		depth += s.depth
	}
	return &step{s, key, index, depth}
}

func (s *step) name() string {
	if s.index >= 0 {
		return strconv.Itoa(s.index)
	}
	return s.key
}

func (s *step) length() int {
	if s == nil {
		return 0
	}
	return s.depth
}
func (s *step) path() string {
	steps := make([]*step, s.length())
	for i := len(steps) - 1; i >= 0; i, s = i-1, s.up {
		steps[i] = s
	}
	var path []byte
	for i, at := range steps {
		if i > 0 {
			path = append(path, '.')
		}
		path = appendSegment(path, at.name())
	}
	return string(path)
}
