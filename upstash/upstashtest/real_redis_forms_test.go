package upstashtest_test

// randomWords are what may stand in a place of a form.
var randomWords = map[string][]string{
	"$s":   {"s1", "s2", "s3"},
	"$d":   {"d1", "d2"}, // numbers, which nothing is appended to: Redis adds 64 bits of them, and the engine all
	"$h":   {"h1", "h2"},
	"$g":   {"g1"}, // a hash of such numbers
	"$e":   {"e1", "e2", "e3"},
	"$z":   {"z1", "z2", "z3"},
	"$l":   {"l1", "l2"}, // sorted sets whose scores are all the same
	"$key": {"s1", "s2", "h1", "h2", "e1", "e2", "z1", "z2", "d1", "q1", "b1", "absent"},
	"$v":   {"", "a", "hello", "1", "10", "-3", "1.5", "é", "3.0", " 7", "9223372036854775807", "1e3", "OK"},
	"$num": {"1", "10", "-3", "1.5", "3.0", " 7", "1e3", "text", "0.1", "9007199254740992"},
	"$m":   {"a", "b", "c", "d", "1", "B", ""},
	"$i":   {"-7", "-3", "-2", "-1", "0", "1", "2", "3", "5", "100"},
	"$n":   {"0", "1", "2", "100"},
	"$f":   {"-2", "-0.5", "0", "0.25", "1", "1.5", "3", "1000", "inf"},
	"$w":   {"0.5", "1", "2"},
	"$min": {"-inf", "-2", "0", "(0", "(1", "1", "1.5"},
	"$max": {"+inf", "inf", "3", "(3", "1", "(1", "1000", "-1"},
	"$lo":  {"-", "[a", "(a", "[b", "[", "[B"},
	"$hi":  {"+", "[d", "(d", "[b", "(c", "[z"},
	"$p":   {"*", "?", "[a-c]", "[^a]", "s*", "?1", "h[12]", "\\a", "a*", "*1*", "[a", ""},
	"$agg": {"SUM", "MIN", "MAX"},
	"$gl":  {"NX", "XX", "GT", "LT"},
	"$at":  {"2145916799", "2145916000"},
	"$ms":  {"2145916799250", "2145916000000"},
	"$ttl": {"100", "200", "300", "1000"},

	"$q":    {"q1", "q2", "q3"},
	"$b":    {"b1", "b2", "b3"},
	"$y":    {"y1", "y2", "y3"},
	"$o":    {"o1", "o2"},
	"$bit":  {"0", "1", "7", "8", "9", "15", "20", "31", "63", "100"},
	"$slot": {"0", "5", "#0", "#1", "#2"},
	"$int":  {"u1", "u2", "u8", "u63", "i1", "i3", "i8", "i13", "i64"},
	"$big":  {"0", "1", "-1", "3", "127", "128", "-128", "255", "256", "-300", "9223372036854775807", "-4611686018427387904"}, // where Redis does not overflow itself
	"$ov":   {"WRAP", "SAT", "FAIL", "sat"},
	"$lon":  {"0", "13.361389", "15.087269", "14.2", "-122.4"}, // Redis misses places that are far away, or across the date line,
	"$lat":  {"0", "38.115556", "37.502669", "37.9", "-33.9"},
	"$far":  {"0", "1", "100", "200.5", "1000"},
	"$unit": {"m", "km", "KM", "ft", "mi", "nm"},
}

