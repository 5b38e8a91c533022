//go:build !wasm

package cache_test

import (
	"os/exec"
	"strings"
	"testing"
)

// TestWhatACacheLinks asks the go command what a program carries that imports
// this package and nothing else of the module: neither the store of the tier in
// memory nor superjson. The question is checked on the package that does.
func TestWhatACacheLinks(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("the go command is not here")
	}
	const ours = "github.com/seed-9937a0e6/upstash-go/cache"
	for of, forbidden := range map[string][]string{
		ours:                {"github.com/maypok86/otter/", ours + "/memory", ours + "/superjson", "testing"},
		ours + "/superjson": {"github.com/maypok86/otter/", ours + "/memory", "github.com/seed-9937a0e6/upstash-go/upstash", "net/http", "testing"},
		ours + "/memory":    {ours + "/superjson", "github.com/seed-9937a0e6/upstash-go/upstash", "net/http", "testing"},
	} {
		linked := linkedBy(t, of)
		for _, name := range forbidden {
			for _, got := range linked {
				if strings.HasPrefix(got+"/", strings.TrimSuffix(name, "/")+"/") {
					t.Errorf("a program that imports %s carries %s", of, got)
				}
			}
		}
	}
	found := false
	for _, got := range linkedBy(t, ours+"/memory") {
		found = found || strings.HasPrefix(got, "github.com/maypok86/otter/")
	}
	check(t, "otter is in what cache/memory links", true, found)
}

func linkedBy(t *testing.T, name string) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", name).Output()
	noErr(t, err)
	return strings.Fields(string(out))
}
