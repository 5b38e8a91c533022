package ratelimit

import "strconv"

// kind is how something is counted: which keys there are, and which script.
type kind uint8

const (
	none kind = iota
	fixed
	sliding
	bucket
	gcra
	log
	compatFixed
	compatSliding
	compatBucket
	badBurst
)

// kinds has what each is named in the scripts.
var kinds = [...]string{
	fixed: "fixed", sliding: "sliding", bucket: "bucket", gcra: "gcra", log: "log",
	compatFixed: "compat_fixed", compatSliding: "compat_sliding", compatBucket: "compat_bucket",
}

// compat is the kind that counts the same with the oddities of
// @upstash/ratelimit, or none.
func (k kind) compat() kind {
	switch k {
	case fixed:
		return compatFixed
	case sliding:
		return compatSliding
	case bucket:
		return compatBucket
	default:
		return none
	}
}

// windowed tells whether the names of the keys depend on the time.
func (k kind) windowed() bool {
	return k == fixed || k == sliding || k == compatFixed || k == compatSliding
}

// keys are the names under which an identifier is counted at an instant. base is
// the prefix and the identifier. Those of GCRA and the log are apart from what
// @upstash/ratelimit may have stored there.
func (a Algorithm) keys(base string, now int64) []string {
	switch a.kind {
	case fixed, compatFixed:
		return []string{windowKey(base, now/a.window)}
	case sliding, compatSliding:
		return []string{windowKey(base, now/a.window), windowKey(base, now/a.window-1)}
	case gcra:
		return []string{base + ":gcra"}
	case log:
		return []string{base + ":log"}
	default:
		return []string{base}
	}
}

func windowKey(base string, n int64) string {
	return base + ":" + strconv.FormatInt(n, 10)
}
