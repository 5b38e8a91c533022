package upstashtest

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// geoSearch is what a search looks for, in meters.
type geoSearch struct {
	center                geoPoint
	hasCenter             bool
	isBox                 bool
	radius, width, height float64
	unit                  float64 // in meters; zero when there is no area yet
	order                 string
	count                 int64
	first                 bool // ANY
	coord, dist, hash     bool
	store, storeDist      bool
	destination           string
}

// A geoParser reads the words of a search in these members.
type geoParser struct {
	words   []string
	members []geoMember
	geoSearch
	problem string
}

func (p *geoParser) refuse(problem string) { p.problem = cmp.Or(p.problem, problem) }

// take returns the next words, or refuses.
func (p *geoParser) take(n int) []string {
	if len(p.words) < n {
		p.refuse(msgSyntax)
		return make([]string, n)
	}
	words := p.words[:n]
	p.words = p.words[n:]
	return words
}

func (p *geoParser) point() {
	words, problem := p.take(2), ""
	if p.center, problem = parsePoint(words[0], words[1]); problem != "" {
		p.refuse(problem)
	}
	p.hasCenter = true
}

// member is looked for at once: that it is not there comes before other errors,
// unless nothing is.
func (p *geoParser) member() {
	name := p.take(1)[0]
	i := slices.IndexFunc(p.members, func(m geoMember) bool { return m.name == name })
	switch {
	case i >= 0:
		p.center = geoPlace(p.members[i].score)
	case len(p.members) > 0:
		p.refuse("ERR could not decode requested zset member")
	}
	p.hasCenter = true
}

// length reads a number that is called what and, when it is below zero, refused
// with the other text.
func (p *geoParser) length(what, negative string) float64 {
	f := score(p.take(1)[0])
	switch {
	case math.IsNaN(f):
		p.refuse("ERR need numeric " + what)
	case f < 0:
		p.refuse(negative)
	}
	return f
}

func (p *geoParser) units() {
	if p.unit = geoUnits[strings.ToLower(p.take(1)[0])]; p.unit == 0 {
		p.refuse(msgGeoUnit)
	}
}

func (p *geoParser) circle() {
	p.isBox = false
	p.radius = p.length("radius", "ERR radius cannot be negative")
	p.units()
	p.radius *= p.unit
}

func (p *geoParser) box() {
	const negative = "ERR height or width cannot be negative"
	p.isBox = true
	p.width = p.length("width", negative)
	p.height = p.length("height", negative)
	p.units()
	p.width *= p.unit
	p.height *= p.unit
}

// options reads those of all searches; isSearch tells the newer ones.
func (p *geoParser) options(isSearch, stores bool) {
	anyGiven := false
	for len(p.words) > 0 && p.problem == "" {
		switch word := strings.ToUpper(p.take(1)[0]); {
		case word == "WITHCOORD":
			p.coord = true
		case word == "WITHDIST":
			p.dist = true
		case word == "WITHHASH":
			p.hash = true
		case word == "ASC", word == "DESC":
			p.order = word
		case word == "ANY":
			anyGiven = true
		case word == "COUNT":
			n, ok := integer(p.take(1)[0])
			switch {
			case p.problem == "" && !ok:
				p.refuse(msgNotInteger)
			case n <= 0:
				p.refuse("ERR COUNT must be > 0")
			}
			p.count = n
		case isSearch && word == "FROMMEMBER" && !p.hasCenter:
			p.member()
		case isSearch && word == "FROMLONLAT" && !p.hasCenter:
			p.point()
		case isSearch && word == "BYRADIUS" && p.unit == 0:
			p.circle()
		case isSearch && word == "BYBOX" && p.unit == 0:
			p.box()
		case isSearch && stores && word == "STOREDIST":
			p.storeDist = true
		case !isSearch && stores && (word == "STORE" || word == "STOREDIST"):
			p.store, p.storeDist, p.destination = true, word == "STOREDIST", p.take(1)[0]
		default:
			p.refuse(msgSyntax)
		}
	}
	p.first = anyGiven
}

// check finds what is missing or does not go together.
func (p *geoParser) check(name, storing string) {
	switch {
	case p.store && (p.coord || p.dist || p.hash):
		p.refuse("ERR " + storing + " is not compatible with WITHDIST, WITHHASH and WITHCOORD options")
	case !p.hasCenter:
		p.refuse("ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for " + name)
	case p.unit == 0:
		p.refuse("ERR exactly one of BYRADIUS and BYBOX can be specified for " + name)
	case p.first && p.count == 0:
		p.refuse("ERR the ANY argument requires COUNT argument")
	}
}
