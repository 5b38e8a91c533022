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

// size is what a binary takes, in bytes: as it is, and as it is uploaded.
type size struct{ bytes, gzip int64 }

// build compiles a handler with the flags that are documented for deployments.
func build(ctx context.Context, name, into, arch string) (size, error) {
	binary := filepath.Join(into, name)
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-tags", "lambda.norpc", //nolint:gosec // names of ours
		"-buildvcs=false", "-o", binary, "./handlers/"+name)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+arch)
	if out, err := cmd.CombinedOutput(); err != nil {
		return size{}, fmt.Errorf("go build of %s: %w: %s", name, err, strings.TrimSpace(string(out)))
	}
	return measure(binary)
}

// counter counts the bytes that are written.
type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

func measure(name string) (size, error) {
	f, err := os.Open(name) //nolint:gosec // a file of ours
	if err != nil {
		return size{}, err
	}
	defer f.Close() //nolint:errcheck // it was only read
	var n counter
	z := gzip.NewWriter(&n)
	bytes, err := io.Copy(z, f)
	if err != nil {
		return size{}, err
	}
	if err := z.Close(); err != nil {
		return size{}, err
	}
	return size{bytes: bytes, gzip: int64(n)}, nil
}
