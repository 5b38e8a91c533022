package upstashtest

import (
	"net/url"
	"slices"
	"strings"
	"testing"
)

// What a client wrote into a path arrives, and no path makes the parser panic.
func FuzzCommandFromPath(f *testing.F) {
	for _, seed := range [][2]string{
		{"/get/a%2Fb", ""}, {"/set/k", "EX=100&NX"}, {"/echo/", "_token=x"}, {"/echo/%zz", "%"}, {"", "=&=&a=b=c"},
		{"//", "a%26=+"}, {"/echo/a+b%00%ff", "%5Ftoken=x"},
	} {
		f.Add(seed[0], seed[1], []byte("body"))
	}
	f.Fuzz(func(t *testing.T, path, query string, body []byte) {
		command, err := commandFromPath(path, query, body)
		if err == nil && len(command) == 0 {
			t.Fatal("no command and no error")
		}
		words := strings.Fields(path + " " + query)
		var escaped []string
		for _, word := range words {
			escaped = append(escaped, url.PathEscape(word))
		}
		got, err := commandFromPath("/"+strings.Join(escaped, "/"), "", body)
		want := words
		if len(words) == 0 {
			want = []string{""}
		}
		if len(body) > 0 {
			want = append(want, string(body))
		}
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("%q became %q, %v", want, got, err)
		}
	})
}
