package cache_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// TestModelMutants plants faults in this package, one at a time, and has the
// model harness look for bad reads: what it does not find there it would not find
// in the package either. The faults are in testdata/mutants.txt.
//
// The short form only checks that each of them can still be planted.
// UPSTASH_MUTANTS=1 builds the package with each and runs it, which takes a while.
func TestModelMutants(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("testdata", "mutants.txt"))
	noErr(t, err)
	mutants := parseMutants(t, string(text))
	if len(mutants) < 14 {
		t.Errorf("%d mutants, want at least 14", len(mutants))
	}
	kills := kills{}
	t.Run("planted", func(t *testing.T) {
		t.Parallel()
		t.Cleanup(func() { kills.report(t) })
		for _, m := range mutants {
			t.Run(m.name, func(t *testing.T) {
				t.Parallel()
				m.check(t)
				if os.Getenv("UPSTASH_MUTANTS") != "" && m.equivalent == "" {
					kills.add(m, m.caught(t, m.build(t)))
				}
			})
		}
	})
}

// mutant is a fault in the package.
type mutant struct {
	name, breaks string
	equivalent   string // why it breaks nothing
	tests        string // what catches it, where the model cannot
	edits        []edit
}

type edit struct{ file, before, after string }

// parseMutants reads the list, whose form its head explains.
func parseMutants(t *testing.T, text string) (all []mutant) {
	t.Helper()
	var field *string
	for line := range strings.Lines(text) {
		mark, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		if mark == "==" {
			all, field = append(all, mutant{name: rest}), nil
			continue
		}
		if len(all) == 0 {
			continue // the head
		}
		m := &all[len(all)-1]
		switch mark {
		case "breaks:":
			m.breaks, field = rest, nil
		case "equivalent:":
			m.equivalent, field = rest, nil
		case "tests:":
			m.tests, field = rest, nil
		case "<<":
			m.edits = append(m.edits, edit{file: rest})
			field = &m.edits[len(m.edits)-1].before
		case ">>":
			field = &m.edits[len(m.edits)-1].after
		default:
			if field != nil {
				*field += line
			} else if strings.TrimSpace(line) != "" {
				t.Fatalf("a line that belongs to nothing: %q", line)
			}
		}
	}
	for i := range all {
		for j, e := range all[i].edits {
			all[i].edits[j].before, all[i].edits[j].after = strings.TrimRight(e.before, "\n"), strings.TrimRight(e.after, "\n")
		}
	}
	return all
}

// check looks whether every edit has exactly one place.
func (m mutant) check(t *testing.T) {
	t.Helper()
	if m.breaks == "" || len(m.edits) == 0 {
		t.Fatalf("%d edits, breaks %q: expected both", len(m.edits), m.breaks)
	}
	for _, e := range m.edits {
		text, err := os.ReadFile(e.file)
		noErr(t, err)
		if n := strings.Count(string(text), e.before); n != 1 || e.before == e.after {
			t.Errorf("%s has this text %d times, want once and something else in its place:\n%s", e.file, n, e.before)
		}
	}
}

// build makes the package's test binary with the fault in it.
func (m mutant) build(t *testing.T) string {
	t.Helper()
	dir, texts := t.TempDir(), map[string]string{}
	for _, e := range m.edits {
		if _, has := texts[e.file]; !has {
			text, err := os.ReadFile(e.file)
			noErr(t, err)
			texts[e.file] = string(text)
		}
		texts[e.file] = strings.Replace(texts[e.file], e.before, e.after, 1)
	}
	replace := map[string]string{}
	for file, text := range texts {
		here, err := filepath.Abs(file)
		noErr(t, err)
		replace[here] = filepath.Join(dir, file)
		noErr(t, os.WriteFile(replace[here], []byte(text), 0o600))
	}
	if m.tests == "" { // other tests take most of the time to compile
		files, err := filepath.Glob("*_test.go")
		noErr(t, err)
		for _, file := range files {
			if !modelFiles.MatchString(file) {
				here, err := filepath.Abs(file)
				noErr(t, err)
				replace[here] = "" // it is not there
			}
		}
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	noErr(t, err)
	list, binary := filepath.Join(dir, "overlay.json"), filepath.Join(dir, "cache.test")
	noErr(t, os.WriteFile(list, overlay, 0o600))
	out, err := exec.CommandContext(t.Context(), "go", "test", "-c", "-overlay", list, "-o", binary, ".").CombinedOutput()
	if err != nil {
		t.Fatalf("the package does not build with the fault: %v\n%s", err, out)
	}
	return binary
}

// modelFiles are what the model is built of.
var modelFiles = regexp.MustCompile(`^(model|helper|export)_`)

var badRead = regexp.MustCompile(`(?m)^.*returned version \d+ although version \d+ was announced.*$`)

// caught runs the model with more and more schedules, and says where it found a
// bad read.
func (m mutant) caught(t *testing.T, binary string) string {
	t.Helper()
	if m.tests != "" {
		out, err := runMutant(t.Context(), binary, m.tests, 0)
		if err == nil || !bytes.Contains(out, []byte("--- FAIL")) {
			t.Errorf("not caught by %s: %v", m.tests, err)
			return ""
		}
		return m.tests
	}
	for _, try := range []struct {
		tests     string
		schedules int
	}{{"^TestModel$", 100}, {"^TestModelExhaustive$", 0}, {"^TestModel$", 2_000}} {
		out, err := runMutant(t.Context(), binary, try.tests, try.schedules)
		if found := badRead.Find(out); found != nil {
			return fmt.Sprintf("%s, %d schedules: %s", try.tests, try.schedules, bytes.TrimSpace(found))
		}
		if err != nil {
			t.Logf("%s failed without a bad read: %v\n%.2000s", try.tests, err, out)
			return ""
		}
	}
	t.Logf("not caught: %s", m.breaks)
	return ""
}

func runMutant(ctx context.Context, binary, tests string, schedules int) ([]byte, error) {
	cmd := exec.CommandContext(ctx, binary, "-test.run", tests, "-test.failfast", "-test.timeout", "10m")
	cmd.Env = append(os.Environ(), "UPSTASH_LONG=")
	if schedules > 0 {
		cmd.Env = append(cmd.Env, "UPSTASH_SCHEDULES="+strconv.Itoa(schedules))
	}
	return cmd.CombinedOutput()
}

// kills counts.
type kills struct {
	mu            sync.Mutex
	planted, dead int
}

func (k *kills) add(m mutant, caught string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.planted++
	if caught != "" {
		k.dead++
	}
	_, _ = fmt.Fprintf(os.Stdout, "mutant %q: %s\n", m.name, caught) // as it happens
}

// report wants nine in ten to be caught.
func (k *kills) report(t *testing.T) {
	t.Helper()
	if k.planted == 0 {
		return // the short form
	}
	t.Logf("%d of %d planted faults caught, %.0f %%", k.dead, k.planted, 100*float64(k.dead)/float64(k.planted))
	if 10*k.dead < 9*k.planted {
		t.Error("expected at least 90 %")
	}
}
