package ratelimit_test

import "math/big"

// model is one key of one algorithm, written down in the plainest way there is.
type model interface {
	free(now int64) int64 // units that could be granted
	take(now, n int64)
	refund(now, n int64)
}

// strict decides by a model as Strict must.
type strict struct {
	most int64
	model
}

func (s strict) decide(now int64, op string, cost int64) (allowed bool, granted, remaining int64) {
	allowed = true
	free := s.free(now)
	switch op {
	case "refund":
		s.refund(now, cost)
	case "peek":
		allowed = free >= cost
	case "upto":
		if granted = max(min(cost, free), 0); granted > 0 {
			s.take(now, granted)
		}
		allowed = granted > 0
	default:
		if allowed = free >= cost; allowed {
			granted = cost
			s.take(now, cost)
		}
	}
	return allowed, granted, min(max(s.free(now), 0), s.most)
}

type modelFixed struct {
	limit, window int64
	used          map[int64]int64
}

func (m *modelFixed) free(now int64) int64 { return m.limit - m.used[now/m.window] }
func (m *modelFixed) take(now, n int64)    { m.used[now/m.window] += n }
func (m *modelFixed) refund(now, n int64) {
	m.used[now/m.window] -= min(n, m.used[now/m.window])
}

type modelSliding struct{ modelFixed }

func (m *modelSliding) free(now int64) int64 {
	part := 1 - float64(now%m.window)/float64(m.window)
	return m.limit - m.used[now/m.window] - int64(part*float64(m.used[now/m.window-1]))
}

type modelBucket struct {
	capacity, refill, interval int64
	stored                     bool // a full bucket is not, it begins with the next call
	tokens, at                 int64
}

func (m *modelBucket) look(now int64) (tokens, at int64) {
	if !m.stored {
		return m.capacity, now
	}
	tokens, at = m.tokens, m.at
	for at+m.interval <= now {
		at += m.interval
		tokens = min(tokens+m.refill, m.capacity)
	}
	return tokens, at
}

func (m *modelBucket) free(now int64) int64 {
	tokens, _ := m.look(now)
	return tokens
}

func (m *modelBucket) take(now, n int64) {
	m.tokens, m.at = m.look(now)
	m.tokens -= n
	m.stored = true
}

func (m *modelBucket) refund(now, n int64) {
	if tokens, at := m.look(now); tokens < m.capacity {
		m.tokens, m.at, m.stored = tokens+n, at, tokens+n < m.capacity
	}
}

// modelGCRA keeps the instant at which the limit is whole again as a fraction.
type modelGCRA struct {
	each  *big.Rat // milliseconds for one unit
	burst int64
	whole *big.Rat
}

func (m *modelGCRA) debt(now int64) *big.Rat {
	d := new(big.Rat).Sub(m.whole, new(big.Rat).SetInt64(now))
	if d.Sign() < 0 {
		return new(big.Rat)
	}
	return d
}

func (m *modelGCRA) free(now int64) int64 {
	units := m.debt(now)
	units.Quo(units, m.each)
	used := new(big.Int).Div(units.Num(), units.Denom())
	if !units.IsInt() {
		used.Add(used, big.NewInt(1))
	}
	return m.burst - used.Int64()
}

func (m *modelGCRA) add(now, n int64) {
	d := m.debt(now)
	d.Add(d, new(big.Rat).Mul(m.each, new(big.Rat).SetInt64(n)))
	m.whole = new(big.Rat) // what is whole is forgotten
	if d.Sign() > 0 {
		m.whole = d.Add(d, new(big.Rat).SetInt64(now))
	}
}

func (m *modelGCRA) take(now, n int64) { m.add(now, n) }
func (m *modelGCRA) refund(now, n int64) {
	if m.debt(now).Sign() > 0 {
		m.add(now, -n)
	}
}

// modelLog has an instant for every unit.
type modelLog struct {
	limit, window int64
	units         []int64 // oldest first
}

func (m *modelLog) free(now int64) int64 {
	live := m.limit
	for _, at := range m.units {
		if at > now-m.window {
			live--
		}
	}
	return live
}

func (m *modelLog) trim(now int64) {
	var live []int64
	for _, at := range m.units {
		if at > now-m.window {
			live = append(live, at)
		}
	}
	m.units = live
}

func (m *modelLog) take(now, n int64) {
	m.trim(now)
	i := len(m.units)
	for i > 0 && m.units[i-1] > now {
		i--
	}
	later := append([]int64(nil), m.units[i:]...)
	m.units = m.units[:i]
	for range n {
		m.units = append(m.units, now)
	}
	m.units = append(m.units, later...)
}

func (m *modelLog) refund(now, n int64) {
	if before := len(m.units); before > 0 && m.free(now) < m.limit {
		m.trim(now)
		m.units = m.units[:max(len(m.units)-int(n), 0)]
	}
}
