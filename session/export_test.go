package session

import (
	"context"
	"strings"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// Plant replaces texts (old, new, old, new ...) in one of the scripts, for tests
// that plant a fault. It reports whether all of them are there.
func (m *Manager[T]) Plant(script string, texts ...string) bool {
	source := map[string]string{"place": placeSource, "update": updateSource, "others": othersSource}[script]
	found := true
	for i := 0; i < len(texts); i += 2 {
		found = found && strings.Contains(source, texts[i])
		source = strings.ReplaceAll(source, texts[i], texts[i+1])
	}
	s := upstash.NewScript(source)
	switch script {
	case "place":
		m.scripts.place = s
	case "update":
		m.scripts.update = s
	case "others":
		m.scripts.others = s
	}
	return found
}

// Renew is what the middleware does now and then.
func (m *Manager[T]) Renew(ctx context.Context, s *Session[T], every, grace time.Duration) (*Session[T], error) {
	return m.renew(ctx, s, renewal{every: every, grace: grace})
}

// CanonicalMark reports whether text is a mark, and writes it anew.
func CanonicalMark(text string) (string, bool) {
	k, ok := parseMark(text)
	return k.String(), ok
}

// CanonicalHeader reports whether text is a header, and writes it anew.
func CanonicalHeader(text string) (string, bool) {
	h, ok := parseHeader(text)
	return h.String(), ok
}

// Key is the key of a user's hash, and ID what a token's session is found by.
func (m *Manager[T]) Key(userID string) string { return m.key(m.handleOf(userID)) }

func (m *Manager[T]) ID(t Token) (key, id string, ok bool) {
	c, id, ok := m.read(t)
	return m.key(c.handle), id, ok
}

// OpenPayload is the decoder of what is stored beside a header.
func (m *Manager[T]) OpenPayload(key, id, stored string) (T, error) {
	doc, err := m.openDocument(key, id, stored)
	if err != nil {
		var zero T
		return zero, err
	}
	return decodeData[T](doc.Data)
}

// Version counts the changes of a session.
func (s *Session[T]) Version() int64 { return s.entry.header.version }
