// Worker runs this module compiled to WebAssembly in a host like those of
// Workers: it compiles the program in the folder wasm, starts a local server and
// Node with worker.mjs, sends requests to the Worker, and prints what came of
// them, what each cost, and how large the program is.
//
//	go run ./examples/worker
//
// It needs Node 20 or later, and no npm package.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, []string{"examples/worker", "."}, os.Stdout)
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "worker:", err)
		os.Exit(1)
	}
}

// run is the program without its process. Its sources are in the first of the
// folders that has them.
func run(ctx context.Context, folders []string, w io.Writer) error {
	node, missing := findNode()
	if missing != nil {
		_, _ = fmt.Fprintln(w, "worker: skipped:", missing)
		return nil
	}
	outcomes, p, err := show(ctx, node, folders)
	if err != nil {
		return err
	}
	report(w, outcomes, p)
	return nil
}

func findNode() (string, error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return "", errors.New("node is not here: install Node 20 or later")
	}
	return node, nil
}

// show compiles the Worker, starts it, and makes the tour.
func show(ctx context.Context, node string, folders []string) (outcomes []outcome, p program, err error) {
	folder, err := findSources(folders)
	if err != nil {
		return nil, program{}, err
	}
	into, err := os.MkdirTemp("", "worker")
	if err != nil {
		return nil, program{}, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(into)) }()
	if p, err = build(ctx, folder, into); err != nil {
		return nil, program{}, err
	}
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		return nil, program{}, err
	}
	defer srv.Close()
	h, err := start(ctx, node, folder, p, srv.URL, srv.Token)
	if err != nil {
		return nil, program{}, err
	}
	outcomes, err = tour(ctx, h.URL, srv)
	h.stop()
	if h.complaints.Len() > 0 {
		err = errors.Join(err, fmt.Errorf("the Worker complained: %s", strings.TrimSpace(h.complaints.String())))
	}
	return outcomes, p, err
}

func findSources(folders []string) (string, error) {
	for _, folder := range folders {
		if _, err := os.Stat(filepath.Join(folder, "worker.mjs")); err == nil {
			return folder, nil
		}
	}
	return "", fmt.Errorf("worker.mjs is not in %s: run it from the root of the repository", strings.Join(folders, " or "))
}
