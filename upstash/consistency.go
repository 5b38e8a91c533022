package upstash

import "sync"

// syncToken is what makes a client read its own writes: the server hands out a
// token with every response, and a replica that is shown one waits until it has
// seen that much. The last response to arrive wins; one without a token, and a
// failed one, take nothing away.
type syncToken struct {
	mu    sync.Mutex
	value string
}

const syncTokenHeader = "Upstash-Sync-Token" //nolint:gosec // a name, not a credential

func (t *syncToken) get() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.value
}

func (t *syncToken) learn(value string) {
	if value == "" {
		return
	}
	t.mu.Lock()
	t.value = value
	t.mu.Unlock()
}
