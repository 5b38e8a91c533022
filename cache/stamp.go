package cache

import (
	"context"
	"maps"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
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
	if !h.has(declared) {
		return false
	}
	for tag, stamp := range h.Stamps {
		if stamp == "" || s.tags[tag] != stamp {
			return false
		}
	}
	return true
}

// has reports whether an entry carries all of the tags.
func (h *header) has(tags []string) bool {
	for _, tag := range tags {
		if _, has := h.Stamps[tag]; !has {
			return false
		}
	}
	return true
}

// only are the stamps of some of the tags.
func (s stamps) only(tags []string) stamps {
	some := stamps{epoch: s.epoch, tags: make(map[string]string, len(tags))}
	for _, tag := range tags {
		some.tags[tag] = s.tags[tag]
	}
	return some
}

// propose fills in new stamps where some are absent, and returns the commands
// that make them known unless somebody else was faster.
func (w *wire) propose(s stamps, tags []string) (proposed stamps, missing []string, init []command.Cmd[command.Null[string]]) {
	proposed = stamps{epoch: s.epoch, tags: make(map[string]string, len(tags))}
	if s.epoch == "" {
		proposed.epoch = w.newID()
		missing = append(missing, "")
		// Without expiry: its end would invalidate the whole namespace.
		init = append(init, command.SetGet(w.epochKey(), proposed.epoch, command.SetOptions{If: command.Absent}))
	}
	for _, tag := range tags {
		stamp := s.tags[tag]
		if stamp == "" {
			stamp = w.newID()
			missing = append(missing, tag)
			init = append(init, command.SetGet(w.tagKey(tag), stamp, command.SetOptions{If: command.Absent, TTL: w.opts.StampTTL}))
		}
		proposed.tags[tag] = stamp
	}
	return proposed, missing, init
}

// queue adds the commands that make stamps to a request.
func queue(p *pipeline.Pipeline, init []command.Cmd[command.Null[string]]) []*pipeline.Queued[command.Null[string]] {
	made := make([]*pipeline.Queued[command.Null[string]], len(init))
	for i, cmd := range init {
		made[i] = pipeline.Queue(p, cmd)
	}
	return made
}

// settle takes over what those commands found: a stamp of somebody who was faster.
func (s stamps) settle(missing []string, made []*pipeline.Queued[command.Null[string]]) stamps {
	s.tags = maps.Clone(s.tags)
	for i, tag := range missing {
		switch found := made[i].Val(); {
		case !found.Valid:
		case tag == "":
			s.epoch = found.V
		default:
			s.tags[tag] = found.V
		}
	}
	return s
}

// ensure reads the stamps and makes those that are absent.
func (w *wire) ensure(ctx context.Context, tags []string) (stamps, error) {
	_, found, err := w.read(ctx, nil, tags)
	if err != nil {
		return stamps{}, err
	}
	proposed, missing, init := w.propose(found, tags)
	if len(init) == 0 {
		return proposed, nil
	}
	p := pipeline.New(w.doer)
	made := queue(p, init)
	err = p.Exec(ctx)
	return proposed.settle(missing, made), err
}
