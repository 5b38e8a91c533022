package upstash

import (
	"context"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// MonitorEvent is an event of [Client.Monitor].
type MonitorEvent struct {
	// Kind says whether there is a command. A loop looks at it first.
	Kind EventKind
	// At is when the server ran the command, to the microsecond.
	At time.Time
	// Client is the address that the command came from, "lua" for a script.
	// The service hides addresses.
	Client string
	// Args are the words of the command, its name first, byte for byte. They
	// are everybody's keys and values.
	Args []string
	// Since and Err belong to a [Gap], see [Message].
	Since time.Time
	Err   error
}

// Monitor follows all commands that the database executes, for a look at what a
// program really does. It is [Client.Subscribe] in everything else, gaps and
// errors included.
//
// It shows the keys and values of every client, and slows the server down.
func (c *Client) Monitor(ctx context.Context) iter.Seq2[MonitorEvent, error] {
	return c.MonitorWith(ctx, StreamOptions{})
}

// MonitorWith is [Client.Monitor] with options.
func (c *Client) MonitorWith(ctx context.Context, o StreamOptions) iter.Seq2[MonitorEvent, error] {
	const op = "MONITOR"
	return func(yield func(MonitorEvent, error) bool) {
		s, err := c.newStream(op, nil, o)
		if err != nil {
			yield(MonitorEvent{}, err)
			return
		}
		l := loop{stream: s, greet: greetMonitor, emit: func(h happening) bool {
			if h.kind != Received {
				return yield(MonitorEvent{Kind: h.kind, Since: h.since, Err: h.err}, nil)
			}
			if h.text == "" || h.text[0] < '0' || h.text[0] > '9' {
				return true // nothing that is known, and so no command
			}
			e, ok := monitorEvent(h.text)
			if !ok {
				err := &command.DecodeError{Want: "a line of MONITOR", Got: "another text"}
				yield(MonitorEvent{}, &Error{Op: op, Index: -1, Message: err.Error(), Sent: true, cause: err})
				return false
			}
			return yield(e, nil)
		}}
		if err := l.run(ctx); err != nil {
			yield(MonitorEvent{}, err)
		}
	}
}

func greetMonitor() func(string) greeting {
	live := false
	return func(text string) greeting {
		if live || text != `"OK"` && text != "OK" {
			return noGreeting
		}
		live = true
		return complete
	}
}

// monitorEvent reads a line like
//
//	1721284005.242090 [0 0.0.0.0:0] "GET" "k"
func monitorEvent(line string) (e MonitorEvent, ok bool) {
	at, rest, ok := strings.Cut(line, " [")
	if !ok {
		return e, false
	}
	if e.At, ok = monitorTime(at); !ok {
		return e, false
	}
	source, words, ok := strings.Cut(rest, `] "`)
	if !ok {
		return e, false
	}
	if _, e.Client, ok = strings.Cut(source, " "); !ok { // the database before it is always 0
		return e, false
	}
	e.Args, ok = unquoteAll(`"` + words)
	return e, ok
}

// monitorTime reads seconds and microseconds. It does not go through float64,
// which has no room for the last digit.
func monitorTime(text string) (time.Time, bool) {
	seconds, fraction, ok := strings.Cut(text, ".")
	s, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil || !ok || len(fraction) != len("000000") {
		return time.Time{}, false
	}
	us, err := strconv.ParseUint(fraction, 10, 32)
	return time.Unix(s, int64(us)*1000), err == nil
}

// unquoteAll reads words in the quotes of Redis, a space between them.
func unquoteAll(text string) (words []string, ok bool) {
	for {
		word, rest, ok := unquote(text)
		if !ok {
			return nil, false
		}
		words = append(words, word)
		if rest == "" {
			return words, true
		}
		if text, ok = strings.CutPrefix(rest, " "); !ok {
			return nil, false
		}
	}
}

// unquote reads a word in quotes: a backslash stands before a quote, a
// backslash, one of the letters n, r, t, a and b, or x and two hexadecimal digits.
func unquote(text string) (word, rest string, ok bool) {
	text, ok = strings.CutPrefix(text, `"`)
	if !ok {
		return "", "", false
	}
	var b strings.Builder
	for {
		i := strings.IndexAny(text, `"\`)
		if i < 0 {
			return "", "", false
		}
		b.WriteString(text[:i])
		if text[i] == '"' {
			return b.String(), text[i+1:], true
		}
		if i+1 == len(text) {
			return "", "", false
		}
		letter := text[i+1]
		text = text[i+2:]
		switch letter {
		case '"', '\\':
			b.WriteByte(letter)
		case 'n', 'r', 't', 'a', 'b':
			b.WriteByte("\n\r\t\a\b"[strings.IndexByte("nrtab", letter)])
		case 'x':
			code, err := strconv.ParseUint(text[:min(2, len(text))], 16, 8)
			if err != nil || len(text) < 2 {
				return "", "", false
			}
			b.WriteByte(byte(code))
			text = text[2:]
		default:
			return "", "", false
		}
	}
}
