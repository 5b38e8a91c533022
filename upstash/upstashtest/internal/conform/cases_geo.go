package conform

import "github.com/seed-9937a0e6/upstash-go/upstash/command"

// sicily has two cities 166 km from each other, and a point between them.
const sicily = "GEOADD k 13.361389 38.115556 Palermo 15.087269 37.502669 Catania"

// Where the two cities are: in the middle of a cell, which is not quite where
// they were said to be.
var (
	palermo = command.GeoPoint{Longitude: 13.36138933897018433, Latitude: 38.11555639549629859}
	catania = command.GeoPoint{Longitude: 15.08726745843887329, Latitude: 37.50266842333162032}
	between = command.GeoPoint{Longitude: 15, Latitude: 37}
)

const palermoHash, cataniaHash = 3479099956230698, 3479447370796909

func geoCases() []Case {
	pos := func(want ...command.Null[command.GeoPoint]) check {
		return left(command.GeoPos("k", "Palermo", "absent", "Catania"), want)
	}
	absent := none[command.GeoPoint]()
	member := func(name string, p command.GeoPoint) command.GeoMember {
		return command.GeoMember{Member: name, Longitude: p.Longitude, Latitude: p.Latitude}
	}
	both := []command.GeoMember{member("Palermo", between), member("Rome", command.GeoPoint{Longitude: 12.5, Latitude: 41.9})}
	add := func(o command.GeoAddOptions) command.Cmd[int64] { return command.GeoAddWith("k", o, both...) }
	moved := some(command.GeoPoint{Longitude: 14.99999910593032837, Latitude: 37.00000026605963654})
	return []Case{
		returns("GeoAdd", "", command.GeoAdd("k", member("Palermo", palermo), member("Catania", catania)), 2, pos(some(palermo), absent, some(catania))),
		returns("GeoAdd: moves", sicily, command.GeoAdd("k", both...), 1, pos(moved, absent, some(catania))),
		returns("GeoAdd: corners", "", command.GeoAdd("k",
			command.GeoMember{Member: "ne", Longitude: 180, Latitude: 85.05112878}, command.GeoMember{Member: "sw", Longitude: -180, Latitude: -85.05112878},
		), 2, left(command.GeoHash("k", "ne", "sw"), []command.Null[string]{some("bp05b5048p0"), some("00bh0hbj200")})),
		fails("GeoAdd: string", "SET k v", command.GeoAdd("k", both...), "WRONGTYPE"),
		returns("GeoAddWith", sicily, add(command.GeoAddOptions{}), 1, left(command.ZCard("k"), 3)),
		returns("GeoAddWith: Absent", sicily, add(command.GeoAddOptions{If: command.Absent}), 1, pos(some(palermo), absent, some(catania))),
		returns("GeoAddWith: Present", sicily, add(command.GeoAddOptions{If: command.Present}), 0, left(command.ZCard("k"), 2), pos(moved, absent, some(catania))),
		returns("GeoAddWith: Changed", sicily, add(command.GeoAddOptions{Changed: true}), 2),
		returns("GeoDist", sicily, command.GeoDist("k", "Palermo", "Catania", ""), 166274.1516),
		returns("GeoDist: Kilometers", sicily, command.GeoDist("k", "Palermo", "Catania", command.Kilometers), 166.2742),
		returns("GeoDist: Feet", sicily, command.GeoDist("k", "Palermo", "Catania", command.Feet), 545518.8700),
		returns("GeoDist: Miles", sicily, command.GeoDist("k", "Palermo", "Catania", command.Miles), 103.3182),
		returns("GeoDist: Meters, itself", sicily, command.GeoDist("k", "Palermo", "Palermo", command.Meters), 0),
		nothing("GeoDist: absent member", sicily, command.GeoDist("k", "Palermo", "absent", "")),
		nothing("GeoDist: absent key", "", command.GeoDist("k", "Palermo", "Catania", "")),
		fails("GeoDist: string", "SET k v", command.GeoDist("k", "a", "b", ""), "WRONGTYPE"),
		returns("GeoHash", sicily, command.GeoHash("k", "Palermo", "absent", "Catania"), []command.Null[string]{some("sqc8b49rny0"), none[string](), some("sqdtr74hyu0")}),
		returns("GeoHash: absent key", "", command.GeoHash("k", "a"), []command.Null[string]{{}}),
		returns("GeoPos", sicily, command.GeoPos("k", "Palermo", "absent", "Catania"), []command.Null[command.GeoPoint]{some(palermo), absent, some(catania)}),
		returns("GeoPos: absent key", "", command.GeoPos("k", "a"), []command.Null[command.GeoPoint]{absent}),
		fails("GeoPos: string", "SET k v", command.GeoPos("k", "a"), "WRONGTYPE"),
	}
}

