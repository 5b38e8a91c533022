package upstashtest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/alicebob/miniredis/v2/server"
)

var errEngine = errors.New("upstashtest: the engine failed")

// embedded is the backend inside the process: miniredis, with what it lacks or
// does otherwise supplied by the commands in supplements.
type embedded struct {
	engine   *miniredis.Miniredis
	commands *server.Server
	now      func() time.Time
	hub      *hub
	users    users
	limits   Limits

	scriptTimeout time.Duration // zero is the runner's own

	// mu is held for a whole run: it makes transactions atomic, and it guards
	// everything below.
	mu      sync.Mutex
	out     *bufio.Writer
	started time.Time // when the run began, for all its commands
	at      time.Time // that in whole milliseconds
	ends
	user      user              // whose run it is
	state     int               // the state of the data it is about
	calls     int               // commands the hook has seen since one began
	plain     bool              // the next dispatch goes past the supplements
	script    bool              // a script is running
	scripts   map[string]script // by the SHA-1 of their text
	libraries []functionLibrary
	records   records
	anyEnds   bool // a field of a hash has been given an end, once at least
}

func newEmbedded(now func() time.Time, u users, l Limits) (*embedded, error) {
	m := miniredis.NewMiniRedis()
	// Dial is how an engine is started without a listener. The connection is
	// not needed: commands are dispatched by call.
	conn, err := m.Dial()
	if err != nil {
		return nil, fmt.Errorf("upstashtest: cannot start the engine: %w", err)
	}
	_ = conn.Close() // a pipe, which cannot fail to close
	m.Server().Close()

	e := &embedded{
		engine:   m,
		commands: m.Server(),
		now:      now,
		hub:      newHub(),
		users:    u,
		limits:   l,
		records:  newRecords(l.MaxRecord),
		out:      bufio.NewWriter(nil),
		scripts:  map[string]script{},
		at:       now().Truncate(time.Millisecond),
	}
	e.passed = e.at
	e.commands.SetPreHook(e.hook)
	// What the engine has not even the name of is known only to the hook.
	for name := range supplements {
		if !e.commands.IsRegisteredCommand(name) {
			if err := e.commands.Register(name, unsupplied); err != nil {
				return nil, fmt.Errorf("upstashtest: cannot add %s to the engine: %w", name, err)
			}
		}
	}
	return e, nil
}

// unsupplied answers a command that its supplement left to an engine that does
// not have it: the number of arguments is all that can be wrong then.
func unsupplied(c *server.Peer, name string, _ []string) {
	c.WriteError(wrongArityText(strings.ToLower(name)))
}

func (e *embedded) run(buf *bytes.Buffer, as user, commands [][]string, atomic bool) ([]reply, error) {
	return e.runOn(newestState, buf, as, commands, atomic)
}

// runOn implements [stateKeeper].
func (e *embedded) runOn(state int, buf *bytes.Buffer, as user, commands [][]string, atomic bool) (replies []reply, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	defer func() {
		if recover() != nil {
			e.unlockEngine()
			replies, err = nil, errEngine
		}
	}()

	e.user, e.state = as, state
	e.started = e.now()
	e.setClock(e.started.Truncate(time.Millisecond))
	e.out.Reset(buf)
	if atomic {
		for _, command := range commands {
			if reason := e.refusal(command); reason != "" {
				return nil, &discardedError{reason}
			}
		}
	}
	// The buffer may move while it grows, so that the replies can only be cut
	// out of it at the end.
	ends := make([]int, len(commands))
	replies = make([]reply, len(commands))
	bound := replyBound{limit: e.limits.MaxRequest}
	for i, command := range commands {
		start := buf.Len()
		replies[i].billed = e.execute(command)
		if err := e.out.Flush(); err != nil {
			return nil, err
		}
		bound.take(buf, start)
		ends[i] = buf.Len()
	}
	if bound.total > bound.limit {
		return nil, &tooLargeError{bound.limit, bound.total, billed(replies)}
	}
	start := 0
	for i, end := range ends {
		replies[i].resp = buf.Bytes()[start:end:end]
		start = end
	}
	return replies, nil
}

// execute runs one command and returns what it is billed. It gets a peer of its
// own, because a peer remembers: a protocol version, a database, a transaction.
func (e *embedded) execute(command []string) (billed int) {
	peer := e.peer()
	if reason := e.refusal(command); reason != "" {
		peer.WriteError(reason)
		return 0
	}
	e.showExecuted(fromClient, command)
	e.calls, e.plain, e.script = 0, false, false
	e.commands.Dispatch(peer, command)
	if unbilled[strings.ToUpper(command[0])] {
		return e.calls - 1
	}
	return e.calls
}

// refusal says why a command cannot be executed at all, or nothing.
func (e *embedded) refusal(command []string) string {
	if len(command) == 0 {
		return msgEmptyItem
	}
	name := strings.ToUpper(command[0])
	if isUnavailable(name, command[1:]) || !e.commands.IsRegisteredCommand(name) {
		return notAvailableText(name)
	}
	if !arityFits(name, len(command)) {
		return wrongArityText(strings.ToLower(name))
	}
	return e.barred(name, command[1:])
}

// unlockEngine releases the engine's own lock, which it keeps when it panics in
// the middle of a command. Only a run, and so nobody else now, holds that lock.
func (e *embedded) unlockEngine() {
	e.engine.TryLock()
	e.engine.Unlock()
}

func (e *embedded) flush() {
	// The command cannot fail, and a failing engine will tell the next request.
	_, _ = e.run(new(bytes.Buffer), operator, [][]string{{"FLUSHALL"}}, false)
}

// unbilled holds the commands that cost nothing.
var unbilled = nameSet("AUTH COMMAND INFO PING QUIT")
