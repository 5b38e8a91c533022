package cache

import (
	"crypto/rand"
	"encoding/base64"
	"strconv"
)

// The keys are listed in the package documentation. What follows the letter is
// the user's, so that no key and no tag can ever be taken for one of another kind.

func (c *Cache) entryKey(key string) string { return c.schemaKey(":k", key) }

// leaseKey is beside a value that is being refreshed.
func (c *Cache) leaseKey(key string) string { return c.schemaKey(":l", key) }

func (c *Cache) schemaKey(kind, key string) string {
	if c.opts.Schema > 0 {
		kind += strconv.Itoa(c.opts.Schema)
	}
	return c.opts.Namespace + kind + ":" + key
}

func (c *Cache) tagKey(tag string) string { return c.opts.Namespace + ":t:" + tag }

func (c *Cache) epochKey() string { return c.opts.Namespace + ":e" }

// randomID is 72 random bits as 12 characters: a stamp or the identity of a
// write. Random, not counted: a counter starts over when its key is evicted,
// and old entries would be valid again.
func randomID() string {
	var b [9]byte
	_, _ = rand.Read(b[:]) // never fails, says its documentation
	return base64.RawURLEncoding.EncodeToString(b[:])
}
