//go:build linux || darwin || freebsd || netbsd || openbsd

package lambdatest

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
)

// child is a process that can be stopped.
type child struct {
	pid     int
	stopped chan struct{}
	ended   chan struct{}
	how     string

	mu   sync.Mutex
	gone bool // its number may be somebody else's by now
}

func startChild(command, env []string, out io.Writer) (*child, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer write.Close()
	cmd := exec.CommandContext(context.Background(), command[0], command[1:]...)
	cmd.Env, cmd.Stdout, cmd.Stderr = env, write, write
	// Stopped processes of a group that loses its parent are hung up on. So none
	// is left behind when this process is killed.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		_ = read.Close()
		return nil, fmt.Errorf("lambdatest: the function does not start: %w", err)
	}
	c := &child{pid: cmd.Process.Pid, stopped: make(chan struct{}, 1), ended: make(chan struct{})}
	copied := make(chan struct{})
	go func() {
		_, _ = io.Copy(out, read) // until all that have it open are gone
		_ = read.Close()
		close(copied)
	}()
	go c.follow(cmd.Process, copied)
	return c, nil
}

// follow is the only one who waits for the process: whoever else did would take
// away its notices.
func (c *child) follow(p *os.Process, copied <-chan struct{}) {
	for {
		var status syscall.WaitStatus
		_, err := syscall.Wait4(c.pid, &status, syscall.WUNTRACED, nil)
		switch {
		case err == syscall.EINTR:
			continue
		case err == nil && status.Stopped():
			select {
			case c.stopped <- struct{}{}:
			default:
			}
			continue
		case err != nil:
			c.how = err.Error()
		case status.Signaled():
			c.how = "signal: " + status.Signal().String()
		default:
			c.how = fmt.Sprintf("exit status %d", status.ExitStatus())
		}
		c.mu.Lock()
		c.gone = true
		c.mu.Unlock()
		_ = p.Release()
		<-copied
		close(c.ended)
		return
	}
}

// wait returns how the process ended, when it has.
func (c *child) wait() string {
	<-c.ended
	return c.how
}

func (c *child) signal(s syscall.Signal) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.gone && syscall.Kill(-c.pid, s) == nil // the group: a command may have started the function
}

// stop returns when no instruction of the process runs any more, and whether it
// will again.
func (c *child) stop() bool {
	if !c.signal(syscall.SIGSTOP) {
		return false
	}
	select {
	case <-c.stopped:
		return true
	case <-c.ended:
		return false
	}
}

func (c *child) thaw()           { c.signal(syscall.SIGCONT) }
func (c *child) kill()           { c.signal(syscall.SIGKILL) } // also one that is stopped
func (c *child) terminate() bool { return c.signal(syscall.SIGTERM) }
