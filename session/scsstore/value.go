package scsstore

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// A stored value is one of
//
//	0.<data>
//	1.<token>.<data>
//
// in base64, because a JSON request carries no other bytes in the middle of a
// command. The data is what scs encoded, the token is nonce and AES-256-GCM,
// bound to the record's key.
const (
	withoutToken = "0."
	withToken    = "1."
)

var encoding = base64.RawStdEncoding.Strict()

var (
	errForeign = errors.New("the stored value is not what this package writes")
	errSealed  = errors.New("a session has no token that TokenKeys open: it was stored without them, or with a key that is gone")
	errNoKeys  = errors.New("it needs Options.TokenKeys, because only digests of tokens are stored")
)

// ring seals with its first key and opens with all of them.
type ring []cipher.AEAD

func newRing(keys [][]byte) (ring, error) {
	var r ring
	for i, key := range keys {
		if len(key) != tokenKey {
			return nil, fmt.Errorf("scsstore: token key %d has %d bytes: expected %d random ones", i+1, len(key), tokenKey)
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, errors.New("scsstore: AES-GCM is not available")
		}
		aead, err := cipher.NewGCM(block)
		if err != nil {
			return nil, errors.New("scsstore: AES-GCM is not available")
		}
		r = append(r, aead)
	}
	return r, nil
}

// join makes the stored form.
func (r ring) join(key, token string, data []byte) string {
	if len(r) == 0 {
		return withoutToken + encoding.EncodeToString(data)
	}
	nonce := make([]byte, r[0].NonceSize())
	_, _ = rand.Read(nonce) // never fails, says its documentation
	sealed := r[0].Seal(nonce, nonce, []byte(token), []byte(key))
	return withToken + encoding.EncodeToString(sealed) + "." + encoding.EncodeToString(data)
}

// cut takes a stored form apart; sealed is empty where there is no token.
func cut(stored string) (sealed, data []byte, ok bool) {
	text, plain := strings.CutPrefix(stored, withoutToken)
	if !plain {
		rest, found := strings.CutPrefix(stored, withToken)
		token, after, between := strings.Cut(rest, ".")
		token64, err := encoding.DecodeString(token)
		if !found || !between || err != nil {
			return nil, nil, false
		}
		sealed, text = token64, after
	}
	data, err := encoding.DecodeString(text)
	return sealed, data, err == nil
}

// open returns the token that was sealed.
func (r ring) open(key string, sealed []byte) (token string, ok bool) {
	for _, aead := range r {
		if len(sealed) < aead.NonceSize() {
			return "", false
		}
		if plain, err := aead.Open(nil, sealed[:aead.NonceSize()], sealed[aead.NonceSize():], []byte(key)); err == nil {
			return string(plain), true
		}
	}
	return "", false
}
