package command

import "math"

// SearchScore lets numbers of a document change its score.
type SearchScore struct {
	// Values are the fields with the numbers.
	Values []SearchScoreValue
	// Combine makes one number of several Values. The service's documentation has
	// two defaults, sum and multiply: say which.
	Combine SearchCombine
	// Mode applies that number to the score of the match. Here too the
	// documentation has two defaults, sum and multiply.
	Mode SearchScoreMode
}

// SearchScoreValue is one field of a [SearchScore].
type SearchScoreValue struct {
	Field    string // of numbers, and Fast
	Modifier SearchModifier
	Factor   float64 // multiplies the modified value; by default 1
	Missing  float64 // the value where a document has none, or one that Modifier does not allow
}

// SearchModifier is a function that a value goes through before it counts.
type SearchModifier string

// The functions. The zero value is none.
const (
	SearchLog        SearchModifier = "LOG"   // base 10
	SearchLog1P      SearchModifier = "LOG1P" // base 10 of 1 + value
	SearchLog2P      SearchModifier = "LOG2P" // base 10 of 2 + value
	SearchLn         SearchModifier = "LN"    // base e
	SearchLn1P       SearchModifier = "LN1P"  // base e of 1 + value
	SearchLn2P       SearchModifier = "LN2P"  // base e of 2 + value
	SearchSquare     SearchModifier = "SQUARE"
	SearchSqrt       SearchModifier = "SQRT"
	SearchReciprocal SearchModifier = "RECIPROCAL"
)

// SearchCombine makes one number of several.
type SearchCombine string

// The ways to combine.
const (
	SearchCombineSum      SearchCombine = "SUM"
	SearchCombineMultiply SearchCombine = "MULTIPLY"
)

// SearchScoreMode applies a number to a score.
type SearchScoreMode string

// The ways to apply a number.
const (
	SearchScoreSum      SearchScoreMode = "SUM"
	SearchScoreMultiply SearchScoreMode = "MULTIPLY"
	SearchScoreReplace  SearchScoreMode = "REPLACE"
)

func (s SearchScore) given() bool { return len(s.Values) > 0 || s.Combine != "" || s.Mode != "" }

func (s SearchScore) appendTo(t *tail) {
	if !s.given() {
		return
	}
	if len(s.Values) == 0 {
		t.refuse("Score needs Values")
	}
	t.add("SCOREFUNC")
	switch s.Combine {
	case "":
	case SearchCombineSum, SearchCombineMultiply:
		t.add("COMBINEMODE", string(s.Combine))
	default:
		t.refuse("Combine must be SearchCombineSum or SearchCombineMultiply")
	}
	switch s.Mode {
	case "":
	case SearchScoreSum, SearchScoreMultiply, SearchScoreReplace:
		t.add("SCOREMODE", string(s.Mode))
	default:
		t.refuse("Mode must be SearchScoreSum, SearchScoreMultiply or SearchScoreReplace")
	}
	for _, v := range s.Values {
		v.appendTo(t)
	}
}

func (v SearchScoreValue) appendTo(t *tail) {
	if v.Field == "" {
		t.refuse("a value of Score needs its Field")
	}
	if math.IsInf(v.Factor, 0) || math.IsInf(v.Missing, 0) {
		t.refuse("Factor and Missing cannot be infinite")
	}
	t.add("FIELDVALUE", v.Field)
	switch v.Modifier {
	case "":
	case SearchLog, SearchLog1P, SearchLog2P, SearchLn, SearchLn1P, SearchLn2P, SearchSquare, SearchSqrt, SearchReciprocal:
		t.add("MODIFIER", string(v.Modifier))
	default:
		t.refuse("Modifier must be one of SearchLog, SearchLn, SearchSqrt and the like")
	}
	if v.Factor != 0 {
		t.add("FACTOR")
		t.addValue(v.Factor)
	}
	if v.Missing != 0 {
		t.add("MISSING")
		t.addValue(v.Missing)
	}
}
