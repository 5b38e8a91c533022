package command

// Condition makes a write depend on the value that is there. The zero value is
// no condition.
type Condition struct {
	word    string
	operand any
	has     bool
}

// The conditions without an operand.
var (
	// Absent writes only if the key does not exist (NX).
	Absent = Condition{word: "NX"}
	// Present writes only if the key exists (XX).
	Present = Condition{word: "XX"}
)

// Equals writes only if the key holds exactly this value (IFEQ). An absent key
// does not match.
func Equals(value any) Condition { return Condition{word: "IFEQ", operand: value, has: true} }

// NotEquals writes only if the key holds another value or does not exist (IFNE).
func NotEquals(value any) Condition { return Condition{word: "IFNE", operand: value, has: true} }

// DigestEquals writes only if the digest of the key's value is this one (IFDEQ).
// Get it from [Digest].
func DigestEquals(digest string) Condition {
	return Condition{word: "IFDEQ", operand: digest, has: true}
}

// DigestNotEquals writes only if the digest of the key's value is another one
// or the key does not exist (IFDNE).
func DigestNotEquals(digest string) Condition {
	return Condition{word: "IFDNE", operand: digest, has: true}
}

func (c Condition) given() bool { return c.word != "" }

func (c Condition) appendTo(t *tail) {
	if !c.given() {
		return
	}
	t.add(c.word)
	if c.has {
		t.addValue(c.operand)
	}
}
