package command

// GeoRadiusOptions are the options of the searches before GEOSEARCH; the zero
// value is the plain command.
type GeoRadiusOptions struct {
	With  GeoWith // not together with a destination
	Order GeoOrder
	Count int64 // the nearest so many, or with FarthestFirst the farthest; 0 is all
	Any   bool  // the first Count that the server comes across, which is faster
}

// around is what follows the origin, which is the key's member or a point.
func (o GeoRadiusOptions) around(area GeoCircle) (t tail) {
	area.appendTo(&t)
	with := o.With.tail()
	t.add(with.words...)
	geoLimits(&t, o.Order, o.Count, o.Any)
	return t
}

// storing is around with a destination.
func (o GeoRadiusOptions) storing(area GeoCircle, option, destination string) tail {
	t := o.around(area)
	if o.With != (GeoWith{}) {
		t.refuse("what is stored is not returned: leave out With")
	}
	t.add(option, destination)
	return t
}

func (p GeoPoint) tail() (t tail) {
	p.appendTo(&t)
	return t
}

// GeoRadius returns the members within a circle around a point. For Redis it is a
// write even when it only reads.
//
// Deprecated: use [GeoSearchWith].
func GeoRadius(key string, center GeoPoint, area GeoCircle, o GeoRadiusOptions) Cmd[[]GeoLocation] {
	return once(o.With.locations, "GEORADIUS", key, center.tail(), o.around(area))
}

// GeoRadiusStore stores those members as an index at destination, whatever was
// there, and returns how many they are.
//
// Deprecated: use [GeoSearchStore].
func GeoRadiusStore(destination, key string, center GeoPoint, area GeoCircle, o GeoRadiusOptions) Cmd[int64] {
	return once(Reply.Int, "GEORADIUS", key, center.tail(), o.storing(area, "STORE", destination))
}

// GeoRadiusStoreDist is [GeoRadiusStore] with the distances as scores.
//
// Deprecated: use [GeoSearchStoreDist].
func GeoRadiusStoreDist(destination, key string, center GeoPoint, area GeoCircle, o GeoRadiusOptions) Cmd[int64] {
	return once(Reply.Int, "GEORADIUS", key, center.tail(), o.storing(area, "STOREDIST", destination))
}

// GeoRadiusRO is [GeoRadius] as a command that only reads.
//
// Deprecated: use [GeoSearchWith].
func GeoRadiusRO(key string, center GeoPoint, area GeoCircle, o GeoRadiusOptions) Cmd[[]GeoLocation] {
	return read(o.With.locations, "GEORADIUS_RO", key, center.tail(), o.around(area))
}

// GeoRadiusByMember returns the members within a circle around one of them. For
// Redis it is a write even when it only reads.
//
// Deprecated: use [GeoSearchWith] with [FromMember].
func GeoRadiusByMember(key, member string, area GeoCircle, o GeoRadiusOptions) Cmd[[]GeoLocation] {
	return once(o.With.locations, "GEORADIUSBYMEMBER", key, member, o.around(area))
}

// GeoRadiusByMemberStore stores those members as an index at destination,
// whatever was there, and returns how many they are.
//
// Deprecated: use [GeoSearchStore] with [FromMember].
func GeoRadiusByMemberStore(destination, key, member string, area GeoCircle, o GeoRadiusOptions) Cmd[int64] {
	return once(Reply.Int, "GEORADIUSBYMEMBER", key, member, o.storing(area, "STORE", destination))
}

// GeoRadiusByMemberStoreDist is [GeoRadiusByMemberStore] with the distances as
// scores.
//
// Deprecated: use [GeoSearchStoreDist] with [FromMember].
func GeoRadiusByMemberStoreDist(destination, key, member string, area GeoCircle, o GeoRadiusOptions) Cmd[int64] {
	return once(Reply.Int, "GEORADIUSBYMEMBER", key, member, o.storing(area, "STOREDIST", destination))
}

// GeoRadiusByMemberRO is [GeoRadiusByMember] as a command that only reads.
//
// Deprecated: use [GeoSearchWith] with [FromMember].
func GeoRadiusByMemberRO(key, member string, area GeoCircle, o GeoRadiusOptions) Cmd[[]GeoLocation] {
	return read(o.With.locations, "GEORADIUSBYMEMBER_RO", key, member, o.around(area))
}