func geoSearchCases() []Case {
	circle := func(kilometers float64) command.GeoCircle {
		return command.GeoCircle{Radius: kilometers, Unit: command.Kilometers}
	}
	around := func(change func(*command.GeoSearchArgs)) command.GeoSearchArgs {
		a := command.GeoSearchArgs{Key: "k", From: between, Within: circle(200), Order: command.NearestFirst}
		change(&a)
		return a
	}
	plain := around(func(*command.GeoSearchArgs) {})
	search := func(change func(*command.GeoSearchArgs)) command.Cmd[[]string] {
		return command.GeoSearch(around(change))
	}
	const farther = sicily + " 13.583333 37.316667 Agrigento"
	nearest, farthest := []string{"Catania", "Agrigento", "Palermo"}, []string{"Palermo", "Agrigento", "Catania"}
	stored := func(members ...string) check { return left(command.ZRange("d", 0, -1), members) }
	dist, hash, point := command.GeoWith{Dist: true}, command.GeoWith{Hash: true}, command.GeoWith{Point: true}
	return []Case{
		returns("GeoSearch", farther, command.GeoSearch(plain), nearest),
		returns("GeoSearch: FarthestFirst", farther, search(func(a *command.GeoSearchArgs) { a.Order = command.FarthestFirst }), farthest),
		returns("GeoSearch: no order", sicily, search(func(a *command.GeoSearchArgs) { a.Order, a.Within = "", circle(100) }), []string{"Catania"}),
		returns("GeoSearch: FromMember", farther, search(func(a *command.GeoSearchArgs) { a.From = command.FromMember("Palermo") }), []string{"Palermo", "Agrigento", "Catania"}),
		returns("GeoSearch: GeoBox", farther, search(func(a *command.GeoSearchArgs) {
			a.Within = command.GeoBox{Width: 400, Height: 200, Unit: command.Kilometers}
		}), []string{"Catania", "Agrigento"}),
		returns("GeoSearch: meters", farther, search(func(a *command.GeoSearchArgs) { a.Within = command.GeoCircle{Radius: 60000} }), []string{"Catania"}),
		returns("GeoSearch: Count", farther, search(func(a *command.GeoSearchArgs) { a.Order, a.Count = "", 2 }), nearest[:2]),
		returns("GeoSearch: Count, FarthestFirst", farther, search(func(a *command.GeoSearchArgs) { a.Order, a.Count = command.FarthestFirst, 1 }), farthest[:1]),
		returns("GeoSearch: Any", sicily, search(func(a *command.GeoSearchArgs) { a.Count, a.Any = 5, true }), []string{"Catania", "Palermo"}),
		returns("GeoSearch: absent key", "", command.GeoSearch(plain), []string{}),
		fails("GeoSearch: absent member", sicily, search(func(a *command.GeoSearchArgs) { a.From = command.FromMember("absent") }), "ERR"),
		fails("GeoSearch: string", "SET k v", command.GeoSearch(plain), "WRONGTYPE"),
		returns("GeoSearchWith", sicily, command.GeoSearchWith(plain, command.GeoWith{Dist: true, Hash: true, Point: true}), []command.GeoLocation{
			{Member: "Catania", Dist: 56.4413, Hash: cataniaHash, Point: catania},
			{Member: "Palermo", Dist: 190.4424, Hash: palermoHash, Point: palermo},
		}),
		returns("GeoSearchWith: nothing", sicily, command.GeoSearchWith(plain, command.GeoWith{}), []command.GeoLocation{{Member: "Catania"}, {Member: "Palermo"}}),
		returns("GeoSearchWith: Dist", sicily, command.GeoSearchWith(plain, dist), []command.GeoLocation{{Member: "Catania", Dist: 56.4413}, {Member: "Palermo", Dist: 190.4424}}),
		returns("GeoSearchWith: Hash", sicily, command.GeoSearchWith(plain, hash), []command.GeoLocation{{Member: "Catania", Hash: cataniaHash}, {Member: "Palermo", Hash: palermoHash}}),
		returns("GeoSearchWith: Point", sicily, command.GeoSearchWith(plain, point), []command.GeoLocation{{Member: "Catania", Point: catania}, {Member: "Palermo", Point: palermo}}),
		returns("GeoSearchWith: absent key", "", command.GeoSearchWith(plain, dist), []command.GeoLocation{}),
		returns("GeoSearchStore", sicily+"; SET d old", command.GeoSearchStore("d", plain), 2, left(command.ZRangeWithScores("d", 0, -1), []command.Z{z("Palermo", palermoHash), z("Catania", cataniaHash)})),
		returns("GeoSearchStore: empty", sicily+"; SET d old", command.GeoSearchStore("d", around(func(a *command.GeoSearchArgs) { a.Within = circle(1) })), 0, left(command.Exists("d"), 0)),
		returns("GeoSearchStore: absent key", "SET d old", command.GeoSearchStore("d", plain), 0, left(command.Exists("d"), 0)),
		returns("GeoSearchStoreDist", farther, command.GeoSearchStoreDist("d", plain), 3, stored(nearest...), left(command.ZCount("d", command.Score(56.4412), command.Score(56.4413)), 1)),
	}
}

