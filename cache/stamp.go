package cache

import (
	"maps"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// stamps are what was read of the namespace's and the tags' keys. An absent one
// is not in the map, or empty: no entry is valid by it. That is why a stamp may
// be deleted, evicted or expire at any moment and the worst is an extra load.
type stamps struct {
	epoch string
	tags  map[string]string
}

// admit reports whether an entry or a lease that carries h is valid by these
// stamps and has every tag that the reader declares. A declared tag that the
// entry lacks means that the code has changed since it was stored.
func (s stamps) admit(h *header, declared []string) bool {
	if s.epoch == "" || h.Epoch != s.epoch {
		return false
	}
	for _, tag := range declared {
		if _, has := h.Stamps[tag]; !has {
			return false
		}
	}
	for tag, stamp := range h.Stamps {
		if stamp == "" || s.tags[tag] != stamp {
			return false
		}
	}
	return true
}

// propose fills in new stamps where some are absent, and returns the commands
// that make them known unless somebody else was faster.
func (c *Cache) propose(s stamps, tags []string) (proposed stamps, missing []string, init []command.Cmd[command.Null[string]]) {
	proposed = stamps{epoch: s.epoch, tags: make(map[string]string, len(tags))}
	if s.epoch == "" {
		proposed.epoch = c.newStamp()
		missing = append(missing, "")
		// Without expiry: its end would invalidate the whole namespace.
		init = append(init, command.SetGet(c.epochKey(), proposed.epoch, command.SetOptions{If: command.Absent}))
	}
	for _, tag := range tags {
		stamp := s.tags[tag]
		if stamp == "" {
			stamp = c.newStamp()
			missing = append(missing, tag)
			init = append(init, command.SetGet(c.tagKey(tag), stamp, command.SetOptions{If: command.Absent, TTL: c.opts.StampTTL}))
		}
		proposed.tags[tag] = stamp
	}
	return proposed, missing, init
}

// settle takes over what the init commands found: a stamp of somebody who was faster.
func (s stamps) settle(missing []string, found []command.Null[string]) stamps {
	s.tags = maps.Clone(s.tags)
	for i, tag := range missing {
		switch {
		case !found[i].Valid:
		case tag == "":
			s.epoch = found[i].V
		default:
			s.tags[tag] = found[i].V
		}
	}
	return s
}
