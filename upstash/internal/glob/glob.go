// Package glob matches names against the patterns of Redis: those of PSUBSCRIBE,
// KEYS and PUBSUB CHANNELS.
package glob

// Match tells whether text matches a pattern as Redis reads it, byte by byte. It
// never fails: what is malformed means something in Redis too, which is why no
// pattern is made a regular expression.
func Match(pattern, text string) bool {
	if text == "" {
		return pattern == "" // also "*" matches no empty channel in Redis
	}
	// Only the last star ever has to be given more text.
	afterStar, starText := -1, 0
	p, t := 0, 0
	for t < len(text) {
		if p < len(pattern) && pattern[p] == '*' {
			p++
			afterStar, starText = p, t
			continue
		}
		if p < len(pattern) {
			if width, ok := element(pattern[p:], text[t]); ok {
				p += width
				t++
				continue
			}
		}
		if afterStar < 0 {
			return false
		}
		starText++
		p, t = afterStar, starText
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

// element matches c with the element at the start of a pattern that is neither
// empty nor begins with a star, and returns how long the element is.
func element(pattern string, c byte) (width int, ok bool) {
	switch {
	case pattern[0] == '?':
		return 1, true
	case pattern[0] == '[':
		return class(pattern, c)
	case pattern[0] == '\\' && len(pattern) > 1:
		return 2, pattern[1] == c
	}
	return 1, pattern[0] == c
}

// class matches c with a class like [a-c] or [^x]. One that is never closed
// ends with the pattern.
func class(pattern string, c byte) (width int, ok bool) {
	i := 1
	negated := i < len(pattern) && pattern[i] == '^'
	if negated {
		i++
	}
	found := false
	for ; i < len(pattern) && pattern[i] != ']'; i++ {
		rest := pattern[i:]
		switch {
		case len(rest) >= 2 && rest[0] == '\\':
			found = found || rest[1] == c
			i++
		case len(rest) >= 3 && rest[1] == '-': // also "a-]", which so ends no class
			found = found || min(rest[0], rest[2]) <= c && c <= max(rest[0], rest[2])
			i += 2
		default:
			found = found || rest[0] == c
		}
	}
	return min(i+1, len(pattern)), found != negated
}
