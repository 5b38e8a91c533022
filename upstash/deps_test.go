//go:build !wasm

package upstash_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const modulePath = "github.com/seed-9937a0e6/upstash-go"

// directions says what the shipped files of a folder may import from this module. The first folder that fits decides.
// Patterns here and below: a folder ("upstash"), a folder and everything in it ("cache/..."), or a file.
var directions = []struct {
	folder string
	may    []string
	why    string
}{
	{"upstash/command", nil, "command is the vocabulary everything else is built on"},
	{"upstash", []string{"upstash/command", "upstash/internal/..."},
		"the client knows commands and its own helpers, nothing built on it"},
	{"upstash/internal/...", []string{"upstash/command", "upstash/internal/..."},
		"helpers serve the client and do not know it"},
	{"upstash/upstashtest/...", []string{"upstash", "upstash/command", "upstash/internal/...", "upstash/upstashtest/..."},
		"the test server speaks the protocol and knows nothing built on the client"},
	{"upstash/cmd/...", []string{"upstash/..."}, "the development server is the test server behind flags"},
	{"upstash/...", []string{"upstash", "upstash/command"}, "what stands beside the client needs the client only"},
	{"pipeline/...", []string{"upstash", "upstash/command", "pipeline/..."}, "batches know commands and the Doer"},
	{"cache/superjson/...", nil, "a wire format is the standard library: who only exchanges values carries no client"},
	{"cache/memory/...", nil, "a bounded store knows texts, not what they mean"},
	{"cache/...", []string{"upstash", "upstash/command", "pipeline", "cache/..."}, whyAlone},
	{"ratelimit/clientip", nil, "the address of a client is read without limits too"},
	{"ratelimit/httplimit", []string{"ratelimit", "ratelimit/clientip"}, "the middleware knows decisions, not what makes them"},
	{"ratelimit/...", []string{"upstash", "upstash/command", "pipeline", "ratelimit/..."}, whyAlone},
	{"session/...", []string{"upstash", "upstash/command", "pipeline", "session/..."}, whyAlone},
	{"lambda/lambdatest", nil, "the fake Runtime API runs any function"},
	{"lambda/...", []string{"upstash", "upstash/command", "ratelimit/clientip", "lambda/..."},
		"the handler wrapper drains whatever registers with it, and reads addresses as the limits do"},
	{"examples/...", []string{"..."}, "an example may use everything"},
}

// thirdParty says where each dependency may be imported.
var thirdParty = []struct {
	module    string
	where     []string
	testsOnly bool
	why       string
}{
	{"github.com/go-resty/resty/v2", []string{"upstash/transport.go"}, false, "one file knows the HTTP client"},
	{"github.com/alicebob/miniredis/v2", []string{"upstash/upstashtest/..."}, false, "the engine belongs to the test server"},
	{"github.com/yuin/gopher-lua", []string{"upstash/upstashtest/..."}, false, "the script runner belongs to the test server"},
	{"github.com/aws/aws-lambda-go", []string{"lambda/...", "examples/..."}, false, "only Lambda programs carry its runtime, and package lambda in its tests alone"},
	{"github.com/zeebo/xxh3", []string{"upstash/...", "cache/..."}, false, "the digest of conditional writes is made by who writes"},
	{"github.com/maypok86/otter/v2", []string{"cache/memory/..."}, false, "only programs that ask for a tier in memory carry its store"},
	{"golang.org/x/sync", []string{"..."}, false, "small, and close to the standard library"},
	{"github.com/google/go-cmp", []string{"..."}, true, "comparisons stay in tests, out of users' binaries"},
	{"github.com/jarcoal/httpmock", []string{"..."}, true, "wire fakes stay in tests, out of users' binaries"},
}

const (
	whyAlone        = "who takes one feature does not carry the others"
	whyStandardOnly = "command is the standard library and no I/O"
	whyNoTesting    = "the testing package stays in tests, and in the helpers that take a testing.TB"
	whyNotExamples  = "examples are leaves: nothing is built on them"
	whyUnknownPlace = "this folder has no place in the layout: see directions in deps_test.go"
	whyUnknownThird = "a new dependency needs an argument: give it a line with its reason in thirdParty of deps_test.go"
)

// takesTestingTB are the packages for the tests of users: upstashtest ends its server with the test, and sessiontest
// reports what it finds wrong with a program's handlers.
var takesTestingTB = []string{"upstash/upstashtest/...", "session/sessiontest"}

var topLevel = []string{"upstash", "cache", "ratelimit", "session", "pipeline", "lambda", "examples"}

// within reports whether one of the patterns covers a folder, a file or an import path.
func within(name string, patterns ...string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		tree, whole := strings.CutSuffix(pattern, "...")
		return name == strings.TrimSuffix(tree, "/") || whole && strings.HasPrefix(name, tree)
	})
}

