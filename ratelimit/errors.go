package ratelimit

import (
	"errors"
	"fmt"
)

// ErrKey says that an identifier cannot be counted: it is empty, or its first
// part is the name of something else that is stored under the prefix ("events",
// "denyList", "dynamic", "ipDenyListStatus").
var ErrKey = errors.New("ratelimit: the key is empty or reserved")

// CostError says that a cost can never be granted, or is no cost. Nothing was
// sent.
type CostError struct {
	Cost, Capacity int64
	Policy         string // the name of the limit
}

// Error says what the cost may be.
func (e *CostError) Error() string {
	return fmt.Sprintf("ratelimit: a cost of %d was asked of limit %q: it must be from 1 to %d", e.Cost, e.Policy, e.Capacity)
}
