package upstashtest

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/alicebob/miniredis/v2/server"
)

func supplyGeoSearch(e *embedded, c *server.Peer, args []string) bool {
	return e.geoSearch(c, args[0], args[1:], func(p *geoParser) {
		p.options(true, false)
		p.check("geosearch", "")
	})
}

func supplyGeoSearchStore(e *embedded, c *server.Peer, args []string) bool {
	return e.geoSearch(c, args[1], args[2:], func(p *geoParser) {
		p.store, p.destination = true, args[0]
		p.options(true, true)
		p.check("geosearchstore", "GEOSEARCHSTORE")
	})
}

// supplyGeoRadius serves the searches before GEOSEARCH: around a point or a
// member, and with STORE or without.
func supplyGeoRadius(byMember, stores bool) supplement {
	return func(e *embedded, c *server.Peer, args []string) bool {
		return e.geoSearch(c, args[0], args[1:], func(p *geoParser) {
			if byMember {
				p.member()
			} else {
				p.point()
			}
			switch {
			case p.problem != "":
			case byMember && len(p.members) == 0:
				p.take(2) // Redis does not look at an area around nothing
				p.unit = 1
			default:
				p.circle()
			}
			p.options(false, stores)
			p.check("", "STORE option in GEORADIUS")
		})
	}
}

type geoFound struct {
	geoMember
	place    geoPoint
	distance float64 // in the unit of the search
}

func (e *embedded) geoSearch(c *server.Peer, key string, words []string, parse func(*geoParser)) (done bool) {
	members, ok := e.geoMembers(c, key)
	if !ok {
		return true
	}
	p := geoParser{words: words, members: members}
	parse(&p)
	if p.problem != "" {
		c.WriteError(p.problem)
		return true
	}
	found := p.find(members)
	if p.store {
		var pairs [][]string
		for _, f := range found {
			value := strconv.FormatUint(f.score, 10)
			if p.storeDist {
				value = strconv.FormatFloat(f.distance, 'g', 17, 64)
			}
			pairs = append(pairs, []string{f.name, value})
		}
		e.storeScored(c, p.destination, pairs)
		return true
	}
	c.WriteLen(len(found))
	for _, f := range found {
		p.write(c, f)
	}
	return true
}

// find returns the members in the area, in the order of the search.
func (s geoSearch) find(members []geoMember) (found []geoFound) {
	for _, m := range members {
		f := geoFound{geoMember: m, place: geoPlace(m.score)}
		meters := s.center.distance(f.place)
		f.distance = meters / s.unit
		inside := meters <= s.radius
		if s.isBox {
			sameLongitude := geoPoint{f.place.longitude, s.center.latitude}
			sameLatitude := geoPoint{s.center.longitude, f.place.latitude}
			inside = f.place.distance(sameLongitude) <= s.height/2 && f.place.distance(sameLatitude) <= s.width/2
		}
		if inside {
			found = append(found, f)
		}
	}
	most := len(found)
	if s.count > 0 {
		most = int(min(s.count, int64(most)))
	}
	if s.first {
		found = found[:most]
	}
	if s.order != "" || s.count > 0 && !s.first {
		slices.SortStableFunc(found, func(a, b geoFound) int {
			if s.order == "DESC" {
				a, b = b, a
			}
			return cmp.Compare(a.distance, b.distance)
		})
	}
	return found[:most]
}

func (s geoSearch) write(c *server.Peer, f geoFound) {
	n := 1
	for _, given := range []bool{s.dist, s.hash, s.coord} {
		if given {
			n++
		}
	}
	if n > 1 {
		c.WriteLen(n)
	}
	c.WriteBulk(f.name)
	if s.dist {
		c.WriteBulk(strconv.FormatFloat(f.distance, 'f', 4, 64))
	}
	if s.hash {
		c.WriteRaw(":" + strconv.FormatUint(f.score, 10) + "\r\n")
	}
	if s.coord {
		writePoint(c, f.place)
	}
}
