package session

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// entry is a stored session, opened.
type entry struct {
	key    string // of its user's hash
	id     string
	token  Token // where it is known
	header header
	doc    document
	device Device
}

// document is what is sealed into the payload.
type document struct {
	User  string            `json:"user,omitempty"`
	Data  json.RawMessage   `json:"data"`
	Flash map[string]string `json:"flash,omitempty"`
	Seed  string            `json:"seed,omitempty"` // random, of this sign-in: CSRF tokens are made from it
	Keep  bool              `json:"keep,omitempty"` // the cookie outlives the browser
}

func (d document) clone() document {
	d.Flash = maps.Clone(d.Flash)
	return d
}

func (d document) equal(other document) bool {
	return d.User == other.User && bytes.Equal(d.Data, other.Data) && maps.Equal(d.Flash, other.Flash)
}

// encodeData writes the caller's payload. The causes of failures quote values,
// so they stay out of the error.
func encodeData[T any](data T) (json.RawMessage, error) {
	text, err := json.Marshal(data)
	if err != nil {
		return nil, fmt.Errorf("session: the payload, a %T, has no JSON form (%T)", data, err)
	}
	return text, nil
}

func decodeData[T any](text json.RawMessage) (data T, err error) {
	if err := json.Unmarshal(text, &data); err != nil {
		var zero T
		return zero, fmt.Errorf("%w: its payload is no %T", ErrUnreadable, zero)
	}
	return data, nil
}

// sealDocument makes the stored form of a payload.
func (m *Manager[T]) sealDocument(key, id string, doc document) (string, error) {
	text, err := json.Marshal(doc)
	if err != nil {
		return "", errors.New("session: the payload has no JSON form")
	}
	if len(text) > m.opts.MaxPayload {
		return "", fmt.Errorf("%w: %d bytes as JSON, and MaxPayload is %d", ErrTooLarge, len(text), m.opts.MaxPayload)
	}
	return m.ring.seal(key, id+payloadOf, text)
}

func (m *Manager[T]) sealDevice(key, id string, device Device) (string, error) {
	text, err := json.Marshal(device)
	if err != nil {
		return "", errors.New("session: the device has no JSON form")
	}
	if len(text) > maxDevice {
		return "", fmt.Errorf("%w: the device takes %d bytes as JSON, and %d are allowed", ErrTooLarge, len(text), maxDevice)
	}
	return m.ring.seal(key, id+deviceOf, text)
}

// maxDevice bounds device metadata: headers of clients are as long as they like.
const maxDevice = 4 << 10

// openDocument reads a stored payload.
func (m *Manager[T]) openDocument(key, id, stored string) (document, error) {
	var doc document
	text, err := m.ring.open(key, id+payloadOf, stored)
	if err != nil {
		return document{}, err
	}
	if json.Unmarshal(text, &doc) != nil || doc.Data == nil {
		return document{}, fmt.Errorf("%w: its payload is not what this package writes", ErrUnreadable)
	}
	return doc, nil
}

func (m *Manager[T]) openDevice(key, id, stored string) (Device, error) {
	var device Device
	text, err := m.ring.open(key, id+deviceOf, stored)
	if err != nil {
		return Device{}, err
	}
	if json.Unmarshal(text, &device) != nil {
		return Device{}, fmt.Errorf("%w: its device is not what this package writes", ErrUnreadable)
	}
	return device, nil
}

// openEntry reads header and payload.
func (m *Manager[T]) openEntry(key, id, head, payload string) (entry, error) {
	h, ok := parseHeader(head)
	if !ok {
		return entry{}, fmt.Errorf("%w: its header is not what this package writes", ErrUnreadable)
	}
	doc, err := m.openDocument(key, id, payload)
	if err != nil {
		return entry{}, err
	}
	return entry{key: key, id: id, header: h, doc: doc}, nil
}

// openFields reads what a command answered for the fields of one session.
func (m *Manager[T]) openFields(key, id string, fields []command.Null[string]) (entry, error) {
	head, payload, device := fields[0], fields[1], fields[2]
	if !head.Valid || !payload.Valid || !device.Valid {
		return entry{}, ErrNotFound
	}
	e, err := m.openEntry(key, id, head.V, payload.V)
	if err == nil {
		e.device, err = m.openDevice(key, id, device.V)
	}
	if err != nil {
		return entry{}, err
	}
	return e, nil
}

// session makes what the caller sees.
func (m *Manager[T]) session(e entry, c claims) (*Session[T], error) {
	data, err := decodeData[T](e.doc.Data)
	if err != nil {
		return nil, err
	}
	return &Session[T]{
		ID: e.id, UserID: e.doc.User, Data: data, Device: e.device,
		Created: instant(e.header.created), Authenticated: instant(e.header.authenticated), Expires: instant(e.header.expires),
		claims: c, entry: e,
	}, nil
}
