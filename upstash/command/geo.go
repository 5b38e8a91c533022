package command

import "math"

// GeoPoint is a place on Earth, in degrees. Redis takes longitudes from -180 to
// 180 and latitudes from -85.05112878 to 85.05112878, the square that web maps
// show (EPSG:3857), and moves a place by up to half a meter when it stores it.
type GeoPoint struct {
	Longitude float64 // east of Greenwich
	Latitude  float64 // north of the equator
}

const (
	maxLongitude = 180
	maxLatitude  = 85.05112878 // GEO_LAT_MAX in geohash.h of Redis
)

func (p GeoPoint) appendTo(t *tail) {
	// NaN is neither below nor above.
	if !(math.Abs(p.Longitude) <= maxLongitude && math.Abs(p.Latitude) <= maxLatitude) {
		t.refuse("a longitude is from -180 to 180 and a latitude from -85.05112878 to 85.05112878")
	}
	t.addValue(p.Longitude)
	t.addValue(p.Latitude)
}

// point decodes a longitude and a latitude.
func (r Reply) point() (GeoPoint, error) {
	items, err := r.Array()
	if err != nil {
		return GeoPoint{}, err
	}
	if len(items) != 2 {
		return GeoPoint{}, r.mismatch("a longitude and a latitude")
	}
	var p GeoPoint
	if p.Longitude, err = inside(items[0], Reply.Float); err != nil {
		return GeoPoint{}, err
	}
	if p.Latitude, err = inside(items[1], Reply.Float); err != nil {
		return GeoPoint{}, err
	}
	return p, nil
}

// GeoUnit is a unit of length.
type GeoUnit string

// The units of length. The zero value is meters.
const (
	Meters     GeoUnit = "m"
	Kilometers GeoUnit = "km"
	Feet       GeoUnit = "ft"
	Miles      GeoUnit = "mi"
)

func (u GeoUnit) appendTo(t *tail) {
	switch u {
	case "":
		u = Meters
	case Meters, Kilometers, Feet, Miles:
	default:
		t.refuse("unknown unit: use Meters, Kilometers, Feet or Miles")
	}
	t.add(string(u))
}

// GeoMember is a member of a geospatial index and where it is.
type GeoMember struct {
	Member    string
	Longitude float64 // in degrees, east of Greenwich
	Latitude  float64 // in degrees, north of the equator
}

func placed(members []GeoMember) (t tail) {
	if len(members) == 0 {
		t.refuse("needs at least one member")
	}
	for _, m := range members {
		GeoPoint{Longitude: m.Longitude, Latitude: m.Latitude}.appendTo(&t)
		t.add(m.Member)
	}
	return t
}

// GeoAddOptions changes what GEOADD does; the zero value is the plain command.
type GeoAddOptions struct {
	If      Condition // [Absent]: only add new members; [Present]: only move members
	Changed bool      // count the moved members too, not only the added ones
}

func (o GeoAddOptions) tail() (t tail) {
	if o.If.has {
		t.refuse("takes only the conditions Absent and Present")
	}
	o.If.appendTo(&t)
	if o.Changed {
		t.add("CH")
	}
	return t
}

// GeoAdd adds members or moves them and returns how many were added. The index is
// a sorted set: [ZRem] removes a member, [ZCard] counts them.
func GeoAdd(key string, members ...GeoMember) Cmd[int64] {
	return idempotent(Reply.Int, "GEOADD", key, placed(members))
}

// GeoAddWith adds or moves members as the options say and returns how many were
// added, or with Changed how many were added or moved.
func GeoAddWith(key string, o GeoAddOptions, members ...GeoMember) Cmd[int64] {
	return onceIf(o.If.word == Absent.word,
		idempotent(Reply.Int, "GEOADD", key, o.tail(), placed(members)))
}

// GeoDist returns the distance between two members, or [ErrNil] when one of them
// is not there. For Redis the Earth is a sphere: it may be wrong by 0.5%.
func GeoDist(key, member1, member2 string, unit GeoUnit) Cmd[float64] {
	var t tail
	if unit != "" {
		unit.appendTo(&t)
	}
	return read(Reply.Float, "GEODIST", key, member1, member2, t)
}

// GeoHash returns a geohash of 11 characters for each member, in their order, as
// geohash.org understands them.
func GeoHash(key string, members ...string) Cmd[[]Null[string]] {
	return read(Reply.NullTexts, "GEOHASH", key, many("member", members))
}

// GeoPos returns for each member where it is, in their order.
func GeoPos(key string, members ...string) Cmd[[]Null[GeoPoint]] {
	return read(Reply.nullPoints, "GEOPOS", key, many("member", members))
}

func (r Reply) nullPoints() ([]Null[GeoPoint], error) {
	return each(r, func(item Reply) (Null[GeoPoint], error) { return null(item, Reply.point) })
}
