package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

const (
	shownArguments = 12 // of a command
	shownBytes     = 40 // of an argument
)

// A requestLog writes a line for each request, once it was started: seeding the
// data is nobody's request. Its zero value writes nothing.
type requestLog struct {
	values bool
	now    func() time.Time

	mu  sync.Mutex
	out io.Writer // nil before it was started
	to  io.Writer
}

func newRequestLog(c config, stderr io.Writer) *requestLog {
	if !c.verbose && !c.values {
		return &requestLog{}
	}
	return &requestLog{values: c.values, now: time.Now, to: stderr}
}

func (l *requestLog) start() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.out = l.to
}

func (l *requestLog) add(r upstashtest.Request, took time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.out == nil {
		return
	}
	r.Fault = "" // the latency, which whoever set it knows
	var lines strings.Builder
	fmt.Fprintf(&lines, "%s %s, %s, %d B in, %d B out\n",
		l.now().Format("15:04:05.000"), r, took.Round(10*time.Microsecond), r.BytesIn, r.BytesOut)
	if l.values {
		for _, command := range r.Commands {
			fmt.Fprintf(&lines, "             %s\n", withValues(command))
		}
	}
	_, _ = io.WriteString(l.out, lines.String()) // a log that cannot be written stops nobody
}

// withValues shows a command with the beginnings of its arguments.
func withValues(command []string) string {
	words := make([]string, 0, shownArguments+1)
	for _, arg := range command[:min(len(command), shownArguments)] {
		if len(arg) > shownBytes {
			words = append(words, fmt.Sprintf("%s...(%d bytes)", strconv.Quote(arg[:shownBytes]), len(arg)))
		} else {
			words = append(words, strconv.Quote(arg))
		}
	}
	if more := len(command) - shownArguments; more > 0 {
		words = append(words, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(words, " ")
}
