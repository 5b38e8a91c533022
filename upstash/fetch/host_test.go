//go:build !wasm

package fetch_test

import (
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// Where the tests that run under Node find the servers that this process runs.
const (
	envHost   = "FETCH_TEST_HOST"
	envNobody = "FETCH_TEST_NOBODY"
	envURL    = "FETCH_TEST_URL"
	envToken  = "FETCH_TEST_TOKEN"
)

// TestUnderNode compiles the tests of this package for js/wasm and runs them
// under Node, against servers in this process.
func TestUnderNode(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not here: it runs the tests for js/wasm")
	}
	gotool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("the go command is not here: it compiles the tests for js/wasm")
	}
	root, err := exec.CommandContext(t.Context(), gotool, "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(t.TempDir(), "fetch.test")
	compile := exec.CommandContext(t.Context(), gotool, "test", "-c", "-trimpath", "-ldflags=-s -w", "-o", program, ".")
	compile.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0", "GOFLAGS=-buildvcs=false")
	if out, err := compile.CombinedOutput(); err != nil {
		t.Fatalf("compiling: %v\n%s", err, out)
	}

	host, srv := newHost(t), upstashtest.New(t)
	nobody := httptest.NewServer(nil) // its port is free again, and no port that fetch refuses
	nobody.Close()
	run := exec.CommandContext(t.Context(), node, "--stack-size=8192",
		filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec_node.js"), program, "-test.v", "-test.timeout=30s")
	// Not the whole environment: a program for js/wasm does not start when it and the arguments pass 8 kB.
	run.Env = []string{"PATH=" + os.Getenv("PATH"), envHost + "=" + host.URL, envNobody + "=" + nobody.URL, envURL + "=" + srv.URL, envToken + "=" + srv.Token}
	if runtime.GOOS == "windows" {
		run.Env = append(run.Env, "SystemRoot="+os.Getenv("SystemRoot"))
	}
	out, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, bad := range []string{"SKIP", "released function", "already exited", "no tests to run"} {
		if strings.Contains(string(out), bad) {
			t.Errorf("it says %q:\n%s", bad, out)
		}
	}
	for _, name := range []string{"TestEcho", "TestStream", "TestClientSubscribes", "TestHostThatIgnoresSignals", "Example"} {
		if !strings.Contains(string(out), "--- PASS: "+name) {
			t.Errorf("%s did not run:\n%s", name, out)
		}
	}
}
