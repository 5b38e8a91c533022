package wire_test

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"github.com/seed-9937a0e6/upstash-go/upstash/internal/wire"
)

// appendRESP2 writes a tree as a server would.
func appendRESP2(dst []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		dst = strconv.AppendInt(append(dst, '$'), int64(len(v)), 10)
		dst = append(append(dst, "\r\n"...), v...)
	case failure:
		dst = append(append(dst, '-'), v...)
	case int64:
		dst = strconv.AppendInt(append(dst, ':'), v, 10)
	case []any:
		dst = strconv.AppendInt(append(dst, '*'), int64(len(v)), 10)
		dst = append(dst, "\r\n"...)
		for _, item := range v {
			dst = appendRESP2(dst, item)
		}
		return dst
	default:
		dst = append(dst, "$-1"...)
	}
	return append(dst, "\r\n"...)
}

var (
	respNumber = regexp.MustCompile(`^[+-]?[0-9]+$`)
	respLength = regexp.MustCompile(`^[0-9]+$`)
)

// canonical reads one RESP2 value, slowly, and rewrites it as appendRESP2 writes
// it: each status as a string, one nil, numbers without needless digits. It
// reports false for what is no value.
func canonical(body string, depth int) (text, rest string, ok bool) {
	line, rest, ok := strings.Cut(body, "\r\n")
	if !ok || line == "" {
		return "", "", false
	}
	kind, line := line[0], line[1:]
	switch kind {
	case '+':
		return string(appendRESP2(nil, line)), rest, true
	case '-':
		return string(appendRESP2(nil, failure(line))), rest, true
	case ':':
		n, ok := new(big.Int).SetString(strings.TrimPrefix(line, "+"), 10)
		if !ok || !n.IsInt64() || !respNumber.MatchString(line) {
			return "", "", false
		}
		return ":" + n.String() + "\r\n", rest, true
	case '$', '*':
	default:
		return "", "", false
	}
	if line == "-1" {
		return "$-1\r\n", rest, true
	}
	n, err := strconv.Atoi(line)
	if err != nil || !respLength.MatchString(line) {
		return "", "", false
	}
	if kind == '$' {
		if n > len(rest) || !strings.HasPrefix(rest[n:], "\r\n") {
			return "", "", false
		}
		return string(appendRESP2(nil, rest[:n])), rest[n+2:], true
	}
	if depth == wire.MaxDepth {
		return "", "", false
	}
	parts := []string{"*" + strconv.Itoa(n) + "\r\n"}
	for range n {
		var item string
		if item, rest, ok = canonical(rest, depth+1); !ok {
			return "", "", false
		}
		parts = append(parts, item)
	}
	return strings.Join(parts, ""), rest, true
}
