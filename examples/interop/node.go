package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// A node runs client.mjs.
type node struct {
	program string
	folder  string
}

// A missingError says what has to be installed before anything can be proved.
type missingError struct{ what string }

func (e *missingError) Error() string { return e.what }

// findNode looks for what the TypeScript side needs, in the first folder that
// holds client.mjs.
func findNode(folders []string) (node, error) {
	for _, folder := range folders {
		if !exists(filepath.Join(folder, "client.mjs")) {
			continue
		}
		program, err := exec.LookPath("node")
		if err != nil {
			return node{}, &missingError{"node is not here: install Node 20 or later, then run `npm ci` in " + folder}
		}
		for _, name := range []string{"@upstash/redis", "@upstash/ratelimit", "superjson"} {
			if !exists(filepath.Join(folder, "node_modules", filepath.FromSlash(name), "package.json")) {
				return node{}, &missingError{"the npm package " + name + " is not installed: run `npm ci` in " + folder}
			}
		}
		return node{program, folder}, nil
	}
	return node{}, fmt.Errorf("no client.mjs in %s: run it from the root of the repository", strings.Join(folders, " or "))
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return !errors.Is(err, fs.ErrNotExist)
}

// A line is what client.mjs prints: the outcome of a check, or the wish that
// messages be published on a channel.
type line struct {
	Check  string `json:"check"`
	OK     bool   `json:"ok"`
	Error  string `json:"error"`
	Signal string `json:"signal"`
}

// stageTimeout is far beyond what a stage takes, about a second.
const stageTimeout = time.Minute

// stage runs one stage of client.mjs on a database and calls each with its lines.
func (n node) stage(ctx context.Context, name, url, token string, each func(line) error) error {
	ctx, cancel := context.WithTimeout(ctx, stageTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, n.program, "client.mjs", name) //nolint:gosec // both are ours: node, and the name of a stage
	cmd.Dir = n.folder
	cmd.Env = append(os.Environ(), upstash.EnvURL+"="+url, upstash.EnvToken+"="+token)
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	count, readErr := readLines(out, each)
	if readErr != nil {
		cancel() // nobody reads on
	}
	err = cmd.Wait()
	switch {
	case readErr != nil:
		err = readErr
	case err == nil && complaints.Len() > 0:
		err = errors.New("it complained")
	case err == nil && count == 0:
		err = errors.New("it printed nothing")
	}
	if err != nil {
		return fmt.Errorf("client.mjs %s: %w: %s", name, err, bytes.TrimSpace(complaints.Bytes()))
	}
	return nil
}

func readLines(r io.Reader, each func(line) error) (count int, err error) {
	scanner := bufio.NewScanner(r)
	scanner.Buffer(nil, 16<<20) // a difference may be shown at length
	for ; scanner.Scan(); count++ {
		var l line
		if err := json.Unmarshal(scanner.Bytes(), &l); err != nil {
			return count, fmt.Errorf("it printed no line of JSON: %w", err)
		}
		if err := each(l); err != nil {
			return count, err
		}
	}
	return count, scanner.Err()
}
