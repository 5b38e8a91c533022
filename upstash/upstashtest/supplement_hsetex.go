package upstashtest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/alicebob/miniredis/v2/server"
)

const (
	msgFieldsInvalid  = "ERR invalid number of fields"
	msgFieldCondition = "ERR Only one of FXX or FNX arguments can be specified"
	msgFieldExpiry    = "ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified"
	msgNoFieldExpiry  = "ERR missing expire time"
)

// hsetex is a command HSETEX.
type hsetex struct {
	key       string
	condition string // FNX, FXX or nothing
	expiry    string // KEEPTTL, a unit or nothing
	end       int64  // with a unit
	pairs     []string
}

// parseHSetEx reads the arguments as Redis does. Options stand before FIELDS, as
// it wants them up to version 8.2.
func (e *embedded) parseHSetEx(args []string) (h hsetex, problem string) {
	h.key = args[0]
	for i := 1; i < len(args); i++ {
		name := strings.ToUpper(args[i])
		unit, ends := endUnits[name]
		switch {
		case name == "FIELDS":
			h.pairs, problem = parsePairs(args[i+1:])
			return h, problem
		case ends || name == "KEEPTTL":
			if h.expiry != "" {
				return h, msgFieldExpiry
			}
			h.expiry = name
			if !ends {
				continue
			}
			i++
			if i == len(args) {
				return h, msgNoFieldExpiry
			}
			if h.end, problem = e.parseEnd(unit, args[i], "hsetex"); problem != "" {
				return h, problem
			}
		case name == "FNX" || name == "FXX":
			if h.condition != "" {
				return h, msgFieldCondition
			}
			h.condition = name
		default:
			return h, "ERR unknown argument: " + args[i]
		}
	}
	return h, wrongArityText("hsetex")
}

// parsePairs reads a number, and as many pairs of a field and its value.
func parsePairs(args []string) (pairs []string, problem string) {
	if len(args) < 3 {
		return nil, wrongArityText("hsetex")
	}
	n, err := strconv.Atoi(args[0])
	switch {
	case err != nil || n < 1:
		return nil, msgFieldsInvalid
	case len(args)%2 == 0 || n != len(args)/2:
		return nil, wrongArityText("hsetex")
	}
	return args[1:], ""
}

// supplyHSetEx writes fields that all exist, or all do not, together with their
// ends. When these are past, nothing is left of the fields.
func supplyHSetEx(e *embedded, c *server.Peer, args []string) bool {
	if len(args) < 4 {
		return false
	}
	h, problem := e.parseHSetEx(args)
	if problem != "" {
		c.WriteError(problem)
		return true
	}
	if _, ok := e.hash(c, h.key); !ok {
		return true
	}
	var fields []string
	for pair := range slices.Chunk(h.pairs, 2) {
		fields = append(fields, pair[0])
	}
	for _, end := range e.fieldEnds(c, h.key, fields...) {
		if end == noField && h.condition == "FXX" || end != noField && h.condition == "FNX" {
			c.WriteInt(0)
			return true
		}
	}
	_, ends := endUnits[h.expiry]
	switch {
	case ends && h.end <= e.at.UnixMilli():
		e.dropFields(c, h.key, fields...)
	case ends:
		e.setFields(c, h.key, []string{"PXAT", strconv.FormatInt(h.end, 10)}, h.pairs...)
	case h.expiry == "KEEPTTL":
		e.setFields(c, h.key, []string{h.expiry}, h.pairs...)
	default:
		e.setFields(c, h.key, nil, h.pairs...)
	}
	c.WriteInt(1)
	return true
}
