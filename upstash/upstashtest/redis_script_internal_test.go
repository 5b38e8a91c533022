package upstashtest

import "testing"

func TestFlagThatRedisRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"return 1":                           "return 1",
		"":                                   "",
		"#!lua\nreturn 1":                    "#!lua\nreturn 1",
		"#!lua flags=no-writes\nreturn 1":    "#!lua flags=no-writes\nreturn 1",
		"#!lua flags=bogus\nreturn 1":        "#!lua flags=bogus\nreturn 1",
		"#!lua flags=allow-key-locking":      "#!lua flags=allow-key-locking", // which Redis calls invalid, as it is
		"-- #!lua flags=allow-key-locking\n": "-- #!lua flags=allow-key-locking\n",
		"return 'allow-key-locking'\n":       "return 'allow-key-locking'\n",

		"#!lua flags=allow-key-locking\nreturn 1":             "--#!lua flags=allow-key-locking\nreturn 1",
		"#!lua flags=allow-key-locking\r\nreturn 1":           "--#!lua flags=allow-key-locking\r\nreturn 1",
		"#!lua flags=allow-key-locking,no-writes\nreturn 1":   "#!lua flags=no-writes\nreturn 1",
		"#!lua flags=no-writes,allow-key-locking,x\nreturn 1": "#!lua flags=no-writes,x\nreturn 1",
		"#!lua name=a flags=allow-key-locking\nreturn 1":      "#!lua name=a\nreturn 1",
		"#!luajit flags=allow-key-locking\nreturn 1":          "#!luajit\nreturn 1",
	} {
		if got := withoutKeyLocking(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
