package shop

import (
	"context"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"

	"github.com/seed-9937a0e6/upstash-go/cache"
)

// User is somebody who can sign in.
type User struct {
	ID    string `json:"id"`
	Email string `json:"email"`
	Role  string `json:"role"`
}

// Editor is the role of those who may change products.
const Editor = "editor"

// ErrPassword says that email and password do not belong together, and not
// which of them is unknown.
var ErrPassword = errors.New("no such email and password")

// recommended is what OWASP has for PBKDF2 with SHA-256.
const recommended = 600_000

// AddUser adds a user, or gives one another role and password.
func (s *Store) AddUser(ctx context.Context, email, role, password string) error {
	salt := rand.Text()
	hash, err := hashed(password, salt, s.Rounds)
	if err != nil {
		return err
	}
	_, err = s.db.ExecContext(ctx, `INSERT INTO users (email, id, role, salt, rounds, password) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (email) DO UPDATE
		SET role = excluded.role, salt = excluded.salt, rounds = excluded.rounds, password = excluded.password`,
		email, rand.Text(), role, salt, s.Rounds, hash)
	return err
}

// SignIn returns the user with an email and a password, or [ErrPassword].
func (s *Store) SignIn(ctx context.Context, email, password string) (User, error) {
	u, want, salt, rounds := User{Email: email}, "", "", s.Rounds
	err := s.db.QueryRowContext(ctx, "SELECT id, role, salt, rounds, password FROM users WHERE email = $1", email).
		Scan(&u.ID, &u.Role, &salt, &rounds, &want)
	if err != nil && !errors.Is(found(err), cache.ErrNotFound) {
		return User{}, err
	}
	got, err := hashed(password, salt, rounds) // for nobody too, so that time does not tell who is known
	switch {
	case err != nil:
		return User{}, err
	case want == "" || subtle.ConstantTimeCompare([]byte(got), []byte(want)) != 1:
		return User{}, ErrPassword
	}
	return u, nil
}

func hashed(password, salt string, rounds int) (string, error) {
	key, err := pbkdf2.Key(sha256.New, password, []byte(salt), rounds, sha256.Size)
	return hex.EncodeToString(key), err
}
