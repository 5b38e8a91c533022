package httplimit

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
)

// refusal is why a request is not passed on, as a problem document (RFC 9457).
type refusal struct {
	Type     string   `json:"type"`
	Title    string   `json:"title"`
	Status   int      `json:"status"`
	Violated []string `json:"violated-policies,omitempty"`
}

// The problem types of draft-ietf-httpapi-ratelimit-headers-11, section 5.
const problemTypes = "https://iana.org/assignments/http-problem-types#"

func quotaExceeded(policy string) refusal {
	return refusal{problemTypes + "quota-exceeded", "Quota Exceeded", http.StatusTooManyRequests, []string{policy}}
}

func reducedCapacity(policies ...string) refusal {
	return refusal{
		problemTypes + "temporary-reduced-capacity", "Temporary Reduced Capacity", http.StatusServiceUnavailable, policies,
	}
}

func abnormalUsage(policy string) refusal {
	return refusal{problemTypes + "abnormal-usage-detected", "Abnormal Usage Detected", http.StatusTooManyRequests, []string{policy}}
}

func refusalOfResult(result ratelimit.Result) refusal {
	policy := policyName(result.Policy)
	switch result.Reason {
	case ratelimit.Denied:
		return abnormalUsage(policy)
	case ratelimit.TimedOut, ratelimit.Failed:
		return reducedCapacity(policy) // the client did nothing wrong
	default:
		return quotaExceeded(policy)
	}
}

// refusalOf an error. always is set for what a client may have caused, which
// must be no way around the limit.
func refusalOf(err error) (why refusal, always bool) {
	if cost, ok := errors.AsType[*ratelimit.CostError](err); ok {
		return quotaExceeded(policyName(ratelimit.Policy{Name: cost.Policy})), true
	}
	return reducedCapacity(), errors.Is(err, ErrNoKey) || errors.Is(err, ratelimit.ErrKey)
}

// reject answers a request that is not passed on.
func (m *Middleware) reject(w http.ResponseWriter, r *http.Request, why refusal) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	if m.o.Reject != nil {
		m.o.Reject.ServeHTTP(w, r)
		return
	}
	contentType, body := "text/plain; charset=utf-8", []byte(http.StatusText(why.Status))
	if acceptsProblem(r.Header["Accept"]) {
		if document, err := json.Marshal(why); err == nil {
			contentType, body = "application/problem+json", document
		}
	}
	h.Set("Content-Type", contentType)
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(why.Status)
	_, _ = w.Write(append(body, '\n')) // who is gone needs no answer
}
