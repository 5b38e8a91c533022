package upstashtest

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

const (
	msgNotFloat = "ERR value is not a valid float"
	msgGeoUnit  = "ERR unsupported unit provided. please use M, KM, FT, MI"
)

// geoUnits are units of length in meters.
var geoUnits = map[string]float64{"m": 1, "km": 1000, "ft": 0.3048, "mi": 1609.34}

// parsePoint reads a longitude and a latitude.
func parsePoint(longitude, latitude string) (p geoPoint, problem string) {
	p = geoPoint{score(longitude), score(latitude)}
	switch {
	case math.IsNaN(p.longitude), math.IsNaN(p.latitude):
		return p, msgNotFloat
	case !p.onMap():
		return p, fmt.Sprintf("ERR invalid longitude,latitude pair %s,%s", sixDigits(p.longitude), sixDigits(p.latitude))
	}
	return p, ""
}

// sixDigits is how C prints a number.
func sixDigits(f float64) string {
	if math.IsInf(f, 0) {
		return strings.ToLower(strings.TrimPrefix(fmt.Sprint(f), "+"))
	}
	return fmt.Sprintf("%f", f)
}

// coordinate is a number with 17 digits after the point, or as many as it needs.
func coordinate(f float64) string {
	text := strconv.FormatFloat(f, 'f', 17, 64)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}

func writePoint(c *server.Peer, p geoPoint) {
	c.WriteLen(2)
	c.WriteBulk(coordinate(p.longitude))
	c.WriteBulk(coordinate(p.latitude))
}

// supplyGeoAdd has options, which the engine has not.
func supplyGeoAdd(e *embedded, c *server.Peer, args []string) bool {
	n := 1
	for n < len(args) && slices.Contains([]string{"NX", "XX", "CH"}, strings.ToUpper(args[n])) {
		n++
	}
	options, triples := args[1:n], args[n:]
	if strings.Contains(strings.ToUpper(strings.Join(options, " ")), "NX") &&
		strings.Contains(strings.ToUpper(strings.Join(options, " ")), "XX") || len(triples)%3 != 0 || len(triples) == 0 {
		c.WriteError(msgSyntax)
		return true
	}
	command := append([]string{"ZADD", args[0]}, options...)
	for triple := range slices.Chunk(triples, 3) {
		p, problem := parsePoint(triple[0], triple[1])
		if problem != "" {
			c.WriteError(problem)
			return true
		}
		command = append(command, strconv.FormatUint(geoScore(p, geoLatitude), 10), triple[2])
	}
	return supplyZAdd(e, c, command[1:]) || e.forward(c, command...)
}

// places returns where the members of a key are; those that are not there are
// nil. On another type it has answered c.
func (e *embedded) places(c *server.Peer, key string, members []string) (scores []*uint64, ok bool) {
	all, ok := e.geoMembers(c, key)
	scores = make([]*uint64, len(members))
	for _, m := range all {
		for i, member := range members {
			if m.name == member {
				scores[i] = &m.score
			}
		}
	}
	return scores, ok
}

type geoMember struct {
	name  string
	score uint64
}

// geoMembers returns all members of a key in the order of their scores. On
// another type it has answered c.
func (e *embedded) geoMembers(c *server.Peer, key string) (members []geoMember, ok bool) {
	flat, ok, reply := e.askList(c, "ZRANGE", key, "0", "-1", "WITHSCORES")
	if !ok {
		c.WriteRaw(string(reply))
		return nil, false
	}
	for pair := range slices.Chunk(flat, 2) {
		members = append(members, geoMember{pair[0], uint64(max(score(pair[1]), 0))})
	}
	return members, true
}

// supplyGeoPos has all digits; the engine has six after the point.
func supplyGeoPos(e *embedded, c *server.Peer, args []string) bool {
	scores, ok := e.places(c, args[0], args[1:])
	if !ok {
		return true
	}
	c.WriteLen(len(scores))
	for _, s := range scores {
		if s == nil {
			c.WriteLen(-1)
		} else {
			writePoint(c, geoPlace(*s))
		}
	}
	return true
}

// supplyGeoHash answers a command that the engine lacks.
func supplyGeoHash(e *embedded, c *server.Peer, args []string) bool {
	scores, ok := e.places(c, args[0], args[1:])
	if !ok {
		return true
	}
	c.WriteLen(len(scores))
	for _, s := range scores {
		if s == nil {
			c.WriteNull()
		} else {
			c.WriteBulk(geoText(*s))
		}
	}
	return true
}

// supplyGeoDist measures as the searches do.
func supplyGeoDist(e *embedded, c *server.Peer, args []string) bool {
	unit := 1.0
	switch {
	case len(args) > 4:
		c.WriteError(msgSyntax)
		return true
	case len(args) == 4:
		if unit = geoUnits[strings.ToLower(args[3])]; unit == 0 {
			c.WriteError(msgGeoUnit)
			return true
		}
	}
	scores, ok := e.places(c, args[0], args[1:3])
	switch {
	case !ok:
	case scores[0] == nil || scores[1] == nil:
		c.WriteNull()
	default:
		meters := geoPlace(*scores[0]).distance(geoPlace(*scores[1]))
		c.WriteBulk(strconv.FormatFloat(meters/unit, 'f', 4, 64))
	}
	return true
}
