package upstashtest

import "errors"

// useRedis puts a real Redis in the place of the embedded engine.
func (s *Server) useRedis(o Options) error {
	if o.Clock != nil {
		return errors.New("upstashtest: Options.Clock and Options.Redis exclude each other: a real Redis has a clock of its own")
	}
	b, err := newRedisBackend(s.life, o.Redis, s.users, s.limits)
	if err != nil {
		return err
	}
	s.redis, s.backend = b, b
	s.replica = &replica{backend: b}
	return nil
}

// embeddedOnly tells whether the server can do something that takes the embedded
// engine. With a real Redis it fails the test that asked for it, if there is one.
func (s *Server) embeddedOnly(method string) bool {
	if s.redis == nil {
		return true
	}
	if s.tb != nil {
		s.tb.Helper()
		s.tb.Fatalf("upstashtest: %s is not possible with Options.Redis: it takes the embedded engine", method)
	}
	return false
}

// join has a stream get what its client wants to follow.
func (s *Server) join(events *stream, f feed) (leave func(), err error) {
	if s.redis != nil {
		end, err := s.redis.follow(events, f)
		if err != nil {
			return nil, err
		}
		s.hub.hold(events)
		return func() {
			s.hub.leave(events)
			end()
		}, nil
	}
	if f.kind == kindMonitor {
		s.hub.monitor(events)
	} else {
		s.hub.subscribe(events, f.kind, f.names)
	}
	return func() { s.hub.leave(events) }, nil
}
