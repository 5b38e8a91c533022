package cache

// SetStamps replaces the source of random stamps, for tests that plant a fault.
func (c *Cache) SetStamps(f func() string) { c.newStamp = f }
