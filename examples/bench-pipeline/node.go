package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// A node runs bench.mjs with the npm packages that examples/interop pins.
type node struct{ program, script, packages string }

// findNode looks for what it needs below the first folder that has it.
func findNode(examples []string) (node, error) {
	program, err := exec.LookPath("node")
	if err != nil {
		return node{}, errors.New("it is not installed")
	}
	for _, folder := range examples {
		n := node{program, filepath.Join(folder, "bench-pipeline", "bench.mjs"), filepath.Join(folder, "interop")}
		if _, err := os.Stat(n.script); err != nil {
			continue
		}
		if _, err := os.Stat(filepath.Join(n.packages, "node_modules", "@upstash", "redis")); err != nil {
			return node{}, fmt.Errorf("run `npm ci --prefix %s`", n.packages)
		}
		n.packages, err = filepath.Abs(n.packages)
		return n, err
	}
	return node{}, errors.New("bench.mjs is not here: run it from the root of the repository")
}

// measure has as many callers in one Node process.
func (n node) measure(srv server) func(context.Context, plan) (float64, error) {
	return func(ctx context.Context, p plan) (float64, error) {
		cmd := exec.CommandContext(ctx, n.program, n.script) //nolint:gosec // node, and our script
		cmd.Env = append(os.Environ(),
			upstash.EnvURL+"="+srv.URL, upstash.EnvToken+"="+srv.Token, "PACKAGES="+n.packages, "KEY="+key, "VALUE="+value,
			"CALLERS="+strconv.Itoa(p.callers), "MILLISECONDS="+strconv.FormatInt(p.time.Milliseconds(), 10))
		var complaints strings.Builder
		cmd.Stderr = &complaints
		out, err := cmd.Output()
		if err != nil {
			return 0, fmt.Errorf("bench.mjs: %w: %s", err, strings.TrimSpace(complaints.String()))
		}
		var rate float64
		err = json.Unmarshal(out, &rate)
		return rate, err
	}
}