// refusal is the reason why file must not import imported, or "".
func refusal(file, imported string) string {
	folder, test := path.Dir(file), strings.HasSuffix(file, "_test.go")
	local, ours := strings.CutPrefix(imported, modulePath+"/")
	host, _, _ := strings.Cut(imported, "/")
	switch {
	case ours && within(local, "examples/...") && !within(folder, "examples/..."):
		return whyNotExamples
	case ours:
		for _, d := range directions {
			if within(folder, d.folder) {
				if test || within(local, d.may...) {
					return ""
				}
				return d.why
			}
		}
		return whyUnknownPlace
	case test && !strings.Contains(host, "."):
		return ""
	case folder == "upstash/command" && !test &&
		(strings.Contains(host, ".") || within(imported, "net/...", "os/...", "syscall/...")):
		return whyStandardOnly
	case within(imported, "testing/...") && !within(folder, takesTestingTB...):
		return whyNoTesting
	case strings.Contains(host, "."):
		for _, d := range thirdParty {
			if within(imported, d.module+"/...") {
				if test && d.testsOnly || !d.testsOnly && (within(folder, d.where...) || within(file, d.where...)) {
					return ""
				}
				return d.why
			}
		}
		return whyUnknownThird
	}
	return ""
}

// violations checks the imports of each file; file names are relative to the repository.
func violations(imports map[string][]string) []string {
	var found []string
	for _, file := range slices.Sorted(maps.Keys(imports)) {
		for _, imported := range imports[file] {
			if why := refusal(file, imported); why != "" {
				found = append(found, file+" imports "+imported+": "+why)
			}
		}
	}
	return found
}

// misplaced reports a folder at the top that is not in the layout. Git does not keep bin nor the folders of editors.
func misplaced(folder string) bool {
	return !slices.Contains(topLevel, folder) && folder != "bin" && folder[0] != '.'
}

// readImports parses the import clauses of every Go file of the module at root, whatever its build constraints.
// Nested modules answer for themselves.
func readImports(t *testing.T, root string) map[string][]string {
	t.Helper()
	imports := map[string][]string{}
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || name == root {
			return err
		}
		if entry.IsDir() {
			_, noModule := os.Stat(filepath.Join(name, "go.mod"))
			if noModule == nil || entry.Name() == "testdata" || strings.ContainsAny(entry.Name()[:1], "._") {
				return filepath.SkipDir
			}
			return nil
		}
		if filepath.Ext(name) != ".go" {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		file := strings.TrimPrefix(filepath.ToSlash(name), root+"/")
		imports[file] = nil
		for _, spec := range parsed.Imports {
			imports[file] = append(imports[file], strings.Trim(spec.Path.Value, "\"`"))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return imports
}

func TestDependencies(t *testing.T) {
	t.Parallel()
	imports := readImports(t, "..")
	if _, ok := imports["upstash/deps_test.go"]; !ok {
		t.Fatal("this file was not found: the walk looks in the wrong place")
	}
	for _, violation := range violations(imports) {
		t.Error(violation)
	}
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.IsDir() && misplaced(entry.Name()) {
			t.Errorf("%s: folders at the top are %v; helpers live under the package they serve", entry.Name(), topLevel)
		}
	}
}

// TestDependencyRules plants a violation of every rule, and beside them what is allowed.
func TestDependencyRules(t *testing.T) {
	t.Parallel()
	const ours = modulePath + "/"
	type plant struct{ file, imported, why string }
	planted := []plant{
		{"cache/a.go", ours + "session", whyAlone},
		{"ratelimit/a.go", ours + "lambda", whyAlone},
		{"session/store/a.go", ours + "upstash/upstashtest", whyAlone},
		{"upstash/lock/a_test.go", "github.com/go-resty/resty/v2", thirdParty[0].why},
		{"upstash/command/a.go", "net/http", whyStandardOnly},
		{"upstash/command/b.go", "golang.org/x/sync/errgroup", whyStandardOnly},
		{"cache/a.go", "testing", whyNoTesting},
		{"session/a.go", "testing", whyNoTesting},
		{"cache/a_test.go", ours + "examples/products", whyNotExamples},
		{"internal/a.go", ours + "upstash", whyUnknownPlace},
		{"cache/a_test.go", "github.com/stretchr/testify", whyUnknownThird},
	}
	for _, d := range directions {
		if !slices.Contains(d.may, "...") {
			planted = append(planted, plant{strings.Replace(d.folder, "...", "later", 1) + "/a.go", ours + "later", d.why})
		}
	}
	for _, d := range thirdParty {
		if d.testsOnly || !slices.Contains(d.where, "...") {
			planted = append(planted, plant{"pipeline/a.go", d.module + "/sub", d.why})
		}
	}
	for _, p := range planted {
		want := []string{p.file + " imports " + p.imported + ": " + p.why}
		got := violations(map[string][]string{p.file: {"context", p.imported}})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
	allowed := map[string][]string{
		"upstash/transport.go":       {"net/http", "github.com/go-resty/resty/v2", ours + "upstash/command"},
		"upstash/command/a_test.go":  {"os", "testing", "github.com/google/go-cmp/cmp"},
		"session/sessiontest/a.go":   {"testing", "net/http/httptest", ours + "session"},
		"upstash/upstashtest/new.go": {"testing", "github.com/yuin/gopher-lua/parse", ours + "upstash"},
		"upstash/lock/lock_test.go":  {"testing/synctest", ours + "upstash/upstashtest"},
		"cache/codec/json.go":        {ours + "pipeline", "golang.org/x/sync/singleflight"},
		"examples/products/main.go":  {ours + "cache", ours + "session", ours + "upstash/upstashtest"},
	}
	if diff := cmp.Diff([]string(nil), violations(allowed)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if !misplaced("internal") || !misplaced("pkg") || misplaced("cache") || misplaced(".ci") {
		t.Error("misplaced does not know the layout")
	}
}
