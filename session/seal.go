package session

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// What is stored of a payload or of device metadata begins with how it is
// written:
//
//	j.<JSON>
//	e.<key>.<base64 of nonce and AES-256-GCM of the JSON>
//
// where <key> is the beginning of a digest of the key that sealed it.
const (
	plainForm  = "j."
	sealedForm = "e."
)

// ring seals with its first key and opens with all of them.
type ring struct {
	names      []string
	keys       []Key
	allowPlain bool
}

func newRing(keys []Key, allowPlain bool) (ring, error) {
	r := ring{allowPlain: allowPlain || len(keys) == 0}
	for i, key := range keys {
		if len(key) != keySize {
			return ring{}, fmt.Errorf("session: encryption key %d has %d bytes: expected %d random ones", i+1, len(key), keySize)
		}
		sum := sha256.Sum256(append([]byte("upstash-go session key name\x00"), key...))
		r.names = append(r.names, hex.EncodeToString(sum[:4]))
		r.keys = append(r.keys, bytes.Clone(key))
		if r.find(r.names[i]) != i {
			return ring{}, fmt.Errorf("session: encryption key %d is in the ring twice", i+1)
		}
	}
	return r, nil
}

func (r ring) find(name string) int {
	for i, have := range r.names {
		if have == name {
			return i
		}
	}
	return -1
}

// seal writes text for one field of one hash; nowhere else can it be opened.
func (r ring) seal(key, field string, text []byte) (string, error) {
	if len(r.keys) == 0 {
		return plainForm + string(text), nil
	}
	aead, err := cipherFor(r.keys[0], key)
	if err != nil {
		return "", err
	}
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(text)+aead.Overhead())
	_, _ = rand.Read(nonce) // never fails, says its documentation
	sealed := aead.Seal(nonce, nonce, text, []byte(field))
	return sealedForm + r.names[0] + "." + base64.RawStdEncoding.EncodeToString(sealed), nil
}

// open reads what seal wrote. Errors tell the step and nothing of the text.
func (r ring) open(key, field, stored string) ([]byte, error) {
	if text, plain := strings.CutPrefix(stored, plainForm); plain {
		if !r.allowPlain {
			return nil, fmt.Errorf("%w: it is not sealed, and there are encryption keys", ErrUnreadable)
		}
		return []byte(text), nil
	}
	rest, sealed := strings.CutPrefix(stored, sealedForm)
	name, text, found := strings.Cut(rest, ".")
	if !sealed || !found {
		return nil, fmt.Errorf("%w: its form is unknown", ErrUnreadable)
	}
	i := r.find(name)
	if i < 0 {
		return nil, fmt.Errorf("%w: its key is not in the ring", ErrUnreadable)
	}
	aead, err := cipherFor(r.keys[i], key)
	if err != nil {
		return nil, err
	}
	b, err := base64.RawStdEncoding.Strict().DecodeString(text)
	if err != nil || len(b) < aead.NonceSize() {
		return nil, fmt.Errorf("%w: it is damaged", ErrUnreadable)
	}
	plain, err := aead.Open(nil, b[:aead.NonceSize()], b[aead.NonceSize():], []byte(field))
	if err != nil {
		return nil, fmt.Errorf("%w: it was altered, or belongs elsewhere", ErrUnreadable)
	}
	return plain, nil
}

// cipherFor derives a key for one hash, so that the number of random nonces
// under one key stays small whatever the number of users.
func cipherFor(master Key, key string) (cipher.AEAD, error) {
	derived, err := hkdf.Key(sha256.New, master, nil, "upstash-go session seal\x00"+key, keySize)
	if err != nil {
		return nil, errSeal
	}
	block, err := aes.NewCipher(derived)
	if err != nil {
		return nil, errSeal
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, errSeal
	}
	return aead, nil
}

var errSeal = errors.New("session: AES-GCM is not available")
