package session

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
)

// mark is what is left of a session that lives on under another token:
//
//	<until>                  it was rotated: its token gets ErrMoved
//	<until>:<nonce>:<heir>   it was renewed: its token leads to the heir's
//
// Until is in Unix milliseconds, the heir is the ID of the session that took its
// place. The mark may stay for longer than until.
type mark struct {
	until       int64
	nonce, heir string
}

func (k mark) String() string {
	if k.heir == "" {
		return number(k.until)
	}
	return number(k.until) + ":" + k.nonce + ":" + k.heir
}

func (k mark) renewed() bool { return k.heir != "" }

// parseMark accepts what String writes, and nothing else.
func parseMark(text string) (k mark, ok bool) {
	parts := strings.Split(text, ":")
	if len(parts) != 1 && len(parts) != 3 {
		return mark{}, false
	}
	var err error
	if k.until, err = strconv.ParseInt(parts[0], 10, 64); err != nil || k.until < 0 {
		return mark{}, false
	}
	if len(parts) == 3 {
		k.nonce, k.heir = parts[1], parts[2]
		if b, err := base64.RawURLEncoding.Strict().DecodeString(k.nonce); err != nil || len(b) != renewalNonceSize || !validID(k.heir) {
			return mark{}, false
		}
	}
	return k, k.String() == text
}

// renewalNonceSize is in bytes: with less than that of a secret, the nonce
// would be what an attacker who once saw a token guesses.
const renewalNonceSize = secretSize

func renewalNonce() string {
	var b [renewalNonceSize]byte
	_, _ = rand.Read(b[:]) // never fails, says its documentation
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// heir is the token that a renewal leads to. Everybody who has the old token
// and the nonce finds the same one, so that a renewal whose answer got lost, or
// that several requests run into, loses nobody. The old token alone leads
// nowhere, nor does the nonce: the store has no token.
func (m *Manager[T]) heir(old Token, nonce string) (token Token, id string, ok bool) {
	c, _, ok := m.read(old)
	if !ok {
		return "", "", false
	}
	b, err := base64.RawURLEncoding.DecodeString(string(old))
	if err != nil {
		return "", "", false
	}
	salt, err := base64.RawURLEncoding.DecodeString(nonce)
	if err != nil {
		return "", "", false
	}
	derived, err := hkdf.Key(sha256.New, b[secretAt:macAt], salt, "upstash-go session renewal", secretSize)
	if err != nil {
		return "", "", false
	}
	token, id = m.issue(c, [secretSize]byte(derived))
	return token, id, true
}
