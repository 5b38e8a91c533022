package session

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"strings"
	"unicode/utf8"
)

// A session has its header in the field with its ID, and beside it these.
const (
	payloadOf = "#d"
	deviceOf  = "#m"
	touchedOf = "#t" // when its idle time was last extended, for the throttle
	markOf    = "#x" // where it went; all that is left of it then
)

// fieldsOf are all of them, in the order that entries are read in.
func fieldsOf(id string) []string { return append(sessionFields(id), id+markOf) }

// sessionFields are those that a session has while it lives.
func sessionFields(id string) []string {
	return []string{id, id + payloadOf, id + deviceOf, id + touchedOf}
}

// isHeader tells the field that makes a session from those beside it.
func isHeader(field string) bool { return !strings.Contains(field, "#") }

func validID(id string) bool {
	b, err := base64.RawURLEncoding.Strict().DecodeString(id)
	return err == nil && len(b) == keySize
}

func (m *Manager[T]) key(handle [handleSize]byte) string {
	return m.opts.Namespace + ":s:{" + base64.RawURLEncoding.EncodeToString(handle[:]) + "}"
}

// handleOf names a user's hash without telling who that is. A session of nobody
// gets a hash of its own.
func (m *Manager[T]) handleOf(userID string) (handle [handleSize]byte) {
	if userID == "" {
		_, _ = rand.Read(handle[:]) // never fails, says its documentation
		return handle
	}
	copy(handle[:], m.mac("handle", []byte(m.opts.Namespace+"\x00"+userID)))
	return handle
}

// keyOf is for the operations on all sessions of a user.
func (m *Manager[T]) keyOf(userID string) (string, error) {
	if userID == "" {
		return "", errors.New("session: the user ID is empty: a session of nobody is reached by its token only")
	}
	if err := checkUserID(userID); err != nil {
		return "", err
	}
	return m.key(m.handleOf(userID)), nil
}

func checkUserID(userID string) error {
	if !utf8.ValidString(userID) {
		return errors.New("session: the user ID is not UTF-8 text")
	}
	return nil
}

// nonce is 72 random bits as 12 characters: the identity of one write.
func nonce() string {
	var b [9]byte
	_, _ = rand.Read(b[:]) // never fails, says its documentation
	return base64.RawURLEncoding.EncodeToString(b[:])
}
