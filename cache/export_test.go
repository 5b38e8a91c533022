package cache

// SetStamps replaces the source of random stamps, for tests that plant a fault.
func (c *Cache) SetStamps(f func() string) { c.newStamp = f }

// SetRandom replaces the dice of early refreshes.
func (c *Cache) SetRandom(f func() float64) { c.random = f }
