//go:build unix

package upstash_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// What the test tells its child, the process that is stopped.
const (
	envChildURL       = "UPSTASH_TEST_FREEZE_URL"
	envChildAuthority = "UPSTASH_TEST_FREEZE_AUTHORITY"
	envChildLimit     = "UPSTASH_TEST_FREEZE_LIMIT"   // of idle connections
	envChildTimeout   = "UPSTASH_TEST_FREEZE_TIMEOUT" // of a command
)

const replyMark = "reply: " // the test binary writes other lines too

// TestFreezeChild is no test, but the client process of TestFreeze: it increments
// each key that it reads from its standard input. An empty one has it begin anew.
func TestFreezeChild(t *testing.T) { //nolint:paralleltest // it is alone in its process
	url := os.Getenv(envChildURL)
	if url == "" {
		t.Skip("it is started by TestFreeze")
	}
	limit, err := time.ParseDuration(os.Getenv(envChildLimit))
	if err != nil {
		t.Fatal(err)
	}
	timeout, err := time.ParseDuration(os.Getenv(envChildTimeout))
	if err != nil {
		t.Fatal(err)
	}
	rdb, err := upstash.New(upstash.Options{URL: url, Token: testToken})
	if err != nil {
		t.Fatal(err)
	}
	rdb.Pool().IdleConnTimeout = limit
	rdb.Pool().TLSClientConfig.RootCAs = trusting([]byte(os.Getenv(envChildAuthority)))
	keys := bufio.NewScanner(os.Stdin)
	for keys.Scan() {
		if keys.Text() == "" {
			rdb.CloseIdle()
			continue
		}
		ctx, cancel := context.WithTimeout(t.Context(), timeout)
		_, err := rdb.Incr(ctx, keys.Text())
		cancel()
		if _, err := fmt.Fprintf(os.Stdout, "%s%v\n", replyMark, err); err != nil {
			t.Fatal(err)
		}
	}
}

// frozenClient is the child as its parent sees it.
type frozenClient struct {
	t       *testing.T
	process *os.Process
	in      io.Writer
	out     *bufio.Scanner
}

func startClient(t *testing.T, url string, limit, timeout time.Duration) *frozenClient {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, "-test.run=^TestFreezeChild$")
	cmd.Env = append(os.Environ(), envChildURL+"="+url, envChildAuthority+"="+string(newIdentity().authority),
		envChildLimit+"="+limit.String(), envChildTimeout+"="+timeout.String())
	cmd.Stderr = os.Stderr
	// Stopped processes of a group that loses its parent are hung up on. So none
	// is left behind when this process is killed.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // also one that is stopped
		_ = cmd.Wait()         // which says that it was killed
	})
	return &frozenClient{t: t, process: cmd.Process, in: in, out: bufio.NewScanner(out)}
}

// send gives the child a line, which waits in the pipe while the child is stopped.
func (c *frozenClient) send(key string) {
	c.t.Helper()
	if _, err := io.WriteString(c.in, key+"\n"); err != nil {
		c.t.Fatal(err)
	}
}

// reply is the error of the child's next command, "" for none.
func (c *frozenClient) reply() string {
	c.t.Helper()
	for c.out.Scan() {
		if reply, ok := strings.CutPrefix(c.out.Text(), replyMark); ok {
			return strings.TrimPrefix(reply, "<nil>")
		}
	}
	c.t.Fatal("the client process has ended")
	return ""
}

// stop returns when no instruction of the child runs any more.
func (c *frozenClient) stop() {
	c.t.Helper()
	if err := c.process.Signal(syscall.SIGSTOP); err != nil {
		c.t.Fatal(err)
	}
	var status syscall.WaitStatus
	for {
		_, err := syscall.Wait4(c.process.Pid, &status, syscall.WUNTRACED, nil)
		switch {
		case err == syscall.EINTR:
			continue
		case err != nil || !status.Stopped():
			c.t.Fatalf("the client process did not stop: %v, %v", status, err)
		}
		return
	}
}

func (c *frozenClient) thaw() {
	c.t.Helper()
	if err := c.process.Signal(syscall.SIGCONT); err != nil {
		c.t.Fatal(err)
	}
}
