package upstashtest_test

// valueForms are more of what [randomForms] has: lists, strings of bits,
// HyperLogLogs and places.
var valueForms = []string{
	"LPUSH $q $m", "LPUSH $q $m $m $m", "RPUSH $q $m $m", "RPUSH $q $m", "LPUSHX $q $m", "RPUSHX $q $m $m", "LLEN $q", "LRANGE $q $i $i", "LRANGE $q 0 -1",
	"LINDEX $q $i", "LSET $q $i $m", "LINSERT $q BEFORE $m $m", "LINSERT $q AFTER $m $m", "LREM $q $i $m", "LTRIM $q $i $i", "LPOP $q", "RPOP $q", "LPOP $q $n", "RPOP $q $n",
	"LMOVE $q $q LEFT RIGHT", "LMOVE $q $q RIGHT LEFT", "LMOVE $q $q LEFT LEFT", "LMOVE $q $q LEFT $m", "RPOPLPUSH $q $q", "LMPOP 2 $q $q LEFT", "LMPOP 1 $q RIGHT COUNT $i",
	"LPOS $q $m", "LPOS $q $m RANK $i", "LPOS $q $m COUNT $i", "LPOS $q $m RANK $i COUNT $n MAXLEN $n", "EXPIRE $q $ttl", "TTL $q", "DEL $q",

	"SET $b $v", "SETBIT $b $bit 1", "SETBIT $b $bit 0", "SETBIT $b $bit $i", "GETBIT $b $bit", "GETBIT $b $i", "GET $b", "EXPIRE $b $ttl", "TTL $b", "DEL $b",
	"BITCOUNT $b", "BITCOUNT $b $i $i", "BITCOUNT $b $bit $bit BIT", "BITCOUNT $b $i $i BYTE", "BITCOUNT $b $i",
	"BITPOS $b 1", "BITPOS $b 0", "BITPOS $b $i $i", "BITPOS $b 0 $i $i", "BITPOS $b 0 $bit $bit BIT", "BITPOS $b 1 $i $i BIT", "BITPOS $b 1 $bit $bit BIT",
	"BITOP AND $b $b $b", "BITOP OR $b $b $b", "BITOP XOR $b $b $b $b", "BITOP NOT $b $b", "BITOP NOT $b $b $b", "BITOP NAND $b $b",
	"BITFIELD $b GET $int $bit", "BITFIELD $b GET $int #$bit", "BITFIELD $b SET $int $bit $big", "BITFIELD $b OVERFLOW $ov SET $int $bit $big GET $int $bit",
	"BITFIELD $b INCRBY $int $bit $big", "BITFIELD $b OVERFLOW $ov INCRBY $int $slot $big", "BITFIELD $b OVERFLOW $ov INCRBY $int $slot $big INCRBY $int $slot $i OVERFLOW $ov SET $int $bit $i",
	"BITFIELD $b OVERFLOW $m", "BITFIELD $b", "BITFIELD $b GET $int", "BITFIELD_RO $b GET $int $bit GET $int $slot", "BITFIELD_RO $b SET u8 0 1",

	"PFADD $y $m", "PFADD $y $m $m $m", "PFADD $y", "PFCOUNT $y", "PFCOUNT $y $y", "PFCOUNT $y $y $y", "PFMERGE $y $y", "PFMERGE $y", "TYPE $y", "EXISTS $y", "DEL $y", "EXPIRE $y $ttl", "TTL $y",

	"GEOADD $o $lon $lat $m", "GEOADD $o $lon $lat $m $lon $lat $m", "GEOADD $o NX $lon $lat $m", "GEOADD $o XX CH $lon $lat $m", "GEOADD $o CH $lon $lat $m", "GEOADD $o NX XX $lon $lat $m",
	"GEOPOS $o $m $m", "GEOHASH $o $m $m", "GEODIST $o $m $m", "GEODIST $o $m $m $unit", "ZREM $o $m", "DEL $o", "GEOADD $o $f $f $m",
	"GEOSEARCH $o FROMMEMBER $m BYRADIUS $far $unit ASC WITHDIST", "GEOSEARCH $o FROMLONLAT $lon $lat BYRADIUS $far $unit DESC WITHCOORD WITHHASH WITHDIST",
	"GEOSEARCH $o FROMLONLAT $lon $lat BYBOX $far $far $unit ASC WITHDIST", "GEOSEARCH $o FROMMEMBER $m BYBOX $far $far km COUNT $i", "GEOSEARCH $o FROMLONLAT $lon $lat BYRADIUS $far mi COUNT 2 ASC",
	"GEOSEARCH $o FROMMEMBER $m ASC", "GEOSEARCH $o BYRADIUS $far km ANY", "GEOSEARCHSTORE $o $o FROMLONLAT $lon $lat BYRADIUS $far km", "GEOSEARCHSTORE $z $o FROMMEMBER $m BYBOX $far $far $unit COUNT 2",
	"GEORADIUS $o $lon $lat $far $unit ASC WITHDIST", "GEORADIUS_RO $o $lon $lat $far $unit COUNT $i", "GEORADIUSBYMEMBER_RO $o $m $far $unit DESC WITHHASH WITHCOORD", "GEORADIUS $o $lon $lat $far km STORE $o", "GEORADIUSBYMEMBER $o $m $far km STORE $z COUNT 1", "GEORADIUSBYMEMBER $o $m $far km STORE $o WITHDIST",

	"PING", "PING $v", "ECHO $v",
}
