package upstashtest

import (
	"crypto/rand"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

const msgGenPassBits = "ERR ACL GENPASS argument must be the number of bits for the output password, a positive number up to 4096" //nolint:gosec // a text about passwords

// supplyACL knows as much of ACL as the two built-in users need. What changes
// users is refused before it gets here.
func supplyACL(e *embedded, c *server.Peer, args []string) bool {
	if e.script {
		c.WriteError(msgNotFromScript)
		return true
	}
	subcommand := strings.ToUpper(args[0])
	answer, operands := aclAnswers[subcommand], args[1:]
	if len(operands) < answer.least || len(operands) > answer.most {
		c.WriteError(wrongArityText("acl|" + strings.ToLower(subcommand)))
		return true
	}
	answer.write(e, c, operands)
	return true
}

// aclAnswers are the subcommands of ACL and how many operands each has.
var aclAnswers = map[string]struct {
	least, most int
	write       func(e *embedded, c *server.Peer, operands []string)
}{
	"GENPASS":   {0, 1, aclGenPass},
	"GETUSER":   {1, 1, aclGetUser},
	"LIST":      {0, 0, func(e *embedded, c *server.Peer, _ []string) { c.WriteStrings(e.users.rules()) }},
	"LOAD":      {0, 0, aclUnchanged},
	"LOG":       {0, 1, aclLog},
	"RESTTOKEN": {2, 2, aclRestToken},
	"SAVE":      {0, 0, aclUnchanged},
	"USERS":     {0, 0, func(_ *embedded, c *server.Peer, _ []string) { c.WriteStrings(userNames) }},
	"WHOAMI":    {0, 0, func(e *embedded, c *server.Peer, _ []string) { c.WriteBulk(e.user.name) }},
}

// knowsACL tells whether there is such a subcommand of ACL.
func knowsACL(args []string) bool {
	if len(args) == 0 {
		return true // which fails for the missing subcommand
	}
	_, ok := aclAnswers[strings.ToUpper(args[0])]
	return ok
}

// aclUnchanged saves and loads the users, who never change.
func aclUnchanged(_ *embedded, c *server.Peer, _ []string) { c.WriteOK() }

func aclGenPass(_ *embedded, c *server.Peer, operands []string) {
	bits := 256
	if len(operands) > 0 {
		n, err := strconv.Atoi(operands[0])
		if err != nil || n < 1 || n > 4096 {
			c.WriteError(msgGenPassBits)
			return
		}
		bits = n
	}
	password := make([]byte, (bits+7)/8)
	_, _ = rand.Read(password) // it cannot fail
	c.WriteBulk(hex.EncodeToString(password)[:(bits+3)/4])
}

// aclLog has nothing to show, as that of the service.
func aclLog(_ *embedded, c *server.Peer, operands []string) {
	if len(operands) == 0 {
		c.WriteLen(0)
		return
	}
	if strings.EqualFold(operands[0], "RESET") {
		c.WriteOK()
		return
	}
	if _, err := strconv.ParseInt(operands[0], 10, 64); err != nil {
		c.WriteError(msgNotInteger)
		return
	}
	c.WriteLen(0)
}

func aclRestToken(e *embedded, c *server.Peer, operands []string) {
	token, ok := e.users.restToken(operands[0], operands[1])
	if !ok {
		c.WriteError(`ERR Wrong password or user "` + operands[0] + `" does not exist`)
		return
	}
	c.WriteBulk(token)
}

func aclGetUser(e *embedded, c *server.Peer, operands []string) {
	u, known := e.users.named(operands[0])
	if !known {
		c.WriteNull()
		return
	}
	c.WriteLen(10)
	c.WriteBulk("flags")
	c.WriteStrings([]string{"on"})
	c.WriteBulk("passwords")
	c.WriteStrings([]string{e.users.password(u)})
	c.WriteBulk("commands")
	c.WriteBulk(u.commands())
	c.WriteBulk("keys")
	c.WriteStrings([]string{"~*"})
	c.WriteBulk("channels")
	c.WriteStrings([]string{"&*"})
}
