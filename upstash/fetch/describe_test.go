package fetch

import (
	"strings"
	"testing"
)

func TestDescribe(t *testing.T) {
	t.Parallel()
	const address = "https://name-1.example.com/subscribe/secrets"
	for _, c := range []struct {
		name, want string
		texts      []string
	}{
		{"Node, refused", "TypeError fetch failed Error connect ECONNREFUSED ...",
			[]string{"TypeError", "fetch failed", "Error", "connect ECONNREFUSED 127.0.0.1:8079", "ECONNREFUSED"}},
		{"Node, no such host", "TypeError fetch failed Error getaddrinfo ENOTFOUND ...",
			[]string{"TypeError", "fetch failed", "Error", "getaddrinfo ENOTFOUND name-1.example.com", "ENOTFOUND"}},
		{"Workers", "Error Network connection lost", []string{"Error", "Network connection lost."}},
		{"a browser", "TypeError Failed to fetch", []string{"TypeError", "Failed to fetch"}},
		{"a URL", "TypeError Failed to parse URL from ...", []string{"TypeError", "Failed to parse URL from " + address}},
		{"a header", "TypeError ... is an invalid header value", []string{"TypeError", `"Bearer Sesame" is an invalid header value.`}},
		{"a name in the path", "no ...", []string{"no Secrets secret"}},
		{"nothing", "the host does not say what failed", []string{"", ""}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := describe(c.texts, []string{address, "Bearer Sesame"}); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestDescribeIsBounded(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for range 100 {
		for c := 'a'; c <= 'z'; c++ {
			text.WriteString(strings.Repeat(string(c), 39) + " ")
		}
	}
	if got := describe([]string{text.String()}, nil); len(strings.Fields(got)) != mostWords {
		t.Errorf("%d words of %d bytes", len(strings.Fields(got)), len(got))
	}
}

// Whatever a host says, no word of a request is repeated.
func FuzzDescribe(f *testing.F) {
	f.Add("TypeError: Failed to parse URL from https://name.example.com", "https://name.example.com")
	f.Add("Bearer sesame", "Bearer Sesame")
	f.Add("ſecret K", "secret k")
	f.Fuzz(func(t *testing.T, text, part string) {
		got := describe([]string{text}, []string{part})
		if got == describe(nil, nil) {
			return
		}
		for word := range strings.FieldsSeq(got) {
			if word != "..." && (!isPlain(word) || strings.Contains(strings.ToLower(part), strings.ToLower(word))) {
				t.Errorf("%q is shown of %q", word, part)
			}
		}
	})
}
