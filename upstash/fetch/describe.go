package fetch

import (
	"slices"
	"strings"
)

// mostWords bounds the text of an error; hosts write less.
const mostWords = 24

// describe makes one line of what a host says about a failure. Of its words only
// those remain that cannot come from the request: they are letters, with an
// underscore at most, and none of the parts of the request contains them. A run
// of others is shown as three dots.
func describe(texts, parts []string) string {
	parts = slices.Clone(parts)
	for i, part := range parts {
		parts[i] = strings.ToLower(part)
	}
	var words []string
	for _, text := range texts {
		for word := range strings.FieldsSeq(text) {
			word = strings.Trim(word, `.,:;!?"'()`)
			if !isPlain(word) || contains(parts, word) {
				word = "..."
			}
			known := slices.Contains(words, word) && word != "..."
			if !known && (len(words) == 0 || words[len(words)-1] != word) && len(words) < mostWords {
				words = append(words, word)
			}
		}
	}
	if len(words) == 0 {
		return "the host does not say what failed"
	}
	return strings.Join(words, " ")
}

func isPlain(word string) bool {
	return word != "" && len(word) <= 40 && !strings.ContainsFunc(word, func(c rune) bool {
		return c != '_' && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z')
	})
}

func contains(parts []string, word string) bool {
	word = strings.ToLower(word)
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(part, word) })
}
