package upstash

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

// pause is how long to wait after a failed attempt, negative when the server
// asked for more than is waited for.
func (o RetryOptions) pause(attempt int, err error) time.Duration {
	most := o.MaxDelay
	if shift := attempt - 1; shift < 32 && o.BaseDelay < o.MaxDelay>>shift {
		most = o.BaseDelay << shift
	}
	wait := rand.N(max(most, 1))
	if e, ok := errors.AsType[*Error](err); ok && e.retryAfter > 0 {
		if e.retryAfter > longestRetryAfter {
			return -1
		}
		return e.retryAfter + wait
	}
	return wait
}

// longestRetryAfter is the longest pause that a server may ask for. Who asks for
// more has a quota that is used up, and the caller should hear of it.
const longestRetryAfter = 10 * time.Second

// retryAfter reads the header of that name, in seconds or as a date.
func retryAfter(h http.Header) time.Duration {
	text := h.Get("Retry-After")
	if text == "" {
		return 0
	}
	if seconds, err := strconv.Atoi(text); err == nil {
		return time.Duration(min(max(seconds, 0), 1<<20)) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(time.Until(at), 0)
	}
	return 0
}

// inTime reports whether the context lives for that long.
func inTime(ctx context.Context, d time.Duration) bool {
	deadline, has := ctx.Deadline()
	return ctx.Err() == nil && (!has || time.Until(deadline) > d)
}

func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
