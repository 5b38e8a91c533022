package upstash

import "sync"

// quota bounds what retries add to the load: each takes from a bucket that only
// answered calls fill again. See [RetryOptions] for where the numbers are from.
type quota struct {
	mu   sync.Mutex
	left int
}

const (
	quotaSize  = 500
	retryCost  = 5
	quotaBonus = 1 // for a call that needed no retry
)

func newQuota() *quota { return &quota{left: quotaSize} }

// take returns what a retry costs, or 0 when there is not enough left for it.
func (q *quota) take() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.left < retryCost {
		return 0
	}
	q.left -= retryCost
	return retryCost
}

// succeed gives back what the last retry of an answered call took, or a little
// where there was none.
func (q *quota) succeed(spent int) {
	q.mu.Lock()
	q.left = min(q.left+max(spent, quotaBonus), quotaSize)
	q.mu.Unlock()
}
