package upstash

import "context"

// HasCallOptions reports whether ctx carries what [WithRetry] or [WithSyncToken]
// put there: such a call cannot share a request with others that do not.
func HasCallOptions(ctx context.Context) bool {
	return ctx.Value(retryKey{}) != nil || ctx.Value(sessionKey{}) != nil
}
