package cache

// SetIDs replaces the source of random stamps and identities.
func (c *Cache) SetIDs(f func() string) { c.newID = f }

// SetRandom replaces the dice of early refreshes.
func (c *Cache) SetRandom(f func() float64) { c.random = f }
