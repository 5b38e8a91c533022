package upstashtest

import "strconv"

// hasLoneSurrogate tells whether valid JSON has a \u escape for half of a
// surrogate pair without its other half.
func hasLoneSurrogate(valid []byte) bool {
	for i := 0; i < len(valid); i++ {
		if valid[i] != '\\' {
			continue
		}
		i++ // on the escaped character, which may be a backslash
		unit, ok := escapedUnit(valid[i:])
		if !ok {
			continue
		}
		i += len("ABCD")
		switch {
		case unit < 0xD800 || unit > 0xDFFF:
			continue
		case unit >= 0xDC00: // the second half first
			return true
		}
		rest := valid[i+1:]
		if len(rest) == 0 || rest[0] != '\\' {
			return true
		}
		if low, ok := escapedUnit(rest[1:]); !ok || low < 0xDC00 || low > 0xDFFF {
			return true
		}
		i += len(`\uABCD`)
	}
	return false
}

// escapedUnit reads the code unit of "uABCD" at the start of b.
func escapedUnit(b []byte) (unit uint64, ok bool) {
	if len(b) < len("uABCD") || b[0] != 'u' {
		return 0, false
	}
	unit, err := strconv.ParseUint(string(b[1:5]), 16, 16)
	return unit, err == nil
}
