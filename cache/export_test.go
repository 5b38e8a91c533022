package cache

import "time"

// SetIDs replaces the source of random stamps and identities.
func (c *Cache) SetIDs(f func() string) { c.newID = f }

// SetRandom replaces the dice of early refreshes.
func (c *Cache) SetRandom(f func() float64) { c.random = f }

// Flights counts the loads on their way.
func (c *Cache) Flights() int {
	c.flights.mu.Lock()
	defer c.flights.mu.Unlock()
	return len(c.flights.active)
}

// Pauses are what a process remembers of loads that failed.
type Pauses struct{ p pauses }

// NewPauses returns none.
func NewPauses() *Pauses { return new(Pauses) }

// Set remembers one for d.
func (p *Pauses) Set(key string, d time.Duration) { p.p.set(key, nil, d) }

// Len counts them.
func (p *Pauses) Len() int { return len(p.p.keys) }
