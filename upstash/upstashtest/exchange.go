package upstashtest

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// An Exchange is one request on its way through the server, as a function given
// to [Server.Intercept] sees it. The fields say what the client asked for; they
// are the function's to keep, and changing them changes nothing. The methods do
// something to the request, and can be combined.
// An Exchange must not be used after the function returned, nor by several
// goroutines at once.
type Exchange struct {
	// Method is the HTTP method.
	Method string
	// Path is the path as it was sent, percent-encoded and without the query.
	Path string
	// Header is what the client sent, without Authorization.
	Header http.Header
	// Commands are the commands of the request, name first. Nil when the request
	// cannot be read.
	Commands [][]string

	server  *Server
	request *http.Request
	body    replay
	entry   *Request
	onAct   func()
	over    func() // ends the context

	steps    []string // what was done, for the log
	answer   answer
	answered bool
	executed bool
	lost     bool
	cut      *int // how much of the body is sent; nil for all
}

func newExchange(s *Server, r *http.Request, body replay, entry *Request) *Exchange {
	x := &Exchange{
		Method: r.Method, Path: r.URL.EscapedPath(), Header: r.Header.Clone(), Commands: commandsOf(r, body.data),
		server: s, body: body, entry: entry,
	}
	x.Header.Del("Authorization")
	ctx, cancel := context.WithCancel(r.Context())
	unhook := context.AfterFunc(s.life, cancel) //nolint:contextcheck // the server's end is no business of the client's context
	x.request = r.WithContext(ctx)
	x.over = func() { unhook(); cancel() }
	return x
}

// commandsOf reads the commands of a request that has not been executed.
func commandsOf(r *http.Request, body []byte) [][]string {
	switch path := r.URL.EscapedPath(); path {
	case pathPipeline, pathMultiExec:
		commands, err := commandsFromBody(body)
		if err != nil {
			return nil
		}
		return commands
	case "", "/":
		return oneCommand(commandFromBody(body))
	default:
		return oneCommand(commandFromPath(path, r.URL.RawQuery, body))
	}
}

func oneCommand(command []string, err error) [][]string {
	if err != nil {
		return nil
	}
	return [][]string{command}
}

// Carries tells whether one of the commands has this name, in any case.
func (x *Exchange) Carries(name string) bool {
	return slices.ContainsFunc(x.Commands, func(command []string) bool {
		return len(command) > 0 && strings.EqualFold(command[0], name)
	})
}

// Context ends when the client goes away, which a server notices, or when the
// server is closed. A function that waits for something should wait for it, too.
func (x *Exchange) Context() context.Context { return x.request.Context() }

// Execute executes the request and returns what its answer would be. It is sent
// unless something else is done. Executing it twice has it executed and billed
// twice, and the second answer sent.
func (x *Exchange) Execute() (status int, body []byte) {
	x.act("execute")
	x.execute()
	return x.answer.status, bytes.Clone(x.answer.body)
}

func (x *Exchange) execute() {
	r := x.request.Clone(x.request.Context())
	r.Body = x.body.open()
	billed := x.answer.billed
	x.answer = x.server.answer(r, x.entry)
	x.answer.billed += billed
	x.answered, x.executed = true, true
}

// Answer sets what is sent to the client: JSON, unless the type in Header says
// otherwise. It does not execute the request.
func (x *Exchange) Answer(status int, header http.Header, body string) {
	x.act("answer " + strconv.Itoa(status))
	x.answer.status, x.answer.header, x.answer.body = status, header.Clone(), []byte(body)
	x.answer.contentType, x.answer.stream = "", nil
	x.answered = true
}

// Cut sends no more than the first n bytes of the body, under a header that
// promises all of it, and closes the connection; of a stream, the first n bytes of
// its events. Of a request that nothing else was done to, it is the answer after
// its execution.
func (x *Exchange) Cut(n int) {
	x.act("cut " + strconv.Itoa(n))
	n = max(n, 0)
	x.cut = &n
}

// Drop closes the connection without an answer. Unless Execute is called, too,
// the request is not executed.
func (x *Exchange) Drop() {
	x.act("drop")
	x.lost = true
}

// Delay holds the request up for d, and then lets it go on. The time is that of
// timers, which [Server.Advance] does not move. A client that gives up meanwhile
// does not call back its request: it is executed all the same.
func (x *Exchange) Delay(d time.Duration) {
	x.act("delay " + d.String())
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-x.server.life.Done():
		x.lost = true // nobody waits for it any more
	}
}

// act notes what is done, and with the first of it takes the request.
func (x *Exchange) act(what string) {
	if len(x.steps) == 0 && x.onAct != nil {
		x.onAct()
	}
	x.steps = append(x.steps, what)
}

func (x *Exchange) acted() bool { return len(x.steps) > 0 }

// finish is the answer after all that was done.
func (x *Exchange) finish() answer {
	x.entry.Fault = strings.Join(x.steps, ", ")
	if !x.answered && !x.lost {
		x.execute()
	}
	if !x.executed {
		x.entry.Commands = commandsOf(x.request, x.body.data) // the function may have changed its own
		x.entry.BytesIn = int64(len(x.body.data))
	}
	x.answer.foreign = !x.executed
	if x.lost {
		x.answer.lost, x.answer.stream = true, nil
	}
	x.answer.cut = x.cut
	return x.answer
}
