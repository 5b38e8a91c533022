package upstashtest

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

const (
	msgNotInteger = "ERR value is not an integer or out of range"
	msgSetExpiry  = "ERR invalid expire time in 'set' command"
)

// nilBulk is the reply for a key that is absent.
const nilBulk = "$-1\r\n"

// A condition compares the value of a string key, or the digest of the value.
type condition struct{ name, operand string }

// parseCondition reads a condition; known is false when there is none of that
// name.
func parseCondition(name, operand string) (c condition, known bool) {
	name = strings.ToUpper(name)
	return condition{name, operand}, slices.Contains([]string{"IFEQ", "IFNE", "IFDEQ", "IFDNE"}, name)
}

// problem is what Redis says about the condition when it sees the reply of GET.
// It does not look at the digest for an absent key.
func (c condition) problem(old []byte) string {
	if _, exists := bulk(old); exists && c.ofDigest() && len(c.operand) != digestLen {
		return msgDigest
	}
	return ""
}

// holds decides about the reply of GET. An absent key equals nothing.
func (c condition) holds(old []byte) bool {
	value, exists := bulk(old)
	equal := exists && string(value) == c.operand
	if c.ofDigest() {
		equal = exists && digestEquals(value, c.operand)
	}
	return equal == strings.HasSuffix(c.name, "EQ")
}

func (c condition) ofDigest() bool { return strings.HasPrefix(c.name, "IFD") }

// setOptions are the options of SET that a condition has to be combined with.
type setOptions struct {
	condition condition
	get       bool
	expiry    []string // as it goes to the engine: nothing, KEEPTTL, or name and time
	exists    bool     // NX or XX was given
}

// parseSetOptions reads the options of SET, with the error Redis gives for them
// as problem.
func parseSetOptions(args []string) (o setOptions, problem string) {
	for i := 0; i < len(args); i++ {
		name := strings.ToUpper(args[i])
		operand, hasOperand := "", i+1 < len(args)
		if hasOperand {
			operand = args[i+1]
		}
		switch name {
		case "NX", "XX":
			if o.conditional() {
				return o, msgSyntax
			}
			o.exists = true
		case "GET":
			o.get = true
		case "KEEPTTL":
			if o.expiry != nil {
				return o, msgSyntax
			}
			o.expiry = []string{name}
		case "EX", "PX", "EXAT", "PXAT":
			if o.expiry != nil || !hasOperand {
				return o, msgSyntax
			}
			o.expiry = []string{name, operand}
			i++
		case "IFEQ", "IFNE", "IFDEQ", "IFDNE":
			if o.conditional() || !hasOperand {
				return o, msgSyntax
			}
			o.condition = condition{name, operand}
			i++
		default:
			return o, msgSyntax
		}
	}
	return o, o.expiryProblem()
}

func (o setOptions) conditional() bool { return o.exists || o.condition.name != "" }

// expiryProblem is what Redis says about the time, before it looks at the key.
func (o setOptions) expiryProblem() string {
	if len(o.expiry) < 2 {
		return ""
	}
	n, err := strconv.ParseInt(o.expiry[1], 10, 64)
	switch {
	case err != nil:
		return msgNotInteger
	case n <= 0, strings.HasPrefix(o.expiry[0], "EX") && n > math.MaxInt64/1000:
		return msgSetExpiry
	}
	return ""
}
