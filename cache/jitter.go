package cache

import (
	"time"

	"github.com/zeebo/xxh3"
)

// spread shortens a TTL by up to the part that jitter is. It hashes the key and
// throws no dice, so that a warmed cache spreads the same way after every
// deployment.
func spread(ttl time.Duration, jitter float64, key string) time.Duration {
	part := float64(xxh3.HashString(key)>>11) / (1 << 53) // 53 bits: all that a float64 holds
	return max(ttl-time.Duration(float64(ttl)*jitter*part), min(ttl, time.Millisecond))
}
