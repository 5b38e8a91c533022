package upstashtest

import "strings"

// unavailable holds the commands that REST does not offer, by reason. None of
// them may reach the engine: it would block, change the state of a connection
// that requests share, or do what the service does not.
var unavailable = nameSet(
	// They wait for another client.
	"BLMOVE BLMPOP BLPOP BRPOP BRPOPLPUSH BZMPOP BZPOPMAX BZPOPMIN",
	// They belong to a connection, and a request has none.
	"ASKING AUTH CLIENT HELLO QUIT READONLY READWRITE RESET SELECT",
	// A transaction is one request to /multi-exec.
	"DISCARD EXEC MULTI UNWATCH WATCH",
	// Streams have their own endpoints.
	"MONITOR PSUBSCRIBE PUNSUBSCRIBE SSUBSCRIBE SUBSCRIBE SUNSUBSCRIBE UNSUBSCRIBE",
	// The service has one database, on servers it runs itself.
	"BGREWRITEAOF BGSAVE CLUSTER DEBUG FAILOVER LASTSAVE LATENCY MIGRATE MODULE MOVE OBJECT PFDEBUG",
	"PFSELFTEST PSYNC REPLCONF REPLICAOF ROLE SAVE SHUTDOWN SLAVEOF SLOWLOG SWAPDB SYNC",
	// The service documents them nowhere.
	"LCS MSETEX SORT SORT_RO SPUBLISH XSETID",
)

func nameSet(lists ...string) map[string]bool {
	set := map[string]bool{}
	for _, list := range lists {
		for name := range strings.FieldsSeq(list) {
			set[name] = true
		}
	}
	return set
}

// isUnavailable tells whether REST refuses a command. The name is in upper
// case, args are what follows it.
func isUnavailable(name string, args []string) bool {
	switch name {
	case "XREAD", "XREADGROUP":
		return asksToBlock(args)
	case "ACL":
		return !knowsACL(args)
	}
	return unavailable[name]
}

// asksToBlock looks for BLOCK among the options, which end where the keys begin.
// Values of other options are stepped over: a group may be called "block".
func asksToBlock(args []string) bool {
	for i := 0; i < len(args); i++ {
		switch strings.ToUpper(args[i]) {
		case "BLOCK":
			return true
		case "STREAMS":
			return false
		case "GROUP":
			i += 2
		case "COUNT":
			i++
		}
	}
	return false
}
