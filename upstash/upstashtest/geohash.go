package upstashtest

import "math"

// A place on Earth is the score of a sorted set: 52 bits, of which longitude and
// latitude have every second one. All numbers here are those of Redis.

const (
	geoSteps     = 26
	geoLongitude = 180
	geoLatitude  = 85.05112878
	earthRadius  = 6372797.560856 // in meters
)

type geoPoint struct{ longitude, latitude float64 }

func (p geoPoint) onMap() bool {
	return math.Abs(p.longitude) <= geoLongitude && math.Abs(p.latitude) <= geoLatitude
}

// geoScore is where a point is in a range of latitudes up to the given one.
func geoScore(p geoPoint, latitude float64) uint64 {
	x := uint64((p.longitude + geoLongitude) / (2 * geoLongitude) * (1 << geoSteps))
	y := uint64((p.latitude + latitude) / (2 * latitude) * (1 << geoSteps))
	var score uint64
	for i := range geoSteps + 1 { // the very edge has one bit more
		score |= x>>i&1<<(2*i+1) | y>>i&1<<(2*i)
	}
	return score
}

// geoPlace is the middle of the cell that a score stands for.
func geoPlace(score uint64) geoPoint {
	var x, y uint64
	for i := range geoSteps + 1 {
		x |= score >> (2*i + 1) & 1 << i
		y |= score >> (2 * i) & 1 << i
	}
	middle := func(cell uint64, most float64) float64 {
		low := -most + float64(float64(cell)/(1<<geoSteps)*2*most) // rounded here, on every machine
		high := -most + float64(float64(cell+1)/(1<<geoSteps)*2*most)
		return min(max((low+high)/2, -most), most)
	}
	return geoPoint{middle(x, geoLongitude), middle(y, geoLatitude)}
}

// geoText is a score in the alphabet of geohash.org, whose latitudes end at the
// poles.
func geoText(score uint64) string {
	const alphabet = "0123456789bcdefghjkmnpqrstuvwxyz"
	score = geoScore(geoPlace(score), 90)
	text := make([]byte, 11)
	for i := range text {
		text[i] = alphabet[0] // the last one has no bits left
		if shift := 2*geoSteps - 5*(i+1); shift >= 0 {
			text[i] = alphabet[score>>shift&31]
		}
	}
	return string(text)
}

// distance is that of two points on a sphere, in meters.
func (p geoPoint) distance(q geoPoint) float64 {
	const radian = math.Pi / 180
	u := math.Sin((q.latitude - p.latitude) * radian / 2)
	v := math.Sin((q.longitude - p.longitude) * radian / 2)
	a := u*u + math.Cos(p.latitude*radian)*math.Cos(q.latitude*radian)*v*v
	return 2 * earthRadius * math.Asin(math.Sqrt(a))
}
