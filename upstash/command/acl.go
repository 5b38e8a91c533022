package command

import (
	"fmt"
	"log/slog"
	"strings"
)

// ACLCat returns the categories that commands fall into, for the rules of
// [ACLSetUser]. As all ACL commands on Upstash, it needs a paid plan.
func ACLCat() Cmd[[]string] { return read(Reply.Texts, "ACL", "CAT") }

// ACLCatWith returns the commands of one category.
func ACLCatWith(category string) Cmd[[]string] { return read(Reply.Texts, "ACL", "CAT", category) }

// ACLDelUser deletes users and returns how many there were.
func ACLDelUser(users ...string) Cmd[int64] {
	return idempotent(Reply.Int, "ACL", "DELUSER", many("user", users))
}

// ACLGenPass returns a random password of 256 bits in hexadecimal. It is for
// the caller to keep: no user has it yet.
func ACLGenPass() Cmd[string] { return read(Reply.Text, "ACL", "GENPASS") }

// ACLGenPassWith is [ACLGenPass] with so many bits, 1 to 4096, rounded up to
// whole hexadecimal digits.
func ACLGenPassWith(bits int) Cmd[string] {
	var t tail
	if bits < 1 || bits > 4096 {
		t.refuse("bits must be 1 to 4096")
	}
	t.addInt(int64(bits))
	return read(Reply.Text, "ACL", "GENPASS", t)
}

// ACLGenToken returns a new credential for a user, which it has as soon as
// [ACLSetUser] sets it with the rule ">" + token. It serves as the REST token
// too. Only Upstash has this command.
func ACLGenToken(user string) Cmd[string] { return read(Reply.Text, "ACL", "GENTOKEN", user) }

// ACLGenTokenWith is [ACLGenToken] for a password of the caller's choice.
func ACLGenTokenWith(user, password string) Cmd[string] {
	return read(Reply.Text, "ACL", "GENTOKEN", user, password)
}

// ACLUser is what a user may do. It prints without its passwords.
type ACLUser struct {
	Flags     []string // "on" or "off", and others
	Passwords []string // their SHA-256 in hexadecimal
	Commands  string   // rules as [ACLSetUser] takes them, for example "-@all +@read"
	Keys      []string // glob patterns
	Channels  []string // glob patterns
}

// String describes the user without its passwords.
func (u ACLUser) String() string {
	return fmt.Sprintf("{flags %q, %d passwords, commands %q, keys %q, channels %q}",
		u.Flags, len(u.Passwords), u.Commands, u.Keys, u.Channels)
}

// GoString is [ACLUser.String], so that %#v shows no password either.
func (u ACLUser) GoString() string { return "command.ACLUser" + u.String() }

// LogValue is [ACLUser.String], so that a logger shows no password either.
func (u ACLUser) LogValue() slog.Value { return slog.StringValue(u.String()) }

// ACLGetUser returns what a user may do; [ErrNil] when there is no such user.
func ACLGetUser(user string) Cmd[ACLUser] { return read(Reply.aclUser, "ACL", "GETUSER", user) }

func (r Reply) aclUser() (ACLUser, error) {
	var u ACLUser
	err := eachField(r, func(name string, value Reply) (err error) {
		switch name {
		case "flags":
			u.Flags, err = value.Texts()
		case "passwords":
			u.Passwords, err = value.Texts()
		case "commands":
			u.Commands, err = inside(value, Reply.Text)
		case "keys":
			u.Keys, err = value.patterns()
		case "channels":
			u.Channels, err = value.patterns()
		}
		return err
	})
	return u, err
}

// patterns decodes a list, or the one text with blanks between its words that
// Redis answers since 7.0.
func (r Reply) patterns() ([]string, error) {
	if r.kind == KindText {
		return strings.Fields(r.text), nil
	}
	return r.Texts()
}

// ACLList returns a line for each user with all its rules, hashes of passwords
// among them.
func ACLList() Cmd[[]string] { return read(Reply.Texts, "ACL", "LIST") }

// ACLLoad makes the users what [ACLSave] saved last.
func ACLLoad() Cmd[OK] { return idempotent(Reply.Status, "ACL", "LOAD") }

// ACLLog returns what was denied of late. Upstash keeps no such log: the list is
// always empty there.
func ACLLog() Cmd[[]Reply] { return read(Reply.replies, "ACL", "LOG") }

// ACLLogWith is [ACLLog] that returns at most so many entries.
func ACLLogWith(count int) Cmd[[]Reply] {
	var t tail
	if count < 0 {
		t.refuse("count must not be negative")
	}
	t.addInt(int64(count))
	return read(Reply.replies, "ACL", "LOG", t)
}

// ACLLogReset empties the log of [ACLLog].
func ACLLogReset() Cmd[OK] { return idempotent(Reply.Status, "ACL", "LOG", "RESET") }

// ACLRestToken returns the bearer token with which a user comes in over REST.
// Only Upstash has this command.
func ACLRestToken(user, password string) Cmd[string] {
	return read(Reply.Text, "ACL", "RESTTOKEN", user, password)
}

// ACLSave saves the users for [ACLLoad] and for the server's next start.
func ACLSave() Cmd[OK] { return idempotent(Reply.Status, "ACL", "SAVE") }

// ACLSetUser makes a user, or changes one, by rules that apply one after the
// other. Rules that are not given stay as they were; a new user is off and may
// do nothing.
//
//	on, off           the user may come in, or not
//	>token            has this credential; Upstash takes those of [ACLGenToken]
//	~pattern          may use keys that match a glob pattern; allkeys is ~*
//	&pattern          may use channels that match; allchannels is &*
//	+get, -get        may run a command, or may not
//	+@read, -@write   may run the commands of a category, or may not; see [ACLCat]
//	reset             is as a new user
//
// Narrowing a user narrows the tokens that it has already.
func ACLSetUser(user string, rules ...string) Cmd[OK] {
	return idempotent(Reply.Status, "ACL", "SETUSER", user, tail{words: rules})
}

// ACLUsers returns the names of all users.
func ACLUsers() Cmd[[]string] { return read(Reply.Texts, "ACL", "USERS") }

// ACLWhoAmI returns the name of the user whose token the request carries.
func ACLWhoAmI() Cmd[string] { return read(Reply.Text, "ACL", "WHOAMI") }

// replies decodes a list whose items have no fixed shape. A nil list is empty.
func (r Reply) replies() ([]Reply, error) { return each(r, Reply.Reply) }
