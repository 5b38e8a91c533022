package upstashtest

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// A user is who a token stands for. The names are those the service uses.
type user struct {
	name     string
	readOnly bool
}

var (
	defaultUser  = user{name: "default"}
	readOnlyUser = user{name: "default_ro", readOnly: true}

	// operator is the server itself: what it does to the data nobody sees.
	operator = user{}
)

// userNames is what ACL USERS answers.
var userNames = []string{defaultUser.name, readOnlyUser.name}

// users knows the two tokens, and only as hashes besides: so the time a
// comparison takes tells neither their content nor their length.
type users struct {
	tokens map[string]string // by the name of the user
	hashes map[user][sha256.Size]byte
}

func newUsers(token, readOnlyToken string) (users, error) {
	if token == readOnlyToken {
		return users{}, errors.New("upstashtest: Options.Token and Options.ReadOnlyToken are the same")
	}
	return users{
		tokens: map[string]string{defaultUser.name: token, readOnlyUser.name: readOnlyToken},
		hashes: map[user][sha256.Size]byte{
			defaultUser:  sha256.Sum256([]byte(token)),
			readOnlyUser: sha256.Sum256([]byte(readOnlyToken)),
		},
	}, nil
}

// of tells who sent a request.
func (u users) of(r *http.Request) (who user, known bool) {
	given := sha256.Sum256([]byte(bearer(r)))
	for candidate, hash := range u.hashes {
		if subtle.ConstantTimeCompare(hash[:], given[:]) == 1 {
			who, known = candidate, true
		}
	}
	return who, known
}

// named returns the user of that name.
func (u users) named(name string) (who user, known bool) {
	for candidate := range u.hashes {
		if candidate.name == name {
			who, known = candidate, true
		}
	}
	return who, known
}

// password is what Redis shows of one: its SHA-256.
func (u users) password(who user) string {
	hash := u.hashes[who]
	return hex.EncodeToString(hash[:])
}

// rules describe all users as ACL LIST does.
func (u users) rules() []string {
	lines := make([]string, len(userNames))
	for i, name := range userNames {
		who, _ := u.named(name)
		lines[i] = "user " + name + " on #" + u.password(who) + " ~* &* " + who.commands()
	}
	return lines
}

// commands are the rules about commands that a user is held to.
func (u user) commands() string {
	if !u.readOnly {
		return "+@all"
	}
	var b strings.Builder
	b.WriteString("-@all +acl|whoami")
	for _, name := range slices.Sorted(maps.Keys(readable)) {
		b.WriteString(" +" + strings.ToLower(name))
	}
	return b.String()
}

// restToken returns the bearer token of a user for its password. The service
// has the token itself serve as the password, and so does this server, which
// needs no further tokens then.
func (u users) restToken(name, password string) (token string, ok bool) {
	token, known := u.tokens[name]
	return token, known && subtle.ConstantTimeCompare([]byte(token), []byte(password)) == 1
}
