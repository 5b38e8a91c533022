package upstashtest

import (
	"bufio"
	"context"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2/server"
)

// fakeRedis is a server that answers what a test wants. It counts connections
// and keeps what they sent.
type fakeRedis struct {
	addr string

	mu       sync.Mutex
	accepted int
	open     int
	most     int
	heard    []string // commands, their words joined by blanks
}

// What a fake answers is a reply as it goes over the wire, or one of these.
const (
	hangUp = "\x00hang up"
	silent = "\x00silent"
)

// newFakeRedis answers greetings by itself, as a server that lacks conditional
// writes, and leaves other commands to respond.
func newFakeRedis(t *testing.T, respond func(command string) string) *fakeRedis {
	t.Helper()
	ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := &fakeRedis{addr: ln.Addr().String()}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			stop := context.AfterFunc(t.Context(), func() { _ = conn.Close() })
			serving.Go(func() {
				defer stop()
				f.serve(conn, respond)
			})
		}
	})
	t.Cleanup(func() {
		_ = ln.Close()
		serving.Wait()
	})
	return f
}

func (f *fakeRedis) serve(conn net.Conn, respond func(string) string) {
	f.note(func() {
		f.accepted++
		f.open++
		f.most = max(f.most, f.open)
	})
	defer f.note(func() { f.open-- })
	defer func() { _ = conn.Close() }()
	in := bufio.NewReader(conn)
	for {
		request, err := server.ParseReply(in)
		if err != nil {
			return
		}
		var words []string
		items, _ := request.([]any)
		for _, item := range items {
			word, _ := item.(string)
			words = append(words, word)
		}
		command := strings.Join(words, " ")
		answer := "*1\r\n*-1\r\n"
		if command != "COMMAND INFO DIGEST" {
			f.note(func() { f.heard = append(f.heard, command) })
			answer = respond(command)
		}
		if answer == silent {
			continue
		}
		said, hangsUp := strings.CutSuffix(answer, hangUp)
		if _, err := io.WriteString(conn, said); err != nil || hangsUp {
			return
		}
	}
}

func (f *fakeRedis) note(what func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	what()
}

func (f *fakeRedis) commands() (heard []string) {
	f.note(func() { heard = slices.Clone(f.heard) })
	return heard
}

func (f *fakeRedis) connections() (accepted, open, most int) {
	f.note(func() { accepted, open, most = f.accepted, f.open, f.most })
	return accepted, open, most
}

// backend makes a backend on the fake, which gives up soon.
func (f *fakeRedis) backend(t *testing.T, userinfo string) *redisBackend {
	t.Helper()
	u, err := newUsers("a", "b")
	if err != nil {
		t.Fatal(err)
	}
	b, err := newRedisBackend(t.Context(), "redis://"+userinfo+f.addr, u, freePlan)
	if err != nil {
		t.Fatal(err)
	}
	b.pool.replyTimeout = 200 * time.Millisecond
	t.Cleanup(b.close)
	return b
}
