package upstash

import (
	"context"
	"iter"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/internal/glob"
)

// Message is an event of [Client.Subscribe] and [Client.PSubscribe].
type Message struct {
	// Kind says whether there is a message. A loop looks at it first.
	Kind EventKind
	// Channel is where the message was published.
	Channel string
	// Pattern is the pattern that Channel matches, with [Client.PSubscribe].
	Pattern string
	// Payload is what was published, byte for byte but for line ends: an event
	// stream carries each of CR, LF and CRLF as LF.
	Payload string
	// Since, of a [Gap], is when the last event before it was read, by the
	// clock of this machine, or when the loop began: messages published after
	// it may be lost.
	Since time.Time
	// Err, of a [Gap], says what interrupted the stream. It is an [*Error] whose
	// Attempts counts the failures in a row, for a loop that wants to give up.
	Err error
}

// Subscribe follows channels. The loop gets what is published to them, for as
// long as it likes:
//
//	for m, err := range rdb.Subscribe(ctx, "news") {
//		switch {
//		case err != nil:
//			return err
//		case m.Kind == upstash.Received:
//			fmt.Println(m.Channel, m.Payload)
//		}
//	}
//
// A connection that fails is opened again, until the context ends: after a
// random pause of at most 250ms that doubles with every failure in a row, up to
// 30s. [Subscribed] says when the stream is live, [Gap] that it was interrupted
// and messages may be lost; Redis keeps none for those who come back. A program
// that only wants messages may pass over both, one that must know what it missed
// reads its state again at each Subscribed.
//
// The error is the last thing a loop gets, and no loop ends without one but by
// its own break: the context's error when it ended, which it does at once, or an
// [*Error] that no reconnection mends, such as a wrong token, a refusal of the
// server, or an answer that is not a stream. Failures of the network, of
// certificates excepted, and statuses 429 and 5xx are gaps.
//
// All channels share one connection and one request, which is billed as one
// command, as each reconnection is. The server has 30s to confirm every channel;
// after that there is no limit, neither Options.Timeout, but for [StreamOptions].
// Options.Middleware does not see streams; Options.Observe sees a round trip
// when a connection ends. A message larger than Options.MaxReply is a gap that
// matches [ErrTooLarge].
//
// A loop that is slow makes the server keep messages for it, which cuts the
// stream off at some point (Redis: 32 MiB): a gap. Each loop over the iterator
// is a stream of its own; loops may run at the same time.
//
// Refused are a name that is empty, "." or "..", which a path cannot carry, one
// that is not UTF-8, and names of which one begins another up to a comma, as "a"
// does "a,b": the messages of the two look the same in one stream.
func (c *Client) Subscribe(ctx context.Context, channels ...string) iter.Seq2[Message, error] {
	return c.SubscribeWith(ctx, channels, StreamOptions{})
}

// SubscribeWith is [Client.Subscribe] with options.
func (c *Client) SubscribeWith(ctx context.Context, channels []string, o StreamOptions) iter.Seq2[Message, error] {
	return c.subscribe(ctx, "SUBSCRIBE", channels, o)
}

// PSubscribe follows the channels whose names match patterns, such as "news.*".
// It is [Client.Subscribe] in everything else. A channel that matches two of the
// patterns is heard twice.
//
// The protocol puts a comma between channel and payload, and a channel may hold
// one too: the channel is then the shortest one that matches the pattern.
// Keyspace notifications arrive on channels without.
func (c *Client) PSubscribe(ctx context.Context, patterns ...string) iter.Seq2[Message, error] {
	return c.PSubscribeWith(ctx, patterns, StreamOptions{})
}

// PSubscribeWith is [Client.PSubscribe] with options.
func (c *Client) PSubscribeWith(ctx context.Context, patterns []string, o StreamOptions) iter.Seq2[Message, error] {
	return c.subscribe(ctx, "PSUBSCRIBE", patterns, o)
}

