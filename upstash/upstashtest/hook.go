package upstashtest

import (
	"bufio"
	"bytes"
	"strconv"
	"strings"
	"time"

	"github.com/alicebob/miniredis/v2/server"
)

// A supplement stands in for a command of the engine, or lets the engine answer
// by returning false. It reaches the data through [embedded.ask] and
// [embedded.forward], so that every command goes one way.
type supplement func(e *embedded, c *server.Peer, args []string) (done bool)

var supplements = map[string]supplement{
	"ACL":                  supplyACL,
	"BITCOUNT":             supplyBitCount,
	"BITFIELD":             supplyBitField,
	"BITFIELD_RO":          supplyBitFieldRO,
	"BITOP":                supplyBitOp,
	"BITPOS":               supplyBitPos,
	"COMMAND":              supplyCommand,
	"CONFIG":               supplyConfig,
	"COPY":                 supplyCopy,
	"DECR":                 supplyIncr,
	"DECRBY":               supplyIncr,
	"DELEX":                supplyDelex,
	"DIGEST":               supplyDigest,
	"DUMP":                 supplyDump,
	"EVAL":                 supplyEval,
	"EVALSHA":              supplyEvalSha,
	"EVALSHA_RO":           supplyEvalShaRO,
	"EVAL_RO":              supplyEvalRO,
	"EXPIRE":               supplySooner(time.Second, true),
	"EXPIREAT":             supplySooner(time.Second, false),
	"EXPIRETIME":           supplyExpireTime,
	"FCALL":                supplyFCall,
	"FCALL_RO":             supplyFCallRO,
	"FLUSHALL":             supplyFlush,
	"FLUSHDB":              supplyFlush,
	"FUNCTION":             supplyFunction,
	"GEOADD":               supplyGeoAdd,
	"GEODIST":              supplyGeoDist,
	"GEOHASH":              supplyGeoHash,
	"GEOPOS":               supplyGeoPos,
	"GEORADIUS":            supplyGeoRadius(false, true),
	"GEORADIUSBYMEMBER":    supplyGeoRadius(true, true),
	"GEORADIUSBYMEMBER_RO": supplyGeoRadius(true, false),
	"GEORADIUS_RO":         supplyGeoRadius(false, false),
	"GEOSEARCH":            supplyGeoSearch,
	"GEOSEARCHSTORE":       supplyGeoSearchStore,
	"GETEX":                supplyGetEx,
	"GETRANGE":             supplyGetRange,
	"HDEL":                 supplyHDel,
	"HEXPIRE":              supplyHExpire("HEXPIRE", "EX"),
	"HEXPIREAT":            supplyHExpire("HEXPIREAT", "EXAT"),
	"HEXPIRETIME":          supplyHTTL("EXAT"),
	"HGETDEL":              supplyHGetDel,
	"HGETEX":               supplyHGetEx,
	"HINCRBY":              supplyHIncrBy,
	"HINCRBYFLOAT":         supplyHIncrByFloat,
	"HMSET":                supplyHSet,
	"HPERSIST":             supplyHPersist,
	"HPEXPIRE":             supplyHExpire("HPEXPIRE", "PX"),
	"HPEXPIREAT":           supplyHExpire("HPEXPIREAT", "PXAT"),
	"HPEXPIRETIME":         supplyHTTL("PXAT"),
	"HPTTL":                supplyHTTL("PX"),
	"HSCAN":                supplyHScan,
	"HSET":                 supplyHSet,
	"HSETEX":               supplyHSetEx,
	"HTTL":                 supplyHTTL("EX"),
	"INCR":                 supplyIncr,
	"INCRBY":               supplyIncr,
	"INFO":                 supplyInfo,
	"LMOVE":                supplyLMove,
	"MEMORY":               supplyMemory,
	"PEXPIRE":              supplySooner(time.Millisecond, true),
	"PEXPIREAT":            supplySooner(time.Millisecond, false),
	"PFADD":                supplyPFAdd,
	"PFCOUNT":              supplyPFCount,
	"PFMERGE":              supplyPFMerge,
	"PING":                 supplyPing,
	"PUBLISH":              supplyPublish,
	"PUBSUB":               supplyPubSub,
	"RESTORE":              supplyRestore,
	"RPOPLPUSH":            supplyRPopLPush,
	"SCAN":                 supplyScan,
	"SCRIPT":               supplyScript,
	"SDIFFSTORE":           supplyStore("SDIFFSTORE", "SDIFF"),
	"SET":                  supplySet,
	"SETBIT":               supplySetBit,
	"SETRANGE":             supplySetRange,
	"SINTERSTORE":          supplyStore("SINTERSTORE", "SINTER"),
	"SSCAN":                supplySScan,
	"SUBSTR":               supplySubStr,
	"SUNIONSTORE":          supplyStore("SUNIONSTORE", "SUNION"),
	"TIME":                 supplyTime,
	"TTL":                  supplyTTL,
	"WAITAOF":              supplyWaitAOF,
	"XACK":                 supplyXAck,
	"XACKDEL":              supplyXAckDel,
	"XADD":                 supplyXAdd,
	"XAUTOCLAIM":           supplyXAutoClaim,
	"XCLAIM":               supplyXClaim,
	"XDEL":                 supplyXDel,
	"XDELEX":               supplyXDelEx,
	"XGROUP":               supplyXGroup,
	"XINFO":                supplyXInfo,
	"XLEN":                 supplyXLen,
	"XPENDING":             supplyXPending,
	"XRANGE":               supplyXRange,
	"XREAD":                supplyXRead,
	"XREADGROUP":           supplyXReadGroup,
	"XREVRANGE":            supplyXRange,
	"XTRIM":                supplyXTrim,
	"ZADD":                 supplyZAdd,
	"ZDIFF":                supplyZDiff,
	"ZDIFFSTORE":           supplyZDiffStore,
	"ZINTER":               supplyZInter,
	"ZINTERCARD":           supplyZInterCard,
	"ZINTERSTORE":          supplyStore("ZINTERSTORE", "ZINTER"),
	"ZMPOP":                supplyZMPop,
	"ZPOPMAX":              supplyZPop,
	"ZPOPMIN":              supplyZPop,
	"ZRANGESTORE":          supplyZRangeStore,
	"ZSCAN":                supplyZScan,
	"ZUNIONSTORE":          supplyStore("ZUNIONSTORE", "ZUNION"),
}

