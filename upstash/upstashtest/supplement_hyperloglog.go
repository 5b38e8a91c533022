package upstashtest

import "github.com/alicebob/miniredis/v2/server"

// sketchOf returns the HyperLogLog at a key, nil when there is none; on anything
// else it has answered c.
func (e *embedded) sketchOf(c *server.Peer, key string) (s sketch, ok bool) {
	text, ok := e.text(c, key)
	if !ok || text == nil {
		return nil, ok
	}
	if s, ok = asSketch(text); !ok {
		c.WriteError("WRONGTYPE Key is not a valid HyperLogLog string value.")
		return nil, false
	}
	return s, true
}

// together merges HyperLogLogs; on anything else it has answered c.
func (e *embedded) together(c *server.Peer, keys []string) (all sketch, ok bool) {
	all = newSketch()
	for _, key := range keys {
		s, ok := e.sketchOf(c, key)
		if !ok {
			return nil, false
		}
		if s != nil {
			all.merge(s)
		}
	}
	return all, true
}

// supplyPFAdd and the next two keep a HyperLogLog as a string, as Redis does; for
// the engine it is a type of its own, whose PFADD may find a known element new.
func supplyPFAdd(e *embedded, c *server.Peer, args []string) bool {
	s, ok := e.sketchOf(c, args[0])
	if !ok {
		return true
	}
	changed := s == nil
	if changed {
		s = newSketch()
	}
	for _, element := range args[1:] {
		changed = s.add(element) || changed
	}
	if !changed {
		c.WriteInt(0)
		return true
	}
	e.ask(c, "SET", args[0], string(s), "KEEPTTL")
	c.WriteInt(1)
	return true
}

func supplyPFCount(e *embedded, c *server.Peer, args []string) bool {
	if all, ok := e.together(c, args); ok {
		c.WriteInt(int(all.count()))
	}
	return true
}

func supplyPFMerge(e *embedded, c *server.Peer, args []string) bool {
	if all, ok := e.together(c, args); ok {
		e.ask(c, "SET", args[0], string(all), "KEEPTTL")
		c.WriteOK()
	}
	return true
}