func (c *Client) subscribe(ctx context.Context, op string, names []string, o StreamOptions) iter.Seq2[Message, error] {
	return func(yield func(Message, error) bool) {
		sub, err := newSubscription(op, names)
		if err != nil {
			yield(Message{}, err)
			return
		}
		s, err := c.newStream(op, sub.names, o)
		if err != nil {
			yield(Message{}, err)
			return
		}
		l := loop{stream: s, greet: sub.greet, emit: func(h happening) bool {
			if h.kind != Received {
				return yield(Message{Kind: h.kind, Since: h.since, Err: h.err}, nil)
			}
			m, known, err := sub.message(h.text)
			if err != nil {
				yield(Message{}, err)
				return false
			}
			return !known || yield(m, nil)
		}}
		if err := l.run(ctx); err != nil {
			yield(Message{}, err)
		}
	}
}

// subscription knows the names that were asked for, and reads what comes.
type subscription struct {
	op    string
	names []string
	forms []string // the names as an event shows them
	kind  string   // of messages
}

func newSubscription(op string, names []string) (subscription, error) {
	s := subscription{op: op, kind: "message,"}
	if op == "PSUBSCRIBE" {
		s.kind = "pmessage,"
	}
	refuse := func(reason string) (subscription, error) {
		return s, &Error{Op: op, Index: -1, Message: reason}
	}
	if len(names) == 0 {
		return refuse("there is nothing to follow: give at least one name")
	}
	known := map[string]bool{}
	for _, name := range names {
		switch {
		case name == "", name == ".", name == "..":
			return refuse("a name is empty or made of dots, which has no safe form in a path")
		case !utf8.ValidString(name):
			return refuse("a name is not valid UTF-8, which an event stream cannot carry")
		case known[name]:
			continue
		}
		known[name] = true
		s.names = append(s.names, name)
		s.forms = append(s.forms, lineEnds.Replace(name))
	}
	for i, form := range s.forms {
		for j, other := range s.forms {
			if i != j && strings.HasPrefix(other+",", form+",") {
				return refuse("one name begins another up to a comma, and their messages look the same in one stream: follow them in two loops")
			}
		}
	}
	return s, nil
}

// lineEnds does what an event stream does to a text.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// greet returns a function that waits for the confirmation of every name.
func (s subscription) greet() func(string) greeting {
	waiting := map[string]bool{}
	for _, form := range s.forms {
		waiting[form] = true
	}
	return func(text string) greeting {
		rest, ok := strings.CutPrefix(text, strings.ToLower(s.op)+",")
		if !ok {
			return noGreeting
		}
		form := rest[:max(0, strings.LastIndexByte(rest, ','))] // a count is behind it
		if !waiting[form] {
			return greeted
		}
		delete(waiting, form)
		if len(waiting) > 0 {
			return greeted
		}
		return complete
	}
}

// message reads a message. What begins in another way is not known, and passed
// over, so that the server may send more one day.
func (s subscription) message(text string) (m Message, known bool, err error) {
	rest, known := strings.CutPrefix(text, s.kind)
	if !known {
		return m, false, nil
	}
	name, rest, ok := s.cut(rest)
	if ok && s.op == "SUBSCRIBE" {
		return Message{Channel: name, Payload: rest}, true, nil
	}
	if ok {
		m.Pattern = name
		m.Channel, m.Payload, ok = cutChannel(name, rest)
	}
	if !ok {
		err := &command.DecodeError{Want: "a message of this subscription", Got: "another text"}
		return m, true, &Error{Op: s.op, Index: -1, Message: err.Error(), Sent: true, cause: err}
	}
	return m, true, nil
}

// cut splits a text behind the name that it begins with. There is no more than
// one: newSubscription saw to that.
func (s subscription) cut(text string) (name, rest string, ok bool) {
	for i, form := range s.forms {
		if after, ok := strings.CutPrefix(text, form); ok && strings.HasPrefix(after, ",") {
			return s.names[i], after[1:], true
		}
	}
	return "", "", false
}

// cutChannel splits a text at the first comma before which it matches the
// pattern, or else at the first one.
func cutChannel(pattern, text string) (channel, payload string, ok bool) {
	const most = 64 // a payload can be made of commas
	end := -1
	for range most {
		next := strings.IndexByte(text[end+1:], ',')
		if next < 0 {
			break
		}
		end += 1 + next
		if glob.Match(pattern, text[:end]) {
			return text[:end], text[end+1:], true
		}
	}
	return strings.Cut(text, ",")
}
