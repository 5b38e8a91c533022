package command

import "math"

// GeoOrigin is what a search looks around: a [GeoPoint] or [FromMember].
type GeoOrigin interface{ origin(t *tail) }

// FromMember is the place of a member of the index. A member that is not there is
// an error of the server.
type FromMember string

func (m FromMember) origin(t *tail) { t.add("FROMMEMBER", string(m)) }

func (p GeoPoint) origin(t *tail) {
	t.add("FROMLONLAT")
	p.appendTo(t)
}

// GeoShape is the area of a search around its origin: a [GeoCircle] or a [GeoBox].
type GeoShape interface{ shape(t *tail) }

// GeoCircle is what is no farther away than Radius.
type GeoCircle struct {
	Radius float64
	Unit   GeoUnit
}

func (c GeoCircle) shape(t *tail) {
	t.add("BYRADIUS")
	c.appendTo(t)
}

func (c GeoCircle) appendTo(t *tail) {
	addLength(t, c.Radius)
	c.Unit.appendTo(t)
}

// GeoBox is a rectangle with the origin in its middle.
type GeoBox struct {
	Width  float64 // from west to east
	Height float64 // from south to north
	Unit   GeoUnit
}

func (b GeoBox) shape(t *tail) {
	t.add("BYBOX")
	addLength(t, b.Width)
	addLength(t, b.Height)
	b.Unit.appendTo(t)
}

func addLength(t *tail, length float64) {
	if !(length >= 0) || math.IsInf(length, 0) { // NaN is not above zero
		t.refuse("a radius, a width and a height are finite and not negative")
	}
	t.addValue(length)
}

// GeoOrder is the order of what a search found. The zero value is none.
type GeoOrder string

// The orders by distance from the origin.
const (
	NearestFirst  GeoOrder = "ASC"
	FarthestFirst GeoOrder = "DESC"
)

// geoLimits writes what the searches of both kinds have in common.
func geoLimits(t *tail, order GeoOrder, count int64, first bool) {
	switch order {
	case "":
	case NearestFirst, FarthestFirst:
		t.add(string(order))
	default:
		t.refuse("unknown order: use NearestFirst or FarthestFirst")
	}
	if count < 0 {
		t.refuse("Count must not be negative")
	}
	if count != 0 {
		t.add("COUNT")
		t.addInt(count)
	}
	if first {
		if count == 0 {
			t.refuse("Any needs a Count")
		}
		t.add("ANY")
	}
}

// GeoSearchArgs says what [GeoSearch] and its relatives look for. Key, From and
// Within are required.
type GeoSearchArgs struct {
	Key    string
	From   GeoOrigin
	Within GeoShape
	Order  GeoOrder
	Count  int64 // the nearest so many, or with FarthestFirst the farthest; 0 is all
	Any    bool  // the first Count that the server comes across, which is faster
}

func (a GeoSearchArgs) tail() (t tail) {
	if a.From == nil || a.Within == nil {
		t.refuse("needs From, a GeoPoint or FromMember, and Within, a GeoCircle or a GeoBox")
		return t
	}
	a.From.origin(&t)
	a.Within.shape(&t)
	geoLimits(&t, a.Order, a.Count, a.Any)
	return t
}

// GeoSearch returns the members within an area.
func GeoSearch(a GeoSearchArgs) Cmd[[]string] {
	return read(Reply.Texts, "GEOSEARCH", a.Key, a.tail())
}

// GeoSearchWith is [GeoSearch] that tells more of each member.
func GeoSearchWith(a GeoSearchArgs, with GeoWith) Cmd[[]GeoLocation] {
	return read(with.locations, "GEOSEARCH", a.Key, a.tail(), with.tail())
}

// GeoSearchStore stores the members that [GeoSearch] would return as an index at
// destination, whatever was there, and returns how many they are.
func GeoSearchStore(destination string, a GeoSearchArgs) Cmd[int64] {
	return once(Reply.Int, "GEOSEARCHSTORE", destination, a.Key, a.tail())
}

// GeoSearchStoreDist is [GeoSearchStore] that stores a plain sorted set, whose
// scores are the distances from the origin in the unit of the area.
func GeoSearchStoreDist(destination string, a GeoSearchArgs) Cmd[int64] {
	return once(Reply.Int, "GEOSEARCHSTORE", destination, a.Key, a.tail(), "STOREDIST")
}

// GeoWith says what a search tells of each member. The zero value is its name
// only.
type GeoWith struct {
	Dist  bool // how far it is from the origin
	Hash  bool // its score in the sorted set, 52 bits
	Point bool // where it is
}

func (w GeoWith) tail() (t tail) {
	if w.Point {
		t.add("WITHCOORD")
	}
	if w.Dist {
		t.add("WITHDIST")
	}
	if w.Hash {
		t.add("WITHHASH")
	}
	return t
}

// GeoLocation is a member that a search found. What [GeoWith] did not ask for is
// zero.
type GeoLocation struct {
	Member string
	Dist   float64 // in the unit of the area
	Hash   int64
	Point  GeoPoint
}

func (w GeoWith) locations(r Reply) ([]GeoLocation, error) { return each(r, w.location) }

// location decodes a member and what was asked for, which comes in an order of
// its own.
func (w GeoWith) location(r Reply) (l GeoLocation, err error) {
	items := []Reply{r}
	if w != (GeoWith{}) {
		if items, err = r.Array(); err != nil {
			return GeoLocation{}, err
		}
	}
	if len(items) != 1+len(w.tail().words) {
		return GeoLocation{}, r.mismatch("a member and what was asked for")
	}
	next := func() Reply {
		item := items[0]
		items = items[1:]
		return item
	}
	l.Member, err = inside(next(), Reply.Text)
	if err == nil && w.Dist {
		l.Dist, err = inside(next(), Reply.Float)
	}
	if err == nil && w.Hash {
		l.Hash, err = inside(next(), Reply.Int)
	}
	if err == nil && w.Point {
		l.Point, err = inside(next(), Reply.point)
	}
	if err != nil {
		return GeoLocation{}, err
	}
	return l, nil
}
