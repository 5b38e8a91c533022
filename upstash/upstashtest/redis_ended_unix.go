//go:build unix

package upstashtest

import (
	"errors"
	"net"
	"syscall"
	"time"
)

// ended looks whether the other side has closed a connection, or sent what nobody
// asked for. It asks the kernel: the goroutine that waits for that may not have
// been told yet on a machine that is busy.
func ended(conn net.Conn) bool {
	tcp, ok := conn.(syscall.Conn)
	if !ok || conn.SetReadDeadline(time.Time{}) != nil {
		return false
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return true
	}
	waiting := false
	err = raw.Read(func(fd uintptr) bool {
		var b [1]byte
		_, err := syscall.Read(int(fd), b[:])
		waiting = errors.Is(err, syscall.EAGAIN)
		return true
	})
	return err != nil || !waiting
}
