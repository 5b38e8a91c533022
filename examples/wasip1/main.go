// Wasip1 runs this module compiled for WASI, where there are no sockets: it
// compiles the program in the folder guest, starts a local server and Node with
// host.mjs, which lends the program its network, and prints what the program says
// and what it cost.
//
//	go run ./examples/wasip1
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

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, []string{"examples/wasip1", "."}, os.Stdout)
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "wasip1:", err)
		os.Exit(1)
	}
}

// run is the program without its process. Its sources are in the first of the
// folders that has them.
func run(ctx context.Context, folders []string, w io.Writer) (err error) {
	node, err := exec.LookPath("node")
	if err != nil {
		_, _ = fmt.Fprintln(w, "wasip1: skipped: node is not here: install Node 20 or later")
		return nil
	}
	folder, err := findSources(folders)
	if err != nil {
		return err
	}
	into, err := os.MkdirTemp("", "wasip1")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(into)) }()
	program := filepath.Join(into, "guest.wasm")
	if err := build(ctx, folder, program); err != nil {
		return err
	}
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		return err
	}
	defer srv.Close()
	return show(ctx, node, folder, program, srv, w)
}

func findSources(folders []string) (string, error) {
	for _, folder := range folders {
		if _, err := os.Stat(filepath.Join(folder, "host.mjs")); err == nil {
			return folder, nil
		}
	}
	return "", fmt.Errorf("host.mjs is not in %s: run it from the root of the repository", strings.Join(folders, " or "))
}

// build compiles the program in folder/guest.
func build(ctx context.Context, folder, program string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-ldflags=-s -w", "-o", program, "./guest") //nolint:gosec // a file of ours
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w: %s", err, strings.TrimSpace(string(out)))
	}
	return nil
}

// show runs the program against a server, one of whose keys is never read to the
// end, and reports what it cost.
func show(ctx context.Context, node, folder, program string, srv *upstashtest.Server, w io.Writer) error {
	srv.InterceptAll(upstashtest.On("GET", neverAnswer))
	if err := start(ctx, node, folder, program, srv.URL, srv.Token, w); err != nil {
		return err
	}
	return report(w, srv, program)
}

// start runs the program in the host, against a database, to its end.
func start(ctx context.Context, node, folder, program, url, token string, w io.Writer) error {
	var complaints strings.Builder
	cmd := exec.CommandContext(ctx, node, "--no-warnings", filepath.Join(folder, "host.mjs"), program) //nolint:gosec // node, and our script
	cmd.Env = append(os.Environ(), upstash.EnvURL+"="+url, upstash.EnvToken+"="+token)
	cmd.Stdout, cmd.Stderr = w, &complaints
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("host.mjs: %w: %s", err, strings.TrimSpace(complaints.String()))
	}
	return nil
}

// report counts what was answered, and how large the program is.
func report(w io.Writer, srv *upstashtest.Server, program string) error {
	var roundTrips, billed int
	for _, r := range srv.Requests() {
		if r.Status != 0 {
			roundTrips, billed = roundTrips+1, billed+r.Billed
		}
	}
	info, err := os.Stat(program)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "\n%d round trips, %d billed commands\nguest.wasm: %.2f MB\n", roundTrips, billed, float64(info.Size())/1e6)
	return err
}

// neverAnswer keeps who reads the key "slow" waiting until they give up.
func neverAnswer(x *upstashtest.Exchange) {
	if x.Commands[0][1] == "slow" {
		<-x.Context().Done()
		x.Drop()
	}
}
