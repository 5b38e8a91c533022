package ratelimit

import (
	"errors"
	"math"
	"regexp"
	"strconv"
	"time"
)

// windowText is the grammar of @upstash/ratelimit 2.2.0. The space is what
// JavaScript takes for one.
var windowText = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?)[\t-\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}]?(ms|s|m|h|d|w)$`)

var windowUnits = map[string]time.Duration{
	"ms": time.Millisecond, "s": time.Second, "m": time.Minute, "h": time.Hour,
	"d": 24 * time.Hour, "w": 7 * 24 * time.Hour,
}

var errWindowText = errors.New(`ratelimit: the window is not understood: write a number and one of ms, s, m, h, d, w, as in "10 s" or "1.5h", from 1ms to 366 days`)

// ParseWindow reads a window as services in TypeScript write it in their
// settings: "10 s", "500ms", "1.5 h", "1 d", "2w". As in @upstash/ratelimit it is
// rounded to whole milliseconds, and less than one is an error. For windows in Go
// code write 10*time.Second.
func ParseWindow(text string) (time.Duration, error) {
	parts := windowText.FindStringSubmatch(text)
	if parts == nil {
		return 0, errWindowText
	}
	n, err := strconv.ParseFloat(parts[1], 64)
	if err != nil { // it is beyond float64
		return 0, errWindowText
	}
	ms := roundHalfUp(n * float64(windowUnits[parts[2]].Milliseconds()))
	if ms < 1 || ms > float64(maxWindow.Milliseconds()) {
		return 0, errWindowText
	}
	return time.Duration(ms) * time.Millisecond, nil
}

// roundHalfUp is Math.round of JavaScript.
func roundHalfUp(x float64) float64 {
	whole := math.Floor(x)
	if x-whole >= 0.5 {
		whole++
	}
	return whole
}
