package upstashtest

import (
	"slices"
	"strconv"
	"strings"
)

// Where the keys of a command are. What is in none of the sets has one key, its
// first argument, as most commands do.
var (
	keyNowhere = nameSet(
		"ACL COMMAND CONFIG DBSIZE ECHO FLUSHALL FLUSHDB FUNCTION INFO KEYS PING PUBLISH PUBSUB RANDOMKEY",
		"SCAN SCRIPT TIME WAIT WAITAOF",
	)
	keyEverywhere = nameSet(
		"DEL EXISTS MGET PFCOUNT PFMERGE SDIFF SDIFFSTORE SINTER SINTERSTORE SUNION SUNIONSTORE TOUCH UNLINK",
	)
	keyEverySecond   = nameSet("MSET MSETNX")
	keySecond        = nameSet("JSON.DEBUG MEMORY OBJECT XGROUP XINFO")
	keyFirstTwo      = nameSet("COPY GEOSEARCHSTORE LMOVE RENAME RENAMENX RPOPLPUSH SMOVE ZRANGESTORE")
	keyAfterOne      = nameSet("BITOP")
	keyCounted       = nameSet("LMPOP SINTERCARD ZDIFF ZINTER ZINTERCARD ZMPOP ZUNION")
	keyCountedSecond = nameSet("EVAL EVALSHA EVALSHA_RO EVAL_RO FCALL FCALL_RO")
	keyAndCounted    = nameSet("ZDIFFSTORE ZINTERSTORE ZUNIONSTORE")
	keyAfterStreams  = nameSet("XREAD XREADGROUP")
)

// keysOf returns the keys of a command, as far as it has as many arguments as
// it should. The name is in upper case, args are what follows it; the result
// is not to be changed.
func keysOf(name string, args []string) []string {
	switch {
	case keyNowhere[name] || strings.HasPrefix(name, "SEARCH."):
		return nil
	case keyEverywhere[name]:
		return args
	case keyEverySecond[name]:
		return everyNth(args, 2)
	case name == "JSON.MSET":
		return everyNth(args, 3)
	case name == "JSON.MGET":
		return args[:max(len(args)-1, 0)] // a path comes last
	case keySecond[name]:
		return between(args, 1, 2)
	case keyFirstTwo[name]:
		return between(args, 0, 2)
	case keyAfterOne[name]:
		return between(args, 1, len(args))
	case keyCounted[name]:
		return counted(args, 0)
	case keyCountedSecond[name]:
		return counted(args, 1)
	case keyAndCounted[name]:
		return slices.Concat(between(args, 0, 1), counted(args, 1))
	case name == "GEORADIUS", name == "GEORADIUSBYMEMBER":
		return slices.Concat(between(args, 0, 1), storedKey(args))
	case keyAfterStreams[name]:
		return streamKeys(args)
	}
	return between(args, 0, 1)
}

func everyNth(args []string, n int) (keys []string) {
	for i := 0; i < len(args); i += n {
		keys = append(keys, args[i])
	}
	return keys
}

// between is args[from:to], or what there is of it.
func between(args []string, from, to int) []string {
	to = min(to, len(args))
	return args[min(from, to):to]
}

// counted are the keys after their number, which is at index i.
func counted(args []string, i int) []string {
	if i >= len(args) {
		return nil
	}
	n, err := strconv.Atoi(args[i])
	if err != nil || n < 0 || n > len(args) {
		return nil
	}
	return between(args, i+1, i+1+n)
}

// streamKeys are the first half of what follows STREAMS; IDs are the second.
func streamKeys(args []string) []string {
	i := slices.IndexFunc(args, func(arg string) bool { return strings.EqualFold(arg, "STREAMS") })
	if i < 0 {
		return nil
	}
	return args[i+1 : i+1+(len(args)-i-1)/2]
}

// storedKey is the one that follows the last STORE or STOREDIST.
func storedKey(args []string) []string {
	for i := len(args) - 2; i > 3; i-- {
		if option := strings.ToUpper(args[i]); option == "STORE" || option == "STOREDIST" {
			return args[i+1 : i+2]
		}
	}
	return nil
}
