package luascript

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// A spec is one conversion of string.format.
type spec struct {
	flags            string
	width, precision int // -1 when absent
	verb             byte
}

func strFormat(L *lua.LState) int {
	format := checkString(L, 1)
	var out strings.Builder
	arg := 1
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			out.WriteByte(format[i])
			continue
		}
		if i+1 < len(format) && format[i+1] == '%' {
			out.WriteByte('%')
			i++
			continue
		}
		s, next := parseSpec(L, format, i+1)
		i = next
		if arg++; arg > L.GetTop() {
			argError(L, arg, "no value")
		}
		out.WriteString(s.format(L, arg))
		if out.Len() > checkBytes {
			of(L).grow(L, out.Len())
		}
	}
	of(L).grow(L, out.Len())
	L.Push(lua.LString(out.String()))
	return 1
}

// parseSpec reads a conversion and returns the place of its verb.
func parseSpec(L *lua.LState, format string, i int) (s spec, verb int) {
	start := i
	for i < len(format) && strings.IndexByte("-+ #0", format[i]) >= 0 {
		i++
	}
	if s.flags = format[start:i]; len(s.flags) > 5 {
		throw(L, "invalid format (repeated flags)")
	}
	s.width, i = twoDigits(format, i)
	s.precision = -1
	if i < len(format) && format[i] == '.' {
		s.precision, i = twoDigits(format, i+1)
		s.precision = max(s.precision, 0)
	}
	switch {
	case i < len(format) && isDigit(format[i]):
		throw(L, "invalid format (width or precision too long)")
	case i >= len(format):
		throw(L, "invalid option '%%' to 'format'")
	case strings.IndexByte("cdiouxXeEfgGqs", format[i]) < 0:
		throw(L, "invalid option '%%%c' to 'format'", format[i])
	}
	s.verb = format[i]
	return s, i
}

func twoDigits(format string, i int) (n, next int) {
	n = -1
	for end := i + 2; i < end && i < len(format) && isDigit(format[i]); i++ {
		n = max(n, 0)*10 + int(format[i]-'0')
	}
	return n, i
}

func (s spec) format(L *lua.LState, arg int) string {
	switch s.verb {
	case 'c':
		return s.pad(string([]byte{byte(truncate(checkNumber(L, arg)))})) //nolint:gosec // as C does
	case 'd', 'i':
		return s.integer(truncate(checkNumber(L, arg)))
	case 'o', 'u', 'x', 'X':
		return s.unsigned(checkNumber(L, arg))
	case 'q':
		return quoted(checkString(L, arg))
	case 's':
		text := checkString(L, arg)
		if s.precision >= 0 && s.precision < len(text) {
			text = text[:s.precision]
		}
		return s.pad(text)
	}
	return s.float(checkNumber(L, arg))
}

func (s spec) pad(text string) string {
	if n := s.width - len(text); n > 0 {
		if strings.Contains(s.flags, "-") {
			return text + strings.Repeat(" ", n)
		}
		return strings.Repeat(" ", n) + text
	}
	return text
}

// number gives digits a sign and the width.
func (s spec) number(sign, digits string, zeros bool) string {
	if sign == "" {
		switch {
		case strings.Contains(s.flags, "+"):
			sign = "+"
		case strings.Contains(s.flags, " "):
			sign = " "
		}
	}
	if zeros && strings.Contains(s.flags, "0") && !strings.Contains(s.flags, "-") {
		digits = strings.Repeat("0", max(s.width-len(sign)-len(digits), 0)) + digits
	}
	return s.pad(sign + digits)
}

func (s spec) precise(digits string) string {
	if s.precision == 0 && digits == "0" {
		return ""
	}
	return strings.Repeat("0", max(s.precision-len(digits), 0)) + digits
}

func (s spec) integer(n int64) string {
	sign, digits := "", strconv.FormatInt(n, 10)
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	return s.number(sign, s.precise(digits), s.precision < 0)
}

func (s spec) unsigned(f float64) string {
	n := uint64(truncate(f)) //nolint:gosec // as C does
	if f >= 1<<63 && f < 1<<64 {
		n = uint64(f)
	}
	verb := s.verb
	if verb == 'u' {
		verb = 'd'
	}
	digits := s.precise(fmt.Sprintf("%"+string(verb), n))
	if strings.Contains(s.flags, "#") && n != 0 {
		digits = map[byte]string{'x': "0x", 'X': "0X", 'o': "0", 'd': ""}[verb] + digits
	}
	s.flags = strings.NewReplacer("+", "", " ", "").Replace(s.flags)
	return s.number("", digits, s.precision < 0)
}

func (s spec) float(f float64) string {
	precision := s.precision
	if precision < 0 {
		precision = 6
	}
	sign := ""
	if math.Signbit(f) {
		sign, f = "-", math.Copysign(f, 1)
	}
	var digits string
	finite := !math.IsInf(f, 0) && !math.IsNaN(f)
	switch {
	case !finite:
		if digits = formatG(f, 6); s.verb == 'E' || s.verb == 'G' {
			digits = strings.ToUpper(digits)
		}
	case s.verb == 'g' || s.verb == 'G':
		format := "%.*" + string(s.verb)
		if strings.Contains(s.flags, "#") {
			format = "%#.*" + string(s.verb)
		}
		digits = fmt.Sprintf(format, max(precision, 1), f)
	default:
		digits = fmt.Sprintf("%.*"+string(s.verb), precision, f)
		if precision == 0 && strings.Contains(s.flags, "#") && s.verb == 'f' {
			digits += "."
		}
	}
	return s.number(sign, digits, finite)
}

// quoted writes a string that Lua reads back.
func quoted(text string) string {
	var out strings.Builder
	out.WriteByte('"')
	for i := range len(text) {
		switch c := text[i]; c {
		case '"', '\\', '\n':
			out.WriteByte('\\')
			out.WriteByte(c)
		case '\r':
			out.WriteString(`\r`)
		case 0:
			out.WriteString(`\000`)
		default:
			out.WriteByte(c)
		}
	}
	out.WriteByte('"')
	return out.String()
}
