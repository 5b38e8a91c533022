package upstash

import (
	"net/http"
	"strings"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/internal/wire"
)

// ReplyFormat is how replies are written on the wire. It changes no result, but
// for what its comments say.
type ReplyFormat uint8

const (
	// FormatBase64 is JSON whose strings are in base64: every byte comes as it
	// is stored. The default.
	FormatBase64 ReplyFormat = iota
	// FormatJSON is JSON with strings as they are: a quarter smaller, and
	// readable on the way. Bytes that are not UTF-8 come as U+FFFD.
	FormatJSON
	// FormatRESP2 is the protocol of Redis itself: the smallest, the fastest
	// to read, and every byte comes as it is stored. Transactions, for which
	// servers have no RESP2, come as FormatBase64, and so does everything from
	// a server that turns out not to know it.
	FormatRESP2
)

const (
	encodingHeader = "Upstash-Encoding"
	formatHeader   = "Upstash-Response-Format"
)

// What every request of a format says. Nobody writes into these.
var (
	asksForBase64 = []string{"base64"}
	asksForRESP2  = []string{"resp2"}
)

func askFor(f wire.Format, h http.Header) {
	switch f {
	case wire.Base64:
		h[encodingHeader] = asksForBase64
	case wire.RESP2:
		h[formatHeader] = asksForRESP2
	case wire.Plain:
	}
}

func (f ReplyFormat) wire() wire.Format {
	switch f {
	case FormatJSON:
		return wire.Plain
	case FormatRESP2:
		return wire.RESP2
	default:
		return wire.Base64
	}
}

// formatFor is what to ask for. A transaction is answered in JSON whatever it asks.
func (t *transport) formatFor(b Batch) wire.Format {
	f := wire.Format(t.format.Load()) //nolint:gosec // one of three
	if f == wire.RESP2 && b.Atomic {
		return wire.Base64
	}
	return f
}

// format is that of the response: what it says, and not what was asked for.
func (r request) formatOf(resp response) wire.Format {
	switch {
	case resp.isRESP2():
		return wire.RESP2
	case r.format == wire.RESP2:
		return wire.Plain
	default:
		return r.format
	}
}

func (r response) isRESP2() bool {
	kind, _, _ := strings.Cut(r.header.Get("Content-Type"), ";")
	return strings.EqualFold(strings.TrimSpace(kind), typeBytes)
}

// refusesFormat recognizes a server that does not take the format that was asked
// for, and ran nothing.
func (r response) refusesFormat() bool {
	if r.status != http.StatusBadRequest {
		return false
	}
	text, ok := wire.Error(r.body)
	return ok && strings.Contains(strings.ToLower(text), "response-format")
}

// damaged reports whether a text may have lost bytes on its way through JSON.
func damaged(replies []command.Reply) bool {
	for _, r := range replies {
		switch r.Kind() {
		case command.KindText:
			if text, err := r.Text(); err == nil && strings.Contains(text, "\uFFFD") {
				return true
			}
		case command.KindArray:
			if items, err := r.Array(); err == nil && damaged(items) {
				return true
			}
		case command.KindNil, command.KindInt, command.KindError:
		}
	}
	return false
}
