package upstashtest

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
)

const typeEvents = "text/event-stream"

// A streamKind is one of the endpoints that answer with server-sent events.
type streamKind uint8

const (
	kindNone streamKind = iota
	kindChannels
	kindPatterns
	kindMonitor
)

// command is the name in the path and in the log.
func (k streamKind) command() string {
	return [...]string{"", "subscribe", "psubscribe", "monitor"}[k]
}

// streamKindOf reads the first segment of a path: /subscribe/<channel>...,
// /psubscribe/<pattern>... or /monitor.
func streamKindOf(escapedPath string) streamKind {
	name, _, _ := strings.Cut(strings.TrimPrefix(escapedPath, "/"), "/")
	for k := kindChannels; k <= kindMonitor; k++ {
		if strings.EqualFold(name, k.command()) {
			return k
		}
	}
	return kindNone
}

// A feed is what a client wants to follow.
type feed struct {
	kind  streamKind
	names []string // channels or patterns
}

// streams tells whether an answer is to be a stream.
func (a answer) streams(method string) bool {
	return a.stream != nil && !a.lost && method != http.MethodHead
}

// openStream answers a request for a stream: with the stream, or with the error of
// the command. The body is ignored; redis-js sends an empty array. So is the
// Accept header, which clients should send but not all command line tools do.
func (s *Server) openStream(r *http.Request, kind streamKind, f format, entry *Request) answer {
	command, err := commandFromPath(r.URL.EscapedPath(), r.URL.RawQuery, nil)
	if err != nil {
		return f.fail(err.Error())
	}
	if reason := streamRefusal(kind, command, f.user); reason != "" {
		return f.fail(reason)
	}
	entry.Commands = [][]string{command}
	return answer{status: http.StatusOK, contentType: typeEvents, billed: 1, stream: &feed{kind, command[1:]}}
}

func streamRefusal(kind streamKind, command []string, u user) string {
	if len(command) == 2 && command[1] == "" {
		// A slash with nothing behind it: most likely the client's variable was
		// empty, and a stream that stays silent would not tell.
		command = command[:1]
	}
	switch {
	case (kind == kindMonitor) != (len(command) == 1):
		return wrongArityText(kind.command())
	case !u.mayRun(strings.ToUpper(kind.command()), nil):
		return noPermissionText(kind.command())
	}
	return ""
}

// follow sends events until the client goes, the server closes, or the client
// is too far behind; no more than cut bytes of them, where that is not nil.
func (s *Server) follow(w http.ResponseWriter, r *http.Request, f feed, cut *int) {
	w.Header().Set("Content-Type", typeEvents)
	w.Header().Set("Cache-Control", "no-cache")
	out := http.NewResponseController(w)
	events := newStream(func() {
		// A deadline that has passed ends a write that waits and makes the
		// server drop the connection, so that the client sees no proper end.
		_ = out.SetWriteDeadline(time.Unix(1, 0)) // where there is no connection, none waits
	})
	defer events.release()
	leave, err := s.join(events, f)
	if err != nil {
		failure(http.StatusInternalServerError, internalText(err)).write(w, r.Method)
		return
	}
	defer leave()

	for {
		event, ok, ended := events.next()
		switch {
		case ended:
			return
		case ok:
			rest := left(cut, event)
			if s.send(w, out, rest) != nil {
				return
			}
			if len(rest) < len(event) {
				panic(http.ErrAbortHandler) // in the way net/http has for closing a connection too early
			}
		default:
			select {
			case <-events.wake:
			case <-r.Context().Done():
				return
			}
		}
	}
}

// left is what of an event may still be sent. It goes off what is left.
func left(cut *int, event string) string {
	if cut == nil {
		return event
	}
	n := min(*cut, len(event))
	*cut -= n
	return event[:n]
}

// send writes and flushes one event. What was sent counts as it is sent, for a
// stream has no size.
func (s *Server) send(w http.ResponseWriter, out *http.ResponseController, event string) error {
	n, err := io.WriteString(w, event)
	s.journal.sent(n)
	if err != nil {
		return err
	}
	if err := out.Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	return nil
}
