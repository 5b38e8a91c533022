package cache

import (
	"context"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// sight is what one look at a key saw: its text and, in the same instant, the
// stamps.
type sight struct {
	text    string
	exists  bool
	looked  bool // false where Redis could not be read
	doc     document
	valid   bool // doc is an entry or a lease that is valid by the stamps
	spoiled bool // it is valid, and the view cannot read its value
	stamps  stamps
}

// lookAndRemember is look, whose result the process keeps nearby, unless Redis
// has failed too often for another one.
func (w *wire) lookAndRemember(ctx context.Context, c call) (sight, error) {
	if !w.breaker.allows(w.opts) {
		return sight{}, errBroken
	}
	began := w.began()
	s, err := w.look(ctx, c)
	if err == nil {
		w.remember(c.key, s, began)
	}
	if ctx.Err() == nil {
		w.breaker.learn(w.opts, err)
	}
	return s, err
}

// look reads the key and the stamps of the declared tags in one command. An
// entry may carry tags that the reader did not declare; their stamps take a
// second command.
func (w *wire) look(ctx context.Context, c call) (sight, error) {
	if c.bare {
		return w.lookBare(ctx, c)
	}
	declared := c.tags
	entry, found, err := w.read(ctx, []string{w.entryKey(c.key)}, declared)
	if err != nil {
		return sight{}, err
	}
	s := sight{text: entry[0].V, exists: entry[0].Valid, looked: true, stamps: found}
	if !s.exists {
		return s, nil
	}
	doc, ok := decodeDocument(s.text)
	if !ok {
		return s, nil
	}
	s.doc = doc
	if others := undeclared(doc.Header, declared); len(others) > 0 {
		_, more, err := w.read(ctx, nil, others)
		if err != nil {
			return sight{}, err
		}
		// The stamps that were read first are older: what is valid by them
		// and by the later ones was valid in between.
		for _, tag := range others {
			s.stamps.tags[tag] = more.tags[tag]
		}
		s.stamps.epoch = more.epoch
	}
	s.valid = s.stamps.admit(doc.Header, declared)
	return s, nil
}

// read fetches keys, the namespace's stamp and tags' stamps in one command.
func (w *wire) read(ctx context.Context, keys, tags []string) ([]command.Null[string], stamps, error) {
	all := make([]string, 0, len(keys)+1+len(tags))
	all = append(append(all, keys...), w.epochKey())
	for _, tag := range tags {
		all = append(all, w.tagKey(tag))
	}
	values, err := upstash.Exec(ctx, w.doer, command.MGet(all...))
	if err != nil {
		return nil, stamps{}, err
	}
	found := stamps{tags: make(map[string]string, len(tags)), epoch: values[len(keys)].V}
	for i, tag := range tags {
		found.tags[tag] = values[len(keys)+1+i].V
	}
	return values[:len(keys)], found, nil
}

func undeclared(h *header, declared []string) (others []string) {
	for tag := range h.Stamps {
		known := false
		for _, d := range declared {
			known = known || d == tag
		}
		if !known {
			others = append(others, tag)
		}
	}
	return others
}