// geoRadiusCases are those of the searches before GEOSEARCH.
//
//nolint:staticcheck // they are executed all the same, as long as they are there
func geoRadiusCases() []Case {
	area, near := command.GeoCircle{Radius: 200, Unit: command.Kilometers}, command.GeoCircle{Radius: 100, Unit: command.Kilometers}
	none, sorted := command.GeoRadiusOptions{}, command.GeoRadiusOptions{Order: command.NearestFirst}
	all := command.GeoRadiusOptions{With: command.GeoWith{Dist: true, Hash: true, Point: true}, Order: command.FarthestFirst, Count: 1}
	first := command.GeoRadiusOptions{Order: command.NearestFirst, Count: 5, Any: true}
	names := []command.GeoLocation{{Member: "Catania"}, {Member: "Palermo"}}
	last := []command.GeoLocation{{Member: "Palermo", Dist: 190.4424, Hash: palermoHash, Point: palermo}}
	own := []command.GeoLocation{{Member: "Catania", Dist: 0, Hash: cataniaHash, Point: catania}}
	hashes := left(command.ZRangeWithScores("d", 0, -1), []command.Z{z("Palermo", palermoHash), z("Catania", cataniaHash)})
	distances := left(command.ZRange("d", 0, -1), []string{"Catania", "Palermo"})
	gone := left(command.Exists("d"), 0)
	self := all
	self.Order = command.NearestFirst
	return []Case{
		returns("GeoRadius", sicily, command.GeoRadius("k", between, near, none), names[:1]),
		returns("GeoRadius: all options", sicily, command.GeoRadius("k", between, area, all), last),
		returns("GeoRadius: Any", sicily, command.GeoRadius("k", between, area, first), names),
		returns("GeoRadius: absent key", "", command.GeoRadius("k", between, area, all), []command.GeoLocation{}),
		returns("GeoRadiusStore", sicily+"; SET d old", command.GeoRadiusStore("d", "k", between, area, none), 2, hashes),
		returns("GeoRadiusStore: absent key", "SET d old", command.GeoRadiusStore("d", "k", between, area, none), 0, gone),
		returns("GeoRadiusStoreDist", sicily, command.GeoRadiusStoreDist("d", "k", between, area, sorted), 2, distances),
		returns("GeoRadiusRO", sicily, command.GeoRadiusRO("k", between, area, sorted), names),
		returns("GeoRadiusRO: all options", sicily, command.GeoRadiusRO("k", between, area, all), last),
		returns("GeoRadiusByMember", sicily, command.GeoRadiusByMember("k", "Catania", area, sorted), names),
		returns("GeoRadiusByMember: all options", sicily, command.GeoRadiusByMember("k", "Catania", area, self), own),
		returns("GeoRadiusByMember: absent key", "", command.GeoRadiusByMember("k", "Catania", area, all), []command.GeoLocation{}),
		fails("GeoRadiusByMember: absent member", sicily, command.GeoRadiusByMember("k", "absent", area, none), "ERR"),
		returns("GeoRadiusByMemberStore", sicily, command.GeoRadiusByMemberStore("d", "k", "Palermo", area, none), 2, hashes),
		returns("GeoRadiusByMemberStoreDist", sicily, command.GeoRadiusByMemberStoreDist("d", "k", "Catania", area, none), 2, distances),
		returns("GeoRadiusByMemberRO", sicily, command.GeoRadiusByMemberRO("k", "Catania", near, none), names[:1]),
		fails("GeoRadiusByMemberRO: string", "SET k v", command.GeoRadiusByMemberRO("k", "Catania", near, none), "WRONGTYPE"),
	}
}
