package ratelimit_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
)

func TestParseWindow(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"10 s": 10 * time.Second, "10s": 10 * time.Second, "500 ms": 500 * time.Millisecond, "1m": time.Minute,
		"1.5 h": 90 * time.Minute, "7 d": 7 * 24 * time.Hour, "2w": 14 * 24 * time.Hour, "0.5ms": time.Millisecond,
		"1.4999 ms": time.Millisecond, "2.5ms": 3 * time.Millisecond, "0.0015s": 2 * time.Millisecond, "010 s": 10 * time.Second,
		"1\ts": time.Second, "1\u00a0s": time.Second, "1\ufeffs": time.Second, "1.0005 s": 1001 * time.Millisecond,
		"366d": 366 * 24 * time.Hour,
	} {
		got, err := ratelimit.ParseWindow(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
		check(t, text, want, got)
	}
	for _, text := range []string{
		"", "10", "s", "10  s", " 10 s", "10 s ", "10 S", "-1 s", "+1s", "1e3 ms", ".5 s", "5. s", "1,5 s", "1 s\n", "1 min", "0 s", "0.4 ms",
		"1\u0085s", "١ s", "367 d", "99999999999999999999 w", "0x10 s",
	} {
		if got, err := ratelimit.ParseWindow(text); err == nil {
			t.Errorf("%q: %v and no error", text, got)
		}
	}
}

// FuzzParseWindow: what is read is whole milliseconds within the bounds, and
// written in those reads the same.
func FuzzParseWindow(f *testing.F) {
	for _, text := range []string{"10 s", "1.5h", "0.4 ms", "7w", "1\u2003m", "9e9 s"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		window, err := ratelimit.ParseWindow(text)
		if err != nil {
			return
		}
		if window < time.Millisecond || window > 366*24*time.Hour || window%time.Millisecond != 0 {
			t.Fatalf("%q is %v", text, window)
		}
		again, err := ratelimit.ParseWindow(fmt.Sprint(window.Milliseconds(), " ms"))
		check(t, "read again", window, again)
		noErr(t, err)
		if _, err := ratelimit.New(newDoer(t), ratelimit.Options{Limit: ratelimit.FixedWindow(1, window)}); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
	})
}
