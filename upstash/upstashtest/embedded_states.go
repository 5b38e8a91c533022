package upstashtest

import (
	"bufio"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/alicebob/miniredis/v2/server"
)

// Older states of the data are databases of the engine, which have their numbers
// and which clients cannot select. The engine copies values of every type, and
// times pass in all of its databases.

// keep implements [stateKeeper].
func (e *embedded) keep(number int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.setClock(e.now().Truncate(time.Millisecond)) // so that what has ended is not copied
	e.pass()
	if e.states == nil {
		e.states = map[int]struct{}{}
	}
	e.states[number] = struct{}{}
	newest, older := e.engine.DB(newestState), e.engine.DB(number)
	older.FlushDB()
	for _, key := range newest.Keys() {
		if e.engine.Copy(newestState, key, number, key) != nil {
			continue // it cannot be absent
		}
		if newest.Type(key) == "stream" {
			e.copyStream(e.peerOf(newestState), key, e.peerOf(number), key)
			continue
		}
		fields, err := newest.HKeys(key)
		if err != nil {
			continue // not a hash
		}
		for _, field := range fields {
			// The engine forgets them when it copies a hash.
			if left := newest.HTTL(key, field); left > 0 {
				older.HExpire(key, field, left)
			}
		}
	}
}

// forget implements [stateKeeper].
func (e *embedded) forget(number int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.engine.DB(number).FlushDB()
	delete(e.states, number)
}

// newestState is the database that clients write to.
const newestState = 0

// peer is a client of the state that a run is about.
func (e *embedded) peer() *server.Peer { return e.peerOf(e.state) }

func (e *embedded) peerOf(state int) *server.Peer {
	peer := server.NewPeer(e.out)
	if state != newestState {
		selecting := server.NewPeer(bufio.NewWriter(io.Discard)) // its OK is no reply
		e.forward(selecting, "SELECT", strconv.Itoa(state))
		peer.Ctx = selecting.Ctx
	}
	return peer
}

// supplyFlush leaves the older states alone. The engine is always done when it
// answers, and does not know the word for it.
func supplyFlush(e *embedded, c *server.Peer, args []string) bool {
	if len(args) == 1 && strings.EqualFold(args[0], "SYNC") {
		args = nil
	}
	return e.forward(c, append([]string{"FLUSHDB"}, args...)...)
}
