package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// host is Node with worker.mjs.
type host struct {
	URL string

	complaints bytes.Buffer
	stop       func()
}

// start runs the program against a database.
func start(ctx context.Context, node, folder string, p program, url, token string) (*host, error) {
	cmd := exec.CommandContext(ctx, node, filepath.Join(folder, "worker.mjs"), p.support, p.file) //nolint:gosec // node, and our script
	cmd.Env = append(os.Environ(), upstash.EnvURL+"="+url, upstash.EnvToken+"="+token)
	h := &host{}
	cmd.Stderr = &h.complaints
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	h.stop = func() {
		_ = stdin.Close() // it ends then
		_ = cmd.Wait()    // what it wrote by then is all there is
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		h.stop()
		return nil, fmt.Errorf("worker.mjs: %w: %s", err, bytes.TrimSpace(h.complaints.Bytes()))
	}
	h.URL = strings.TrimSpace(line)
	return h, nil
}
