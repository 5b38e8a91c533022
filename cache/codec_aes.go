package cache

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
)

// Encrypted is the codec inner, [JSON] if that is nil, with values encrypted by
// AES-256-GCM. Each key is 32 random bytes: the first seals, and all of them
// open, so that a key is replaced by putting the new one in front and dropping
// the old one when its entries have expired. Replace a key before it has sealed
// 2^32 values; above that the random nonces of AES-GCM may repeat. The codec's
// name is that of inner with "+aes256gcm".
//
// A value is bound to its place: one that was copied to another key, namespace
// or schema, or that was changed, does not open and is a miss. So is one whose
// key is not given. What stays readable is the key in Redis, the names of the
// tags, the type name, times, and about how long the value is; whoever can write
// to Redis can also delete entries and bring back an older value of the same key.
//
// A sealed value is a JSON string, base64, a third longer than the value and about
// 60 characters. Put [Compressed] inside, not outside: what is encrypted does not
// compress.
func Encrypted(inner Codec, keys ...[]byte) (Codec, error) {
	if inner == nil {
		inner = JSON()
	}
	if len(keys) == 0 {
		return nil, errors.New("cache: there is no key: give one of 32 random bytes")
	}
	e := &encrypted{inner: inner, ring: make([]sealer, len(keys))}
	for i, key := range keys {
		var err error
		if e.ring[i], err = newSealer(key); err != nil {
			return nil, fmt.Errorf("%w (key %d of %d)", err, i+1, len(keys))
		}
	}
	return e, nil
}

type encrypted struct {
	inner Codec
	ring  []sealer
	bound bool
	key   string
}

// sealer is one key of the ring. Its id stands before what it sealed, so that
// opening does not try them all.
type sealer struct {
	id   [keyIDSize]byte
	aead cipher.AEAD
}

const (
	sealedVersion = 1
	keySize       = 32
	keyIDSize     = 4
	sealedHead    = 1 + keyIDSize // version, key id; then nonce, ciphertext and tag
)

var (
	errUnbound = errors.New("cache: the codec Encrypted does not know its entry's key: a codec around it has to be a KeyedCodec")
	errSealed  = errors.New("cache: the value does not open: it was sealed with another key or for another entry, or was changed")
)

func newSealer(key []byte) (sealer, error) {
	if len(key) != keySize {
		return sealer{}, fmt.Errorf("cache: a key has %d bytes: AES-256 takes 32 random ones", len(key))
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return sealer{}, errors.New("cache: AES refuses the key")
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return sealer{}, errors.New("cache: this build has no AES-GCM with random nonces")
	}
	s := sealer{aead: aead}
	mac := hmac.New(sha256.New, key)
	_, _ = mac.Write([]byte("upstash-go cache key id"))
	copy(s.id[:], mac.Sum(nil))
	return s, nil
}

func (e *encrypted) Name() string { return e.inner.Name() + "+aes256gcm" }

// String and GoString keep what is made of the keys out of every log.
func (e *encrypted) String() string   { return e.Name() }
func (e *encrypted) GoString() string { return e.Name() }

func (e *encrypted) At(key string) Codec {
	inner := e.inner
	if keyed, ok := inner.(KeyedCodec); ok {
		inner = keyed.At(key)
	}
	return &encrypted{inner: inner, ring: e.ring, bound: true, key: key}
}

// place is what a value is bound to. The name of the codec is in it because it
// says how to read what is inside.
func (e *encrypted) place() []byte {
	return append(append([]byte(e.Name()), 0), e.key...)
}

func (e *encrypted) Encode(v any) (text, meta []byte, err error) {
	if !e.bound {
		return nil, nil, errUnbound
	}
	packed, err := pack(e.inner, v)
	if err != nil {
		return nil, nil, err
	}
	s := e.ring[0]
	sealed := make([]byte, 0, sealedHead+s.aead.Overhead()+len(packed))
	sealed = append(append(sealed, sealedVersion), s.id[:]...)
	return quote64(s.aead.Seal(sealed, nil, packed, e.place())), nil, nil //nolint:gosec // nil is what this AEAD wants: it makes a random nonce
}

func (e *encrypted) Decode(text, meta []byte, v any) error {
	if !e.bound {
		return errUnbound
	}
	sealed, ok := unquote64(text)
	if !ok || len(meta) > 0 || len(sealed) < sealedHead || sealed[0] != sealedVersion {
		return errSealed
	}
	id, rest := sealed[1:sealedHead], sealed[sealedHead:]
	for _, s := range e.ring {
		if !bytes.Equal(s.id[:], id) {
			continue
		}
		if packed, err := s.aead.Open(nil, nil, rest, e.place()); err == nil {
			return unpack(e.inner, packed, v)
		}
	}
	return errSealed
}
