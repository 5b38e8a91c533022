package luascript

import (
	"math"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// formatNumber writes a number as Lua 5.1 does: "%.14g".
func formatNumber(f float64) string {
	if n := int64(f); float64(n) == f && n > -1e14 && n < 1e14 && (n != 0 || !math.Signbit(f)) {
		return strconv.FormatInt(n, 10)
	}
	return formatG(f, 14)
}

// formatG writes "%.<precision>g" of C.
func formatG(f float64, precision int) string {
	switch {
	case math.IsNaN(f) && math.Signbit(f):
		return "-nan"
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 0):
		return strings.ToLower(strconv.FormatFloat(f, 'g', -1, 64))[boolInt(f > 0):]
	}
	return strconv.FormatFloat(f, 'g', max(precision, 1), 64)
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// formatArgument writes a number as an argument of a command.
func formatArgument(f float64) string {
	if f == math.Trunc(f) && math.Abs(f) < 1<<63 {
		return strconv.FormatInt(int64(f), 10)
	}
	return formatG(f, 17)
}

// truncate converts as C does on the machines Redis runs on.
func truncate(f float64) int64 {
	if f >= -(1<<63) && f < 1<<63 {
		return int64(f)
	}
	return math.MinInt64 // also for what is no number
}

// parseNumber reads a number as Lua 5.1 does with the C library of Linux.
func parseNumber(s string) (float64, bool) {
	s = strings.Trim(s, " \t\n\v\f\r")
	if s == "" || strings.ContainsAny(s, "_\x00") {
		return 0, false
	}
	digits := strings.ToLower(strings.TrimLeft(s, "+-"))
	if len(s)-len(digits) > 1 {
		return 0, false
	}
	sign := 1.0
	if s[0] == '-' {
		sign = -1
	}
	switch {
	case strings.HasPrefix(digits, "0x"):
		if !strings.Contains(digits, "p") {
			digits += "p0"
		}
	case digits == "" || digits[0] == 'n' && digits != "nan" || digits[0] == 'i' && digits != "inf" && digits != "infinity":
		return 0, false
	case digits == "nan":
		return math.NaN(), true
	}
	f, err := strconv.ParseFloat(digits, 64)
	if err != nil && !math.IsInf(f, 0) {
		return 0, false
	}
	return math.Copysign(f, sign), true
}

// toNumber converts a number, or a string that is one.
func toNumber(v lua.LValue) (float64, bool) {
	switch v := v.(type) {
	case lua.LNumber:
		return float64(v), true
	case lua.LString:
		return parseNumber(string(v))
	}
	return 0, false
}

// asString converts a string, or a number to one.
func asString(v lua.LValue) (string, bool) {
	switch v := v.(type) {
	case lua.LString:
		return string(v), true
	case lua.LNumber:
		return formatNumber(float64(v)), true
	}
	return "", false
}
