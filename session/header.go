package session

import (
	"strconv"
	"strings"
	"time"
)

// header is what the store knows of a session in clear:
//
//	1:<version>:<created>:<authenticated>:<expires>:<nonce>
//
// Instants are Unix milliseconds; authenticated is 0 when nobody has signed in.
// The text as a whole is what changes compare with.
type header struct {
	version       int64 // counts changes, from 1
	created       int64
	authenticated int64
	expires       int64  // the absolute limit
	nonce         string // of the last write
}

const headerVersion = "1"

func (h header) String() string {
	return strings.Join([]string{
		headerVersion, number(h.version), number(h.created), number(h.authenticated), number(h.expires), h.nonce,
	}, ":")
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

// next is the header after a change.
func (h header) next() header {
	h.version++
	h.nonce = nonce()
	return h
}

// parseHeader accepts what String writes, and nothing else.
func parseHeader(text string) (h header, ok bool) {
	parts := strings.Split(text, ":")
	if len(parts) != 6 {
		return header{}, false
	}
	for i, n := range []*int64{&h.version, &h.created, &h.authenticated, &h.expires} {
		var err error
		if *n, err = strconv.ParseInt(parts[i+1], 10, 64); err != nil || *n < 0 {
			return header{}, false
		}
	}
	h.nonce = parts[5]
	return h, h.version > 0 && h.String() == text
}

// instant is the time of a header's number; 0 is none.
func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}
