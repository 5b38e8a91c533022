package upstashtest

import (
	"bufio"
	"bytes"
	"strings"
	"sync"

	"github.com/alicebob/miniredis/v2"
	"github.com/alicebob/miniredis/v2/server"
)

// laterArity holds what COMMAND of Redis 5 does not know or has changed since.
// As there, a positive number is exact, a negative one the least, and the
// command's name counts.
var laterArity = map[string]int{
	"ACL": -2, "BITFIELD_RO": -2, "COMMAND": -1, "COPY": -3, "DELEX": -2, "DIGEST": 2, "EVALSHA_RO": -3, "EVAL_RO": -3,
	"EXPIRE": -3, "EXPIREAT": -3, "EXPIRETIME": 2, "FCALL": -3, "FCALL_RO": -3, "FUNCTION": -2, "GEOSEARCH": -7, "GEOSEARCHSTORE": -8, "GETDEL": 2, "GETEX": -2, "HEXPIRE": -6,
	"HEXPIREAT": -6, "HEXPIRETIME": -5, "HGETDEL": -5, "HGETEX": -5, "HPERSIST": -5, "HPEXPIRE": -6,
	"HPEXPIREAT": -6, "HPEXPIRETIME": -5, "HPTTL": -5, "HRANDFIELD": -2, "HSETEX": -6, "HTTL": -5,
	"LMOVE": 5, "LMPOP": -4, "LPOP": -2, "LPOS": -3, "PEXPIRE": -3, "PEXPIREAT": -3, "PEXPIRETIME": 2,
	"RPOP": -2, "SINTERCARD": -3, "SMISMEMBER": -3, "WAITAOF": 4, "XACKDEL": -6, "XAUTOCLAIM": -6, "XDELEX": -5, "XTRIM": -4,
	"ZDIFF": -3, "ZDIFFSTORE": -4, "ZINTER": -3, "ZINTERCARD": -3, "ZMPOP": -4, "ZMSCORE": -3,
	"ZRANDMEMBER": -2, "ZRANGESTORE": -5, "ZRANK": -3, "ZREVRANK": -3, "ZUNION": -3,
}

// arityFits tells whether a command may have n words. It is what Redis checks
// before it queues a command; a wrong option shows only when the command runs.
func arityFits(name string, n int) bool {
	arity, ok := laterArity[name]
	if !ok {
		arity = redis5Arity()[name] // zero, which any n fits, when unknown
	}
	if arity > 0 {
		return n == arity
	}
	return n >= -arity
}

// redis5Arity reads the table that the engine answers to COMMAND, once for the
// whole process.
var redis5Arity = sync.OnceValue(func() map[string]int {
	table := map[string]int{}
	m := miniredis.NewMiniRedis()
	defer m.Close()
	conn, err := m.Dial()
	if err != nil {
		return table // the engine checks the number of arguments itself
	}
	_ = conn.Close()

	var buf bytes.Buffer
	out := bufio.NewWriter(&buf)
	m.Server().Dispatch(server.NewPeer(out), []string{"COMMAND"})
	_ = out.Flush()
	reply, err := server.ParseReply(bufio.NewReader(&buf))
	if err != nil {
		return table
	}
	entries, _ := reply.([]any)
	for _, entry := range entries {
		fields, _ := entry.([]any)
		if len(fields) < 2 {
			continue
		}
		name, isName := fields[0].(string)
		arity, isArity := fields[1].(int)
		if isName && isArity {
			table[strings.ToUpper(name)] = arity
		}
	}
	return table
})
