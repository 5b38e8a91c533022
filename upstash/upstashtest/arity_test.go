package upstashtest

import (
	"strings"
	"testing"
	"time"
)

// Every command the server can execute has an arity, from either table; a
// command without one would be queued whatever its arguments.
func TestEveryCommandHasAnArity(t *testing.T) {
	t.Parallel()
	e, err := newEmbedded(time.Now, users{}, freePlan)
	if err != nil {
		t.Fatal(err)
	}
	if len(redis5Arity()) < 200 {
		t.Fatalf("the engine's table has %d commands", len(redis5Arity()))
	}
	for name, arity := range laterArity {
		if arity == redis5Arity()[name] {
			t.Errorf("%s is the same in both tables", name)
		}
		if unavailable[name] || !e.commands.IsRegisteredCommand(name) {
			t.Errorf("%s has an arity and cannot be executed", name)
		}
	}
	for name := range supplements {
		if redis5Arity()[name] == 0 && laterArity[name] == 0 {
			t.Errorf("%s has no arity", name)
		}
	}
	// The engine does not list its commands: these are Redis's own names, and
	// what came after version 5 and the engine may have learned.
	later := strings.FieldsSeq("ACL BITFIELD_RO COPY DELEX DIGEST EVAL_RO EVALSHA_RO EXPIRETIME FCALL FUNCTION GEOSEARCH " +
		"GEOSEARCHSTORE GETDEL GETEX HEXPIRE HEXPIREAT HEXPIRETIME HGETDEL HGETEX HPERSIST HPEXPIRE HPTTL HRANDFIELD " +
		"HSETEX HTTL LMOVE LMPOP LPOS PEXPIRETIME SINTERCARD SMISMEMBER WAITAOF XACKDEL XAUTOCLAIM XDELEX ZDIFF " +
		"ZDIFFSTORE ZINTER ZINTERCARD ZMPOP ZMSCORE ZRANDMEMBER ZRANGESTORE ZUNION")
	for name := range later {
		if e.commands.IsRegisteredCommand(name) && laterArity[name] == 0 {
			t.Errorf("%s is executed and has no arity", name)
		}
	}
}