// randomForms are the commands whose replies depend on the data only: nothing
// random, and no time that passes.
var randomForms = []string{
	"APPEND $s $v", "DECR $s", "DECRBY $s $i", "GET $s", "GETDEL $s", "GETEX $s", "GETEX $s EX $ttl", "GETEX $s PERSIST",
	"GETRANGE $s $i $i", "GETSET $s $v", "INCR $s", "INCRBY $s $i", "INCRBY $s $v", "INCRBYFLOAT $d $w", "SET $d $num", "INCRBY $d $i", "DECRBY $d $i", "INCR $d", "MGET $s $s $key",
	"MSET $s $v $s $v", "MSETNX $s $v $key $v", "PSETEX $s 100000 $v", "SET $s $v", "SET $s $v", "SET $s $v NX", "SET $s $v XX",
	"SET $s $v GET", "SET $s $v XX GET", "SET $s $v NX GET", "SET $s $v EX $ttl", "SET $s $v KEEPTTL", "SET $s $v XX GET KEEPTTL",
	"SETEX $s $ttl $v", "SETNX $s $v", "SETRANGE $s $n $v", "STRLEN $s", "SUBSTR $s $i $i",

	"COPY $key $key", "COPY $key $key REPLACE", "COPY $z $z REPLACE", "DEL $key", "DEL $key $key", "EXISTS $key $key", "EXPIRE $key $ttl",
	"EXPIRE $key $ttl NX", "EXPIRE $key $ttl XX", "EXPIRE $key -1", "EXPIREAT $key $at", "EXPIREAT $key $at $gl", "EXPIREAT $key 1000", "PEXPIRE $key 400000 NX",
	"PEXPIREAT $key $ms", "PEXPIREAT $key $ms $gl", "PTTL $key", "PEXPIRETIME $key", "EXPIRETIME $s", "KEYS $p", "PERSIST $key", "RENAME $key $key", "RENAMENX $key $key",
	"RENAME $z $z", "SCAN 0 COUNT 1000", "SCAN 0 MATCH $p COUNT 1000", "SCAN 0 COUNT 1000 TYPE hash", "TOUCH $key $key", "TTL $key", "TYPE $key", "UNLINK $key",

	"SADD $e $m", "SADD $e $m $m $m", "SADD $e $m $m", "SCARD $e", "SDIFF $e $e", "SDIFF $e $e $e", "SDIFFSTORE $e $e $e", "SINTER $e $e",
	"SINTERCARD 2 $e $e", "SINTERCARD 2 $e $e LIMIT $n", "SINTERSTORE $e $e $e", "SISMEMBER $e $m", "SMEMBERS $e", "SMISMEMBER $e $m $m",
	"SMOVE $e $e $m", "SPOP $e 100", "SRANDMEMBER $e 100", "SREM $e $m", "SREM $e $m $m", "SSCAN $e 0 COUNT 100", "SSCAN $e 0 MATCH $p COUNT 100",
	"SUNION $e $e", "SUNIONSTORE $e $e $e",

	"HDEL $h $m", "HDEL $h $m $m", "HEXISTS $h $m", "HGET $h $m", "HGETALL $h", "HINCRBY $h $m $i", "HSET $g $m $num", "HINCRBY $g $m $i", "HINCRBYFLOAT $g $m $w", "HKEYS $h",
	"HLEN $h", "HMGET $h $m $m", "HMSET $h $m $v", "HRANDFIELD $h 100", "HRANDFIELD $h 100 WITHVALUES", "HSCAN $h 0 COUNT 100",
	"HSCAN $h 0 MATCH $p COUNT 100", "HSET $h $m $v", "HSET $h $m $v $m $v", "HSET $h $m $i $m $i", "HSETNX $h $m $v", "HSTRLEN $h $m", "HVALS $h",

	"ZADD $z $f $m", "ZADD $z $f $m $f $m $f $m", "ZADD $z $gl $f $m $f $m", "ZADD $z XX GT CH $f $m $f $m", "ZADD $z CH $f $m", "ZADD $z LT CH $f $m",
	"ZADD $l 0 $m 0 $m", "ZADD $l 0 $m 0 $m 0 $m", "ZREM $l $m", "ZADD $z INCR $f $m", "ZADD $z $gl INCR $f $m", "ZCARD $z", "ZCOUNT $z $min $max", "ZINCRBY $z $f $m", "ZINTER 2 $z $z",
	"ZINTER 2 $z $e WITHSCORES", "ZINTER 2 $z $z WEIGHTS $w $w AGGREGATE $agg WITHSCORES", "ZINTERSTORE $z 2 $z $z",
	"ZINTERSTORE $z 2 $z $z WEIGHTS $w $w AGGREGATE $agg", "ZLEXCOUNT $l $lo $hi", "ZMPOP 2 $z $z MIN", "ZMPOP 1 $z MAX COUNT 2",
	"ZDIFF 2 $z $z WITHSCORES", "ZDIFF 3 $z $z $e", "ZDIFFSTORE $z 2 $z $z", "ZINTERCARD 2 $z $z", "ZINTERCARD 2 $z $e LIMIT $n",
	"ZRANGESTORE $z $z $i $i", "ZRANGESTORE $z $z $min $max BYSCORE LIMIT $i $i", "ZRANGESTORE $z $z $i $i REV", "ZRANGESTORE $l $l $hi $lo BYLEX REV", "ZMSCORE $z $m $m", "ZPOPMAX $z", "ZPOPMAX $z $n", "ZPOPMIN $z", "ZPOPMIN $z $n", "ZRANDMEMBER $z 100", "ZRANDMEMBER $z 100 WITHSCORES",
	"ZRANGE $z $i $i", "ZRANGE $z $i $i WITHSCORES", "ZRANGE $z 0 -1 WITHSCORES", "ZRANGE $z $i $i REV", "ZRANGE $z $min $max BYSCORE",
	"ZRANGE $z $max $min BYSCORE REV WITHSCORES", "ZRANGE $z $min $max BYSCORE LIMIT $i $i", "ZRANGE $z $max $min BYSCORE REV LIMIT $n $i",
	"ZRANGE $l $lo $hi BYLEX", "ZRANGE $l $hi $lo BYLEX REV LIMIT $n $i", "ZRANGEBYLEX $l $lo $hi", "ZRANGEBYLEX $l $lo $hi LIMIT $i $i",
	"ZRANGEBYSCORE $z $min $max", "ZRANGEBYSCORE $z $min $max WITHSCORES LIMIT $i $i", "ZRANK $z $m", "ZREM $z $m", "ZREM $z $m $m",
	"ZREMRANGEBYLEX $l $lo $hi", "ZREMRANGEBYRANK $z $i $i", "ZREMRANGEBYSCORE $z $min $max", "ZREVRANGE $z $i $i", "ZREVRANGE $z $i $i WITHSCORES",
	"ZREVRANGEBYLEX $l $hi $lo", "ZREVRANGEBYLEX $l $hi $lo LIMIT $i $i", "ZREVRANGEBYSCORE $z $max $min", "ZREVRANGEBYSCORE $z $max $min WITHSCORES LIMIT $i $i",
	"ZREVRANK $z $m", "ZSCAN $z 0 COUNT 100", "ZSCAN $z 0 MATCH $p COUNT 100", "ZSCORE $z $m", "ZUNION 2 $z $z", "ZUNION 2 $z $e WITHSCORES",
	"ZUNION 2 $z $z WEIGHTS $w $w AGGREGATE $agg WITHSCORES", "ZUNIONSTORE $z 2 $z $z", "ZUNIONSTORE $z 2 $z $z WEIGHTS $w $w AGGREGATE $agg",
}

