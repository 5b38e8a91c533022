//go:build !linux && !darwin && !freebsd && !netbsd && !openbsd

package lambdatest

import (
	"context"
	"fmt"
	"io"
	"os/exec"
)

// child is a process that nothing can stop for a while.
type child struct {
	cmd   *exec.Cmd
	ended chan struct{}
	how   string
}

func startChild(command, env []string, out io.Writer) (*child, error) {
	cmd := exec.CommandContext(context.Background(), command[0], command[1:]...)
	cmd.Env, cmd.Stdout, cmd.Stderr = env, out, out
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("lambdatest: the function does not start: %w", err)
	}
	c := &child{cmd: cmd, ended: make(chan struct{}), how: "exit status 0"}
	go func() {
		if err := cmd.Wait(); err != nil {
			c.how = err.Error()
		}
		close(c.ended)
	}()
	return c, nil
}

func (c *child) wait() string {
	<-c.ended
	return c.how
}

func (c *child) stop() bool      { return false }
func (c *child) thaw()           {}
func (c *child) kill()           { _ = c.cmd.Process.Kill() } // one that has ended is fine
func (c *child) terminate() bool { return false }
