package gorillastore

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"

	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// ErrEnded says that a session was not saved because it ended since it was read.
var ErrEnded = errors.New("gorillastore: the session has ended")

// Store is a sessions.Store. It is safe for concurrent use.
type Store struct {
	// Options is what each new session's Options begin as: a cookie for the
	// whole site that lives 30 days, Secure, HttpOnly and SameSite=Lax. Change
	// it before the first request, or the Options of single sessions.
	Options *sessions.Options

	doer    upstash.Doer
	opts    Options
	cookies []securecookie.Codec // of IDs
	values  []securecookie.Codec
}

var _ sessions.Store = (*Store)(nil)

const month = 30 * 24 * 60 * 60 // in seconds, as the stores that gorilla brings along have it

// New makes a store over d, a client for example. It does no I/O.
func New(d upstash.Doer, o Options) (*Store, error) {
	if d == nil {
		return nil, errors.New("gorillastore: there is no client: give an upstash.Client or another Doer")
	}
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	pairs := make([][]byte, len(o.KeyPairs))
	for i, key := range o.KeyPairs {
		if key != nil {
			pairs[i] = append([]byte{}, key...)
		}
	}
	return &Store{
		Options: &sessions.Options{Path: "/", MaxAge: month, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode},
		doer:    d, opts: o,
		cookies: codecs(pairs, 4096), values: codecs(pairs, o.MaxLength),
	}, nil
}

// codecs have no opinion on age: the store ends sessions.
func codecs(pairs [][]byte, maxLength int) []securecookie.Codec {
	list := securecookie.CodecsFromPairs(pairs...)
	for _, c := range list {
		if c, ok := c.(*securecookie.SecureCookie); ok {
			c.MaxAge(0).MaxLength(maxLength)
		}
	}
	return list
}

// key names a session's record. The digest leads nobody back to an ID, which
// has 256 random bits.
func (s *Store) key(id string) string {
	sum := sha256.Sum256([]byte("upstash-go gorilla session id\x00" + id))
	return s.opts.Namespace + ":gorilla:" + base64.RawURLEncoding.EncodeToString(sum[:])
}

func newID() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails, says its documentation
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// Get returns the session of a name, the same one for the whole request. See
// [Store.New] for errors and cost; a second call costs nothing.
func (s *Store) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(s, name)
}