// laterForms are those that Redis has since version 8.4.
var laterForms = []string{
	"DELEX $s IFEQ $v", "DELEX $s IFNE $v", "DELEX $s", "DIGEST $s", "SET $s $v IFEQ $v", "SET $s $v IFNE $v GET", "SET $s $v IFEQ $v KEEPTTL",
	"HEXPIRE $h $ttl FIELDS 1 $m", "HEXPIRE $h $ttl NX FIELDS 2 $m $m", "HEXPIRE $h 0 FIELDS 1 $m", "HEXPIREAT $h $at FIELDS 1 $m",
	"HEXPIREAT $h $at $gl FIELDS 2 $m $m", "HPEXPIRE $h 400000 XX FIELDS 1 $m", "HPEXPIREAT $h $ms $gl FIELDS 1 $m", "HEXPIREAT $h 1000 FIELDS 1 $m",
	"HPERSIST $h FIELDS 2 $m $m", "HTTL $h FIELDS 2 $m $m", "HPTTL $h FIELDS 1 $m", "HEXPIRETIME $h FIELDS 2 $m $m", "HPEXPIRETIME $h FIELDS 1 $m",
	"HGETDEL $h FIELDS 2 $m $m", "HGETEX $h EX $ttl FIELDS 1 $m", "HGETEX $h PERSIST FIELDS 2 $m $m", "HGETEX $h FIELDS 1 $m", "HGETEX $h EXAT $at FIELDS 1 $m",
	"HSETEX $h FIELDS 2 $m $v $m $v", "HSETEX $h FNX EX $ttl FIELDS 1 $m $v", "HSETEX $h FXX KEEPTTL FIELDS 1 $m $v", "HSETEX $h EXAT $at FIELDS 1 $m $v",
	"HSCAN $h 0 COUNT 100 NOVALUES", "ZRANK $z $m WITHSCORE", "ZREVRANK $z $m WITHSCORE",
}
