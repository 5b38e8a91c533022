package command_test

import (
	"math"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

var (
	palermo = command.GeoMember{Member: "Palermo", Longitude: 13.361389, Latitude: 38.115556}
	catania = command.GeoMember{Member: "Catania", Longitude: 15.087269, Latitude: 37.502669}
)

func TestGeoCommandsSend(t *testing.T) {
	t.Parallel()
	checkSent(t, []sent{
		{command.GeoAdd("k", palermo, catania).Args(), "GEOADD k 13.361389 38.115556 Palermo 15.087269 37.502669 Catania", command.Idempotent},
		{command.GeoAdd("k", command.GeoMember{Member: "edge", Longitude: -180, Latitude: 85.05112878}).Args(), "GEOADD k -180 85.05112878 edge", command.Idempotent},
		{command.GeoAddWith("k", command.GeoAddOptions{}, palermo).Args(), "GEOADD k 13.361389 38.115556 Palermo", command.Idempotent},
		{command.GeoAddWith("k", command.GeoAddOptions{If: command.Absent}, palermo).Args(), "GEOADD k NX 13.361389 38.115556 Palermo", command.Once},
		{command.GeoAddWith("k", command.GeoAddOptions{If: command.Present, Changed: true}, palermo).Args(), "GEOADD k XX CH 13.361389 38.115556 Palermo", command.Idempotent},
		{command.GeoDist("k", "a", "b", "").Args(), "GEODIST k a b", command.ReadOnly},
		{command.GeoDist("k", "a", "b", command.Miles).Args(), "GEODIST k a b mi", command.ReadOnly},
		{command.GeoHash("k", "a", "b").Args(), "GEOHASH k a b", command.ReadOnly},
		{command.GeoPos("k", "a", "b").Args(), "GEOPOS k a b", command.ReadOnly},
	})
}

func TestGeoCommandsRefuse(t *testing.T) {
	t.Parallel()
	const degrees = "a longitude is from -180 to 180"
	add := func(longitude, latitude float64) error {
		return command.GeoAdd("k", command.GeoMember{Member: "m", Longitude: longitude, Latitude: latitude}).Err()
	}
	checkRefused(t, []refused{
		{"nothing to add", command.GeoAdd("k").Err(), "at least one member"},
		{"nothing to add with options", command.GeoAddWith("k", command.GeoAddOptions{}).Err(), "at least one member"},
		{"too far east", add(180.0001, 0), degrees},
		{"too far west", add(-180.0001, 0), degrees},
		{"too far north", add(0, 85.0511288), degrees},
		{"too far south", add(0, -85.0511288), degrees},
		{"longitude that is NaN", add(math.NaN(), 0), degrees},
		{"latitude that is NaN", add(0, math.NaN()), degrees},
		{"infinite longitude", add(math.Inf(1), 0), degrees},
		{"infinite latitude", add(0, math.Inf(-1)), degrees},
		{"value as condition", command.GeoAddWith("k", command.GeoAddOptions{If: command.Equals("v")}, palermo).Err(), "only the conditions Absent and Present"},
		{"unknown unit", command.GeoDist("k", "a", "b", "nm").Err(), "unknown unit"},
		{"hash of nothing", command.GeoHash("k").Err(), "at least one member"},
		{"position of nothing", command.GeoPos("k").Err(), "at least one member"},
	})
}

func TestGeoCommandsDecode(t *testing.T) {
	t.Parallel()
	pos := command.GeoPos("k", "a", "b")
	checkReply(t, command.GeoAdd("k", palermo), number(1), int64(1))
	checkReply(t, command.GeoAddWith("k", command.GeoAddOptions{}, palermo), number(0), int64(0))
	checkReply(t, command.GeoDist("k", "a", "b", ""), text("166274.1516"), 166274.1516)
	checkReply(t, command.GeoDist("k", "a", "b", ""), command.Reply{}, command.ErrNil)
	checkReply(t, command.GeoHash("k", "a", "b"), list("sqc8b49rny0", nil), []command.Null[string]{{V: "sqc8b49rny0", Valid: true}, {}})
	checkReply(t, pos, list(nil, list("13.36138933897018433", "38.11555639549629859")), []command.Null[command.GeoPoint]{
		{}, {V: command.GeoPoint{Longitude: 13.36138933897018433, Latitude: 38.11555639549629859}, Valid: true},
	})
	checkMismatch(t, pos, list(list("1")), "a longitude and a latitude")
	checkMismatch(t, pos, list(list(nil, "1")), "a value inside the list")
	checkMismatch(t, pos, list(list("1", nil)), "a value inside the list")
	checkMismatch(t, pos, list(list("1", marker)), "number")
	checkMismatch(t, pos, list(marker), "array")
}
