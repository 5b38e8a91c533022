package superjson

import (
	"math"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// appendUnit appends a rune, or half of a surrogate pair in the three bytes that
// UTF-8 would have for it.
func appendUnit(b []byte, r rune) []byte {
	if utf16.IsSurrogate(r) {
		return append(b, 0xED, byte(0x80|r>>6&0x3F), byte(0x80|r&0x3F)) //nolint:gosec // six bits each
	}
	return utf8.AppendRune(b, r)
}

// surrogate reads what appendUnit wrote for half of a pair.
func surrogate(s string) (rune, bool) {
	if len(s) < 3 || s[0] != 0xED || s[1]&0xE0 != 0xA0 || s[2]&0xC0 != 0x80 {
		return 0, false
	}
	return 0xD000 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F), true
}

const hexDigits = "0123456789abcdef"

// appendString appends a string as JSON.stringify writes it. It is false for
// one that is not UTF-8.
func appendString(b []byte, s string) ([]byte, bool) {
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			if r, size := utf8.DecodeRuneInString(s[i:]); r != utf8.RuneError || size > 1 {
				i += size
				continue
			}
		}
		b = append(b, s[from:i]...)
		size := 1
		if c < utf8.RuneSelf {
			b = appendEscape(b, c)
		} else {
			half, ok := surrogate(s[i:])
			if !ok {
				return nil, false
			}
			size = 3
			if low, ok := surrogate(s[i+3:]); ok && utf16.DecodeRune(half, low) != utf8.RuneError {
				b = utf8.AppendRune(b, utf16.DecodeRune(half, low))
				size = 6
			} else {
				b = append(b, '\\', 'u', 'd', hexDigits[half>>8&0xF], hexDigits[half>>4&0xF], hexDigits[half&0xF])
			}
		}
		i += size
		from = i
	}
	return append(append(b, s[from:]...), '"'), true
}

func appendEscape(b []byte, c byte) []byte {
	switch c {
	case '\b':
		c = 'b'
	case '\f':
		c = 'f'
	case '\n':
		c = 'n'
	case '\r':
		c = 'r'
	case '\t':
		c = 't'
	case '"', '\\':
	default:
		return append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&0xF])
	}
	return append(b, '\\', c)
}

// appendFloat appends a finite number as JavaScript writes it.
func appendFloat(b []byte, f float64, bits int) []byte {
	if abs := math.Abs(f); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		b = strconv.AppendFloat(b, f, 'e', -1, bits)
		if n := len(b); b[n-2] == '0' && (b[n-3] == '-' || b[n-3] == '+') { // e-07 is e-7 there
			b[n-2] = b[n-1]
			b = b[:n-1]
		}
		return b
	}
	return strconv.AppendFloat(b, f, 'f', -1, bits)
}

// arrayIndex reads a key that JavaScript takes for an array index. Those come
// first in every object, in ascending order.
func arrayIndex(key string) (uint64, bool) {
	if key == "" || len(key) > 10 || key[0] == '0' && len(key) > 1 {
		return 0, false
	}
	var i uint64
	for _, c := range []byte(key) {
		if c < '0' || c > '9' {
			return 0, false
		}
		i = i*10 + uint64(c-'0')
	}
	return i, i < math.MaxUint32
}

// jsOrder returns the order in which JavaScript has these keys, as positions,
// or nil where they are in order.
func jsOrder(keys []string) []int {
	type indexed struct {
		index    uint64
		position int
	}
	var first []indexed
	inOrder := true
	for position, key := range keys {
		if index, ok := arrayIndex(key); ok {
			if position != len(first) || position > 0 && first[position-1].index > index {
				inOrder = false
			}
			first = append(first, indexed{index, position})
		}
	}
	if inOrder {
		return nil
	}
	slices.SortFunc(first, func(a, b indexed) int { return int(a.index) - int(b.index) }) //nolint:gosec // 32 bits
	order := make([]int, 0, len(keys))
	for _, one := range first {
		order = append(order, one.position)
	}
	for position, key := range keys {
		if _, ok := arrayIndex(key); !ok {
			order = append(order, position)
		}
	}
	return order
}
