package upstashtest

import "strings"

// readable holds the commands that the read-only user may run: those that read,
// without those that walk the whole database (KEYS, SCAN), that run scripts or
// tell about them, and that look at other users and at the server.
//
// The engine's own flags do not serve: it marks no command that it lacks, and
// the list has to be safe when the engine learns another one.
var readable = nameSet(
	"BITCOUNT BITFIELD_RO BITPOS GETBIT",
	"COMMAND DBSIZE ECHO INFO PING TIME WAIT WAITAOF",
	"DUMP EXISTS EXPIRETIME MEMORY PEXPIRETIME PTTL RANDOMKEY TOUCH TTL TYPE",
	"GEODIST GEOHASH GEOPOS GEORADIUSBYMEMBER_RO GEORADIUS_RO GEOSEARCH",
	"HEXISTS HEXPIRETIME HGET HGETALL HKEYS HLEN HMGET HPEXPIRETIME HPTTL HRANDFIELD HSCAN HSTRLEN HTTL HVALS",
	"JSON.ARRINDEX JSON.ARRLEN JSON.DEBUG JSON.GET JSON.MGET JSON.OBJKEYS JSON.OBJLEN JSON.RESP JSON.STRLEN JSON.TYPE",
	"LINDEX LLEN LPOS LRANGE",
	"PFCOUNT PSUBSCRIBE PUBSUB SUBSCRIBE",
	"SCARD SDIFF SINTER SINTERCARD SISMEMBER SMEMBERS SMISMEMBER SRANDMEMBER SSCAN SUNION",
	"SEARCH.AGGREGATE SEARCH.COUNT SEARCH.DESCRIBE SEARCH.LISTALIASES SEARCH.LISTINDEXES SEARCH.QUERY SEARCH.WAITINDEXING",
	"XINFO XLEN XPENDING XRANGE XREAD XREVRANGE",
	"ZCARD ZCOUNT ZDIFF ZINTER ZINTERCARD ZLEXCOUNT ZMSCORE ZRANDMEMBER ZRANGE ZRANGEBYLEX ZRANGEBYSCORE",
	"ZRANK ZREVRANGE ZREVRANGEBYLEX ZREVRANGEBYSCORE ZREVRANK ZSCAN ZSCORE ZUNION",
	"DIGEST GET GETRANGE MGET STRLEN SUBSTR",
)

// mayRun tells whether a user has the right to a command. The name is in upper
// case, args are what follows it.
func (u user) mayRun(name string, args []string) bool {
	switch {
	case !u.readOnly, readable[name]:
		return true
	case name == "ACL":
		return len(args) > 0 && strings.EqualFold(args[0], "WHOAMI")
	}
	return false
}
