package command_test

import (
	"math"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

var (
	center = command.GeoPoint{Longitude: 15, Latitude: -37.5}
	circle = command.GeoCircle{Radius: 200, Unit: command.Kilometers}
	box    = command.GeoBox{Width: 400.5, Height: 0}

	atPoint  = command.GeoSearchArgs{Key: "k", From: center, Within: circle}
	atMember = command.GeoSearchArgs{
		Key: "k", From: command.FromMember("m"), Within: box,
		Order: command.FarthestFirst, Count: 3, Any: true,
	}
	all = command.GeoWith{Dist: true, Hash: true, Point: true}
)

func TestGeoSearchCommandsSend(t *testing.T) {
	t.Parallel()
	const point, member = "k FROMLONLAT 15 -37.5 BYRADIUS 200 km", "k FROMMEMBER m BYBOX 400.5 0 m DESC COUNT 3 ANY"
	checkSent(t, []sent{
		{command.GeoSearch(atPoint).Args(), "GEOSEARCH " + point, command.ReadOnly},
		{command.GeoSearch(atMember).Args(), "GEOSEARCH " + member, command.ReadOnly},
		{command.GeoSearch(command.GeoSearchArgs{Key: "k", From: command.GeoPoint{}, Within: command.GeoCircle{Unit: command.Feet}, Order: command.NearestFirst}).Args(), "GEOSEARCH k FROMLONLAT 0 0 BYRADIUS 0 ft ASC", command.ReadOnly},
		{command.GeoSearchWith(atPoint, command.GeoWith{}).Args(), "GEOSEARCH " + point, command.ReadOnly},
		{command.GeoSearchWith(atMember, all).Args(), "GEOSEARCH " + member + " WITHCOORD WITHDIST WITHHASH", command.ReadOnly},
		{command.GeoSearchWith(atPoint, command.GeoWith{Dist: true}).Args(), "GEOSEARCH " + point + " WITHDIST", command.ReadOnly},
		{command.GeoSearchStore("d", atPoint).Args(), "GEOSEARCHSTORE d " + point, command.Once},
		{command.GeoSearchStoreDist("d", atMember).Args(), "GEOSEARCHSTORE d " + member + " STOREDIST", command.Once},
	})
}

func TestGeoSearchCommandsRefuse(t *testing.T) {
	t.Parallel()
	const lengths, needs = "finite and not negative", "needs From, a GeoPoint or FromMember"
	changed := func(change func(*command.GeoSearchArgs)) error {
		a := atPoint
		change(&a)
		return command.GeoSearch(a).Err()
	}
	within := func(s command.GeoShape) error {
		return changed(func(a *command.GeoSearchArgs) { a.Within = s })
	}
	checkRefused(t, []refused{
		{"nothing", command.GeoSearch(command.GeoSearchArgs{Key: "k"}).Err(), needs},
		{"no origin", changed(func(a *command.GeoSearchArgs) { a.From = nil }), needs},
		{"no area", within(nil), needs},
		{"origin beyond the map", changed(func(a *command.GeoSearchArgs) { a.From = command.GeoPoint{Latitude: 86} }), "a latitude from -85.05112878"},
		{"negative radius", within(command.GeoCircle{Radius: -1}), lengths},
		{"infinite radius", within(command.GeoCircle{Radius: math.Inf(1)}), lengths},
		{"radius that is NaN", within(command.GeoCircle{Radius: math.NaN()}), lengths},
		{"negative width", within(command.GeoBox{Width: -1}), lengths},
		{"height that is NaN", within(command.GeoBox{Height: math.NaN()}), lengths},
		{"unknown unit", within(command.GeoBox{Unit: "nm"}), "unknown unit"},
		{"unknown order", changed(func(a *command.GeoSearchArgs) { a.Order = "UP" }), "unknown order"},
		{"negative count", changed(func(a *command.GeoSearchArgs) { a.Count = -1 }), "Count must not be negative"},
		{"any number of any", changed(func(a *command.GeoSearchArgs) { a.Any = true }), "Any needs a Count"},
		{"no origin of what is told more", command.GeoSearchWith(command.GeoSearchArgs{}, all).Err(), needs},
		{"no origin of what is stored", command.GeoSearchStore("d", command.GeoSearchArgs{}).Err(), needs},
		{"no origin of stored distances", command.GeoSearchStoreDist("d", command.GeoSearchArgs{}).Err(), needs},
	})
}

func TestGeoSearchCommandsDecode(t *testing.T) {
	t.Parallel()
	with := func(w command.GeoWith) command.Cmd[[]command.GeoLocation] { return command.GeoSearchWith(atPoint, w) }
	const shape = "a member and what was asked for"
	where := list("13.5", "38.25")
	checkReply(t, command.GeoSearch(atPoint), list("a", "b"), []string{"a", "b"})
	checkReply(t, with(command.GeoWith{}), list("a", "b"), []command.GeoLocation{{Member: "a"}, {Member: "b"}})
	checkReply(t, with(all), list(list("a", "56.4413", int64(3479447370796909), where)), []command.GeoLocation{
		{Member: "a", Dist: 56.4413, Hash: 3479447370796909, Point: command.GeoPoint{Longitude: 13.5, Latitude: 38.25}},
	})
	checkReply(t, with(command.GeoWith{Dist: true}), list(list("a", "1.5")), []command.GeoLocation{{Member: "a", Dist: 1.5}})
	checkReply(t, with(command.GeoWith{Hash: true}), list(list("a", 7)), []command.GeoLocation{{Member: "a", Hash: 7}})
	checkReply(t, with(command.GeoWith{Point: true}), list(list("a", where)), []command.GeoLocation{
		{Member: "a", Point: command.GeoPoint{Longitude: 13.5, Latitude: 38.25}},
	})
	checkReply(t, with(all), list(), []command.GeoLocation{})
	checkReply(t, command.GeoSearchStore("d", atPoint), number(2), int64(2))
	checkReply(t, command.GeoSearchStoreDist("d", atPoint), number(2), int64(2))
	checkMismatch(t, with(all), list(marker), "array")
	checkMismatch(t, with(all), list(list("a", "1.5", 7)), shape)
	checkMismatch(t, with(all), list(nil), "a value inside the list")
	checkMismatch(t, with(command.GeoWith{Dist: true}), list(list()), shape)
	checkMismatch(t, with(command.GeoWith{Dist: true}), list(list(nil, "1")), "a value inside the list")
	checkMismatch(t, with(command.GeoWith{Hash: true}), list(list("a", marker)), "integer")
	checkMismatch(t, with(command.GeoWith{Point: true}), list(list("a", nil)), "a value inside the list")
}

func TestGeoRadiusCommands(t *testing.T) {
	t.Parallel()
	none := command.GeoRadiusOptions{}
	limited := command.GeoRadiusOptions{Order: command.NearestFirst, Count: 2, Any: true}
	asked := limited
	asked.With = all
	const point, member, limits, words = "k 15 -37.5 200 km", "k m 200 km", " ASC COUNT 2 ANY", " WITHCOORD WITHDIST WITHHASH"
	checkSent(t, []sent{
		{command.GeoRadius("k", center, circle, none).Args(), "GEORADIUS " + point, command.Once},
		{command.GeoRadius("k", center, circle, asked).Args(), "GEORADIUS " + point + words + limits, command.Once},
		{command.GeoRadiusRO("k", center, circle, asked).Args(), "GEORADIUS_RO " + point + words + limits, command.ReadOnly},
		{command.GeoRadiusStore("d", "k", center, circle, limited).Args(), "GEORADIUS " + point + limits + " STORE d", command.Once},
		{command.GeoRadiusStoreDist("d", "k", center, circle, none).Args(), "GEORADIUS " + point + " STOREDIST d", command.Once},
		{command.GeoRadiusByMember("k", "m", circle, asked).Args(), "GEORADIUSBYMEMBER " + member + words + limits, command.Once},
		{command.GeoRadiusByMemberRO("k", "m", circle, none).Args(), "GEORADIUSBYMEMBER_RO " + member, command.ReadOnly},
		{command.GeoRadiusByMemberStore("d", "k", "m", circle, none).Args(), "GEORADIUSBYMEMBER " + member + " STORE d", command.Once},
		{command.GeoRadiusByMemberStoreDist("d", "k", "m", circle, limited).Args(), "GEORADIUSBYMEMBER " + member + limits + " STOREDIST d", command.Once},
	})
	const leave = "leave out With"
	checkRefused(t, []refused{
		{"center beyond the map", command.GeoRadius("k", command.GeoPoint{Longitude: 181}, circle, none).Err(), "a longitude is from -180 to 180"},
		{"negative radius", command.GeoRadiusByMemberRO("k", "m", command.GeoCircle{Radius: -1}, none).Err(), "finite and not negative"},
		{"any number of any", command.GeoRadiusRO("k", center, circle, command.GeoRadiusOptions{Any: true}).Err(), "Any needs a Count"},
		{"stored and told", command.GeoRadiusStore("d", "k", center, circle, asked).Err(), leave},
		{"stored distances and told", command.GeoRadiusStoreDist("d", "k", center, circle, asked).Err(), leave},
		{"stored and told by member", command.GeoRadiusByMemberStore("d", "k", "m", circle, asked).Err(), leave},
		{"stored distances and told by member", command.GeoRadiusByMemberStoreDist("d", "k", "m", circle, asked).Err(), leave},
	})
	found := []command.GeoLocation{{Member: "a"}}
	checkReply(t, command.GeoRadius("k", center, circle, none), list("a"), found)
	checkReply(t, command.GeoRadiusRO("k", center, circle, none), list("a"), found)
	checkReply(t, command.GeoRadiusByMember("k", "m", circle, none), command.Reply{}, []command.GeoLocation{})
	checkReply(t, command.GeoRadiusByMemberRO("k", "m", circle, none), list("a"), found)
	checkReply(t, command.GeoRadiusStore("d", "k", center, circle, none), number(2), int64(2))
	checkReply(t, command.GeoRadiusStoreDist("d", "k", center, circle, none), number(2), int64(2))
	checkReply(t, command.GeoRadiusByMemberStore("d", "k", "m", circle, none), number(2), int64(2))
	checkReply(t, command.GeoRadiusByMemberStoreDist("d", "k", "m", circle, none), number(2), int64(2))
}
