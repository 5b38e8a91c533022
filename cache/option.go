package cache

import (
	"context"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// Option changes one call.
type Option func(*call)

// call is what one operation on a view needs to know.
type call struct {
	key         string // the user's, with the view's prefix
	tags        []string
	ttl         time.Duration // fresh for so long
	negativeTTL time.Duration
	whileStale  time.Duration // served past ttl while it is refreshed
	ifError     time.Duration // served past ttl when the loader fails
	early       float64
	soft        time.Duration
	keepInvalid bool
	typeName    string
	token       string // of the invalidation that must be seen
	took        time.Duration
	codec       Codec // bound to the key
	foreign     bool
	bare        bool
	info        *Info
}

// Tags adds tags to those of the view, for this call. Readers should declare
// the tags that writers use: an entry that lacks a declared tag is a miss, and
// one that has more costs a second round trip to check.
func Tags(tags ...string) Option {
	return func(c *call) { c.tags = append(c.tags, tags...) }
}

// TTL replaces the view's TTL for what this call stores.
func TTL(d time.Duration) Option { return func(c *call) { c.ttl = d } }

// Report fills info with what happened during the call.
func Report(info *Info) Option { return func(c *call) { c.info = info } }

// Fresh makes the call see every invalidation that token stands for, also on a
// database whose replicas lag behind: [upstash.Client.SyncToken] of the client
// that invalidated returns it, and a cookie or a message carries it to the
// program that reads next. A client sees its own invalidations without it. The
// call does not read from [Options.Memory].
func Fresh(token string) Option { return func(c *call) { c.token = token } }

// context is where the call's reads happen.
func (c call) context(ctx context.Context) context.Context {
	if c.token == "" {
		return ctx
	}
	return upstash.WithSyncToken(ctx, c.token)
}

// hard is how long an entry is kept in all.
func (c call) hard() time.Duration { return c.ttl + max(c.whileStale, c.ifError) }

// expected is how long a load will take, as far as anybody knows.
func (c call) expected() time.Duration {
	const unknown = 50 * time.Millisecond
	if c.took == 0 {
		return unknown
	}
	return c.took
}
