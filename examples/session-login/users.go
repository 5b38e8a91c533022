package main

import (
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
)

// users are those of the demonstration, by email. Yours are in a database.
type users map[string]user

type user struct {
	id   string
	salt []byte
	hash []byte
}

// rounds is small because a password that is in the source guards nothing;
// OWASP recommends 600,000.
const rounds = 1000

func (u users) add(email, id, password string) error {
	salt := []byte(rand.Text())
	hash, err := pbkdf2.Key(sha256.New, password, salt, rounds, sha256.Size)
	u[email] = user{id, salt, hash}
	return err
}

// check takes as long for an email that nobody has.
func (u users) check(email, password string) (id string, ok bool) {
	known := u[email]
	hash, err := pbkdf2.Key(sha256.New, password, known.salt, rounds, sha256.Size)
	return known.id, err == nil && subtle.ConstantTimeCompare(hash, known.hash) == 1
}
