package main

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// program is the compiled Worker.
type program struct {
	file    string
	support string // wasm_exec.js of the Go version that compiled it
	bytes   int64
	gzip    int64 // bytes, compressed as well as gzip can
}

// build compiles the program in folder/wasm into a folder.
func build(ctx context.Context, folder, into string) (program, error) {
	p := program{file: filepath.Join(into, "worker.wasm")}
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", p.file, "./wasm") //nolint:gosec // a file of ours
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return program{}, fmt.Errorf("go build: %w: %s", err, strings.TrimSpace(string(out)))
	}
	root, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return program{}, fmt.Errorf("go env: %w", err)
	}
	p.support = filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js")
	p.bytes, p.gzip, err = sizes(p.file)
	return p, err
}

// counter counts the bytes that are written.
type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

func sizes(name string) (plain, compressed int64, err error) {
	f, err := os.Open(name) //nolint:gosec // a file of ours
	if err != nil {
		return 0, 0, err
	}
	defer f.Close() //nolint:errcheck // it was only read
	var n counter
	z, err := gzip.NewWriterLevel(&n, gzip.BestCompression)
	if err != nil {
		return 0, 0, err
	}
	if plain, err = io.Copy(z, f); err != nil {
		return 0, 0, err
	}
	err = z.Close()
	return plain, int64(n), err
}
