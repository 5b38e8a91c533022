package upstash

import (
	"cmp"
	"context"
	"html"
	"net/url"
	"slices"
	"strings"
	"time"
)

// EventKind says what a stream has to tell.
type EventKind uint8

const (
	// Received is a message, or a command that MONITOR shows.
	Received EventKind = iota
	// Subscribed says that the stream is live: what is published from here on
	// arrives. It comes before the first message and again after every [Gap].
	// Whoever keeps a copy of something loads it now, for nothing that changes
	// later is missed.
	Subscribed
	// Gap says that the stream is interrupted, or could not be opened: what is
	// published until the next [Subscribed] is lost, because Redis keeps no
	// messages. It comes at once, and again after every attempt that failed.
	Gap
)

// String names the kind.
func (k EventKind) String() string {
	switch k {
	case Received:
		return "received"
	case Subscribed:
		return "subscribed"
	case Gap:
		return "gap"
	}
	return "unknown"
}

// StreamOptions say how a stream is kept alive. The zero value is ready to use.
type StreamOptions struct {
	// Idle is how long nothing may arrive before the stream counts as broken
	// and is opened again, with a [Gap]. A network that drops a connection
	// without a word cannot be told from a channel on which nothing is
	// published, and the service documents no heartbeat.
	//
	// The default is no limit over the client's own connection pool, which
	// finds a dead connection by itself, with HTTP/2 pings or TCP keep-alive,
	// and 5 minutes over an Options.HTTPClient, of which that is not known.
	// Every reconnection is billed as a command and misses what is published
	// meanwhile. Negative for no limit.
	Idle time.Duration
}

const defaultIdle = 5 * time.Minute

// stream is an endpoint that answers with server-sent events.
type stream struct {
	t     *transport
	op    string
	path  string // escaped
	idle  time.Duration
	scrub func(string) string
}

func (c *Client) newStream(op string, names []string, o StreamOptions) (stream, error) {
	if c == nil || c.transport == nil {
		return stream{}, &Error{Op: op, Index: -1, Message: errNoClient.Error(), cause: errNoClient}
	}
	if o.Idle == 0 && c.transport.foreign {
		o.Idle = defaultIdle
	}
	segments := []string{"", strings.ToLower(op)}
	for _, name := range names {
		segments = append(segments, url.PathEscape(name))
	}
	path := strings.Join(segments, "/")
	hide := hideNames(path, names)
	return stream{
		t: c.transport, op: op, path: path, idle: o.Idle,
		scrub: func(text string) string { return hide(c.transport.scrub(text)) },
	}, nil
}

// hideNames returns a function that blots out the path and the names in it, in
// the forms that servers write them in. Letters that are a name by themselves
// are part of other words, too: a name so short is blotted out in quotes only.
func hideNames(path string, names []string) func(string) string {
	const short = 3
	decoded, _ := url.PathUnescape(path) // it was escaped here
	pairs := []string{path, "[path]", decoded, "[path]"}
	longestFirst := slices.SortedFunc(slices.Values(names), func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	for _, name := range longestFirst {
		if len(name) < short {
			pairs = append(pairs, "'"+name+"'", "[name]", `"`+name+`"`, "[name]")
			continue
		}
		for _, form := range []string{
			name, url.PathEscape(name), url.QueryEscape(name), html.EscapeString(name), strings.ReplaceAll(name, "/", `\/`),
		} {
			pairs = append(pairs, form, "[name]")
		}
	}
	return strings.NewReplacer(pairs...).Replace
}

// ended is the error of a loop whose context has ended.
func (s stream) ended(ctx context.Context, attempts int) *Error {
	err := ctx.Err()
	return &Error{Op: s.op, Index: -1, Message: err.Error(), Sent: attempts > 0, Attempts: attempts, cause: err}
}
