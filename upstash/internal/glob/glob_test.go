package glob_test

import (
	"strings"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/internal/glob"
)

// What a Redis 7.0 server says, of malformed patterns, too.
func TestMatch(t *testing.T) {
	t.Parallel()
	for pattern, texts := range map[string]struct{ yes, no string }{
		"a*":     {"a ab abc", "b ba"},
		"*a":     {"a ba", "b ab"},
		"**":     {"a ab", ""},
		"a*b*c":  {"axxbyybzzc abc", "ab acb"},
		"?":      {"a *", "ab"},
		"[z-a]x": {"mx ax zx", "x Mx"},
		"[^a]":   {"b", "a"},
		"[^]":    {"a ]", ""},
		"[]":     {"", "a ]"},
		"[]a]":   {"", "a ]"},
		"[abc":   {"a b c", "d"},
		`a\`:     {`a\`, "a"},
		`[a\]]`:  {"a ]", "b"},
		"[^":     {"a", "ab"},
		"[a-":    {"a -", "b"},
		"[a-]":   {"a ]", "- b"},
		"[a-]]":  {"a ]", "-"},
		"[a-]b]": {"a b", "-"},
		"a[":     {"", "a a["},
		"[":      {"", "["},
		`\*`:     {"*", "a"},
		"[^a-c]d": {
			"dd", "ad d",
		},
		`[\`:   {`\`, "a"},
		"news": {"news", "new newss"},
	} {
		for text := range strings.FieldsSeq(texts.yes) {
			if !glob.Match(pattern, text) {
				t.Errorf("%q does not match %q", pattern, text)
			}
		}
		for text := range strings.FieldsSeq(texts.no) {
			if glob.Match(pattern, text) {
				t.Errorf("%q matches %q", pattern, text)
			}
		}
	}
	if glob.Match("*", "") || !glob.Match("", "") {
		t.Error("the empty text matches the empty pattern only")
	}
	if glob.Match(strings.Repeat("a*", 1000)+"b", strings.Repeat("a", 10_000)) {
		t.Error("a pattern matches that ends in b")
	}
}

func FuzzMatch(f *testing.F) {
	for _, pattern := range []string{"*", "a*b?", "[^a-c]", `\[`, "[a-", "[]", `[\`, "**a"} {
		f.Add(pattern, "abc")
	}
	f.Fuzz(func(t *testing.T, pattern, text string) {
		got := glob.Match(pattern, text) // never panics, always ends
		if !strings.ContainsAny(pattern, `*?[\`) && got != (pattern == text) {
			t.Fatalf("%q and %q: %v", pattern, text, got)
		}
		if got && !glob.Match("*"+pattern, "x"+text) {
			t.Fatalf("a star in front of %q does not take x before %q", pattern, text)
		}
	})
}
