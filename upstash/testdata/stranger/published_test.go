package stranger

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const root = "../../.."

// TestEverythingIsImported compares what this module imports with what is
// published, so that no new package is forgotten.
func TestEverythingIsImported(t *testing.T) {
	t.Parallel()
	var published []string
	for _, module := range modules(t) {
		list := exec.CommandContext(t.Context(), "go", "list", "-f", `{{if ne .Name "main"}}{{.ImportPath}}{{end}}`, "./...")
		list.Dir = module
		out, err := list.Output()
		if err != nil {
			t.Fatalf("go list in %s: %v", module, err)
		}
		for path := range strings.FieldsSeq(string(out)) {
			if parts := strings.Split(path, "/"); !slices.Contains(parts, "internal") && !slices.Contains(parts, "examples") {
				published = append(published, path)
			}
		}
	}
	slices.Sort(published)
	if diff := cmp.Diff(published, imported(t)); diff != "" {
		t.Errorf("import in stranger.go what is new (-published +imported)\n%s", diff)
	}
}

// modules are the folders of the modules that are released.
func modules(t *testing.T) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != root && (strings.HasPrefix(entry.Name(), ".") || slices.Contains([]string{"examples", "testdata", "node_modules"}, entry.Name())):
			return filepath.SkipDir
		case entry.Name() == "go.mod":
			found = append(found, filepath.Dir(name))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 2 {
		t.Fatalf("only %v: the walk looks in the wrong place", found)
	}
	return found
}

// imported are the packages of the project that this module imports.
func imported(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range parsed.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(path, "github.com/seed-9937a0e6/upstash-go/") {
				paths = append(paths, path)
			}
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}
