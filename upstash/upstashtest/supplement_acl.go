package upstashtest

import (
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

// supplyACL knows as much of ACL as the two built-in users need. What else the
// service has, for paid plans, is refused before it gets here.
func supplyACL(e *embedded, c *server.Peer, args []string) bool {
	if e.script {
		c.WriteError(msgNotFromScript)
		return true
	}
	subcommand := strings.ToUpper(args[0])
	if len(args)-1 != aclOperands[subcommand] {
		c.WriteError(wrongArityText("acl|" + strings.ToLower(subcommand)))
		return true
	}
	switch subcommand {
	case "USERS":
		c.WriteStrings(userNames)
	case "WHOAMI":
		c.WriteBulk(e.user.name)
	case "RESTTOKEN":
		token, ok := e.users.restToken(args[1], args[2])
		if !ok {
			c.WriteError(`ERR Wrong password or user "` + args[1] + `" does not exist`)
			return true
		}
		c.WriteBulk(token)
	}
	return true
}

// aclOperands is what follows a subcommand of ACL, for those there are.
var aclOperands = map[string]int{"RESTTOKEN": 2, "USERS": 0, "WHOAMI": 0}

// knowsACL tells whether there is such a subcommand of ACL.
func knowsACL(args []string) bool {
	if len(args) == 0 {
		return true // which fails for the missing subcommand
	}
	_, ok := aclOperands[strings.ToUpper(args[0])]
	return ok
}
