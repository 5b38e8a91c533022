package upstashtest_test

import (
	"strings"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

const (
	bitOffset  = "ERR bit offset is not an integer or out of range"
	bitType    = "ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is."
	geoUnit    = "ERR unsupported unit provided. please use M, KM, FT, MI"
	noFloat    = "ERR value is not a valid float"
	noHLL      = "WRONGTYPE Key is not a valid HyperLogLog string value."
	syntax     = "ERR syntax error"
	wrongCount = "ERR COUNT must be > 0"
)

// What the typed commands never send, and what Redis 7.0.15 answers to it.
var valueCommandCases = []struct{ words, want string }{
	{"BITCOUNT str 0", syntax},
	{"BITCOUNT str 0 x", notInteger},
	{"BITCOUNT str 0 1 BITS", syntax},
	{"BITCOUNT str 0 1 BIT 2", syntax},
	{"BITCOUNT absent 0 1 BITS", `0`},
	{"BITCOUNT str -2 -3", `0`},
	{"BITPOS str 2", "ERR The bit argument must be 1 or 0."},
	{"BITPOS str x", notInteger},
	{"BITPOS str 1 x", notInteger},
	{"BITPOS str 1 0 0 BITS", syntax},
	{"BITPOS str 1 0 0 BIT 1", syntax},
	{"BITOP NAND d str", syntax},
	{"BITOP NOT d str str", "ERR BITOP NOT must be called with a single source key."},
	{"BITOP DIFF d str", "ERR BITOP DIFF must be called with at least two source keys."},
	{"BITOP AND d", "ERR wrong number of arguments for 'bitop' command"},
	{"BITFIELD str", `[]`},
	{"BITFIELD str GET u64 0", bitType},
	{"BITFIELD str GET i65 0", bitType},
	{"BITFIELD str GET i0 0", bitType},
	{"BITFIELD str GET u+8 0", bitType},
	{"BITFIELD str GET x8 0", bitType},
	{"BITFIELD str GET u8 -1", bitOffset},
	{"BITFIELD str GET u8 #-1", bitOffset},
	{"BITFIELD str GET u8 #536870912", bitOffset},
	{"BITFIELD str GET u8 #9223372036854775807", bitOffset},
	{"BITFIELD str GET u8 4294967296", bitOffset},
	{"BITFIELD str GET u8", syntax},
	{"BITFIELD str SET u8 0", syntax},
	{"BITFIELD str SET u8 0 x", notInteger},
	{"BITFIELD str ADD u8 0 1", syntax},
	{"BITFIELD str OVERFLOW NONE", "ERR Invalid OVERFLOW type specified"},
	{"BITFIELD str OVERFLOW", syntax},
	{"BITFIELD str SET u8 0 97 GET u8", syntax},
	{"BITFIELD_RO str SET u8 0 1", "ERR BITFIELD_RO only supports the GET subcommand"},
	{"BITFIELD_RO str OVERFLOW SAT GET u8 0", `[118]`},

	{"GEOADD geo NX XX 1 1 m", syntax},
	{"GEOADD geo 1 1", "ERR wrong number of arguments for 'geoadd' command"},
	{"GEOADD geo 1 1 m 2", syntax},
	{"GEOADD geo INCR 1 1 m", syntax},
	{"GEOADD geo x 1 m", noFloat},
	{"GEOADD geo nan 1 m", noFloat},
	{"GEOADD geo 181 1 m", "ERR invalid longitude,latitude pair 181.000000,1.000000"},
	{"GEOADD geo -inf 1 m", "ERR invalid longitude,latitude pair -inf,1.000000"},
	{"GEODIST geo a b nm", geoUnit},
	{"GEODIST geo a b m km", syntax},
	{"GEOPOS geo", `[]`},
	{"GEOHASH geo", `[]`},
	{"GEOHASH str a", wrongType},
	{"GEOSEARCH geo ASC BYRADIUS 1 km COUNT 1", "ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for geosearch"},
	{"GEOSEARCH geo FROMLONLAT 1 1 ASC COUNT 1", "ERR exactly one of BYRADIUS and BYBOX can be specified for geosearch"},
	{"GEOSEARCH geo FROMLONLAT 1 1 FROMMEMBER a BYRADIUS 1 km", syntax},
	{"GEOSEARCH geo FROMLONLAT 1 1 BYRADIUS 1 km BYBOX 1 1 km", syntax},
	{"GEOSEARCH geo FROMLONLAT 1 86 BYRADIUS 1 km", "ERR invalid longitude,latitude pair 1.000000,86.000000"},
	{"GEOSEARCH geo FROMLONLAT 1 1 BYRADIUS x km", "ERR need numeric radius"},
	{"GEOSEARCH geo FROMLONLAT 1 1 BYRADIUS -1 km", "ERR radius cannot be negative"},
	{"GEOSEARCH geo FROMLONLAT 1 1 BYRADIUS 1 nm", geoUnit},
	{"GEOSEARCH geo FROMLONLAT 1 1 BYBOX x 1 km", "ERR need numeric width"},
	{"GEOSEARCH geo FROMLONLAT 1 1 BYBOX 1 x km", "ERR need numeric height"},
	{"GEOSEARCH geo FROMLONLAT 1 1 BYBOX -1 1 km", "ERR height or width cannot be negative"},
	{"GEOSEARCH geo FROMLONLAT 1 1 BYRADIUS 1 km COUNT 0", wrongCount},
	{"GEOSEARCH geo FROMLONLAT 1 1 BYRADIUS 1 km COUNT x", notInteger},
	{"GEOSEARCH geo FROMLONLAT 1 1 BYRADIUS 1 km COUNT", syntax},
	{"GEOSEARCH geo FROMLONLAT 1 1 BYRADIUS 1 km ANY", "ERR the ANY argument requires COUNT argument"},
	{"GEOSEARCH geo FROMLONLAT 1 1 BYRADIUS 1 km STOREDIST", syntax},
	{"GEOSEARCH geo FROMMEMBER x BYRADIUS 1 km", "ERR could not decode requested zset member"},
	{"GEOSEARCH absent FROMMEMBER x BYRADIUS 1 km", `[]`},
	{"GEOSEARCH absent FROMMEMBER x BYRADIUS 1 nm", geoUnit},
	{"GEOSEARCHSTORE d geo FROMLONLAT 1 1 BYRADIUS 1 km WITHDIST", "ERR GEOSEARCHSTORE is not compatible with WITHDIST, WITHHASH and WITHCOORD options"},
	{"GEORADIUS geo 1 1 1 km STORE d WITHHASH", "ERR STORE option in GEORADIUS is not compatible with WITHDIST, WITHHASH and WITHCOORD options"},
	{"GEORADIUS geo x 1 1 km", noFloat},
	{"GEORADIUS geo 1 1 1 nm", geoUnit},
	{"GEORADIUS_RO geo 1 1 1 km STORE d", syntax},
	{"GEORADIUSBYMEMBER geo x 1 km", "ERR could not decode requested zset member"},
	{"GEORADIUSBYMEMBER absent x 1 nm", `[]`},

	{"PFADD str a", noHLL},
	{"PFADD geo a", wrongType},
	{"PFCOUNT hll str", noHLL},
	{"PFMERGE d geo", wrongType},
	{"LMOVE list list LEFT UP", syntax},
	{"LMOVE list list UP LEFT", syntax},
	{"RPOPLPUSH list list", `"x"`},
}

func TestValueCommands(t *testing.T) {
	t.Parallel()
	for _, c := range valueCommandCases {
		for _, way := range ways {
			t.Run(c.words+"/"+way, func(t *testing.T) {
				t.Parallel()
				srv := upstashtest.New(t, upstashtest.Options{Clock: fixedClock, InProcess: true})
				for _, line := range []string{"SET str v", "GEOADD geo 1 1 a 2 2 b", "PFADD hll a", "RPUSH list x"} {
					answered(t, srv, "directly", strings.Fields(line))
				}
				if got := answered(t, srv, way, strings.Fields(c.words)); got != c.want {
					t.Errorf("%s, want %s", got, c.want)
				}
				left := answered(t, srv, "directly", []string{"GET", "str"}) + answered(t, srv, "directly", []string{"LRANGE", "list", "0", "-1"})
				if left != `"v"["x"]` {
					t.Errorf("left %s", left)
				}
			})
		}
	}
}

// A search that stores declares where to, as the keys of a script have to be.
func TestGeoRadiusStoresUnderItsKey(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	must(t, srv, `1`, "GEOADD", "geo", "1", "1", "a")
	const locking = "#!lua flags=allow-key-locking\nreturn redis.call('GEORADIUS', KEYS[1], 1, 1, 1, 'km', 'STORE', ARGV[1])"
	if got := run(t, srv, "EVAL", locking, "1", "geo", "d"); !strings.Contains(got.Body, "allow-key-locking") {
		t.Errorf("%+v", got)
	}
	must(t, srv, `0`, "EXISTS", "d")
	must(t, srv, `1`, "EVAL", locking, "2", "geo", "d", "d")
}

// BITFIELD makes no record that is too large.
func TestBitFieldRecordSize(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t, upstashtest.Options{Limits: upstashtest.Limits{MaxRecord: 100}})
	must(t, srv, `[0]`, "BITFIELD", "k", "SET", "u8", "#99", "1")
	got := run(t, srv, "BITFIELD", "k", "SET", "u8", "#99", "1", "SET", "u1", "800", "1")
	if !strings.Contains(got.Body, "max single record size exceeded") {
		t.Errorf("%+v", got)
	}
	must(t, srv, `[0]`, "BITFIELD", "k", "GET", "u8", "100000")
}
