package cache

// fromMemoryOnError returns what the process remembers, for a caller who could
// not read Redis.
func fromMemoryOnError[T any](c *Cache, call call) (value T, ok bool) { return value, false }

func (c call) withoutMemory() call { return c }
