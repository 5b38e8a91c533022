package upstash

import (
	"context"
	"sync"
)

// syncToken is what makes a client read its own writes: the server hands out a
// token with every response, and a replica that is shown one waits until it has
// seen that much. The last response to arrive wins; one without a token, and a
// failed one, take nothing away.
type syncToken struct {
	mu    sync.Mutex
	value string
}

const syncTokenHeader = "Upstash-Sync-Token" //nolint:gosec // a name, not a credential

// SyncToken returns the token of the last response, or "" before the first. Give
// it to another process, whose [WithSyncToken] lets it read what this client wrote.
func (c *Client) SyncToken() string {
	if c.transport == nil {
		return ""
	}
	return c.transport.token.get()
}

type sessionKey struct{}

// WithSyncToken returns a context whose calls read at least what the token
// stands for: one that [Client.SyncToken] returned, here or in another process.
// The calls of the context follow each other: each sends the token of the last
// response among them, so that they also read what they wrote. It costs nothing
// but what a replica waits for.
func WithSyncToken(ctx context.Context, token string) context.Context {
	return context.WithValue(ctx, sessionKey{}, &syncToken{value: token})
}

// exchangeTokens are those that a request shows and that its response teaches.
type exchangeTokens struct{ session, client *syncToken }

func (t *transport) tokens(ctx context.Context) exchangeTokens {
	session, _ := ctx.Value(sessionKey{}).(*syncToken)
	return exchangeTokens{session: session, client: &t.token}
}

func (t exchangeTokens) get() string {
	if t.session != nil {
		return t.session.get()
	}
	return t.client.get()
}

func (t exchangeTokens) learn(value string) {
	if t.session != nil {
		t.session.learn(value)
	}
	t.client.learn(value)
}

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