// hook sees every command before the engine does, also those that scripts run.
// It is only ever called by a run, which holds the lock.
func (e *embedded) hook(c *server.Peer, name string, args ...string) (done bool) {
	if e.plain {
		e.plain = false
		return false
	}
	e.calls++
	if e.script {
		if reason := e.scriptRefusal(c, name, args); reason != "" {
			c.WriteError(reason)
			return true
		}
		e.showExecuted(fromScript, append([]string{name}, args...))
	}
	e.records.ran(name, args)
	supply, ok := supplements[name]
	if ok && !arityFits(name, len(args)+1) { // of a client it was refused before
		c.WriteError(wrongArityText(strings.ToLower(name)))
		return true
	}
	if ok && supply(e, c, args) {
		return true
	}
	if setsEnd[name] != nil || tellsEnd[name] {
		return e.forward(c, append([]string{name}, args...)...)
	}
	return false
}

// forward lets the engine itself answer c with another command. It is not
// billed, and always ends a supplement.
func (e *embedded) forward(c *server.Peer, command ...string) (done bool) {
	e.toEngine(c, command)
	return true
}

// ask executes one of the engine's own commands and returns its reply in RESP2.
// It runs where c runs: in the same script, if any.
func (e *embedded) ask(c *server.Peer, command ...string) []byte {
	return replyTo(c, func(inner *server.Peer) { e.toEngine(inner, command) })
}

// replyTo returns what f writes to a client that is where c is.
func replyTo(c *server.Peer, f func(inner *server.Peer)) []byte {
	var buf bytes.Buffer
	out := bufio.NewWriterSize(&buf, 64) // most of these replies are short
	inner := server.NewPeer(out)
	inner.Ctx = c.Ctx
	f(inner)
	_ = out.Flush() // into memory
	return buf.Bytes()
}

// askInt is ask for a command that answers an integer; ok is false when it
// answered anything else, and reply is what it said.
func (e *embedded) askInt(c *server.Peer, command ...string) (n int64, ok bool, reply []byte) {
	reply = e.ask(c, command...)
	text, isInt := bytes.CutPrefix(bytes.TrimRight(reply, "\r\n"), []byte{':'})
	if !isInt {
		return 0, false, reply
	}
	n, err := strconv.ParseInt(string(text), 10, 64)
	return n, err == nil, reply
}

// askList is ask for a command that answers a list of strings, none of them nil.
func (e *embedded) askList(c *server.Peer, command ...string) (list []string, ok bool, reply []byte) {
	reply = e.ask(c, command...)
	parsed, err := server.ParseReply(bufio.NewReader(bytes.NewReader(reply)))
	if err != nil {
		return nil, false, reply
	}
	items, ok := parsed.([]any)
	for _, item := range items {
		text, isText := item.(string)
		if !isText {
			return nil, false, reply
		}
		list = append(list, text)
	}
	return list, ok, reply
}

func isError(resp []byte) bool { return len(resp) > 0 && resp[0] == '-' }
