package session_test

import "strings"

// finder looks for many texts at once: by their first eight bytes, which no two
// secrets have in common by chance.
type finder struct {
	texts map[[8]byte][]string
	count int
}

func (f *finder) add(texts ...string) {
	if f.texts == nil {
		f.texts = map[[8]byte][]string{}
	}
	for _, text := range texts {
		start := [8]byte([]byte(text))
		f.texts[start] = append(f.texts[start], text)
		f.count++
	}
}

// in tells whether one of the texts is part of text.
func (f *finder) in(text string) bool {
	for i := 0; i+8 <= len(text); i++ {
		for _, want := range f.texts[[8]byte([]byte(text[i:i+8]))] {
			if strings.HasPrefix(text[i:], want) {
				return true
			}
		}
	}
	return false
}
