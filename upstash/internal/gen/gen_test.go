package main

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden shows what is derived from each kind of declaration, and that
// everything that is no constructor is passed over.
func TestGolden(t *testing.T) {
	t.Parallel()
	client, pipeline := t.TempDir(), t.TempDir()
	stale := filepath.Join(client, "commands_gone_gen.go")
	if err := os.WriteFile(stale, []byte("package upstash\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run(filepath.Join("testdata", "words"), client, pipeline); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(stale); !os.IsNotExist(err) {
		t.Errorf("the file of a group that is gone is still there: %v", err)
	}
	for dir, golden := range map[string]string{client: "client", pipeline: "pipeline"} {
		made, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil || len(made) != 1 {
			t.Fatalf("made %v, %v; want one file", made, err)
		}
		got, err := os.ReadFile(made[0])
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("testdata", golden+".golden")
		if *update {
			if err := os.WriteFile(file, got, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s (-want +got), go test -update writes it anew:\n%s", golden, diff)
		}
	}
}

// TestGeneratedIsCurrent fails when a constructor changed and go generate was
// not run.
func TestGeneratedIsCurrent(t *testing.T) {
	t.Parallel()
	client, pipeline := t.TempDir(), t.TempDir()
	root := filepath.Join("..", "..")
	if err := run(filepath.Join(root, "command"), client, pipeline); err != nil {
		t.Fatal(err)
	}
	for made, kept := range map[string]string{client: root, pipeline: filepath.Join(root, "..", "pipeline")} {
		want, got := readAll(t, made), readAll(t, kept)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s is stale, run go generate ./... (-want +got):\n%s", filepath.Clean(kept), diff)
		}
	}
}

func readAll(t *testing.T, dir string) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "commands_*_gen.go"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(file)] = string(text)
	}
	return all
}
