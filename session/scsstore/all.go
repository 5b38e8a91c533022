package scsstore

import (
	"context"
	"fmt"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// AllCtx returns the data of all sessions by their tokens, for Iterate of scs.
// It is for maintenance and not for requests of users: it walks all keys of the
// database, whatever else there is, and holds all sessions in memory. A session
// that begins or ends meanwhile may be in it or not.
//
// It needs [Options].TokenKeys, and fails when a session was stored without
// them, rather than leave it out of what may be a sign-out of everybody.
//
// One round trip for the first page and one for each page after it, in which the
// sessions of the page before come along.
func (s *Store) AllCtx(ctx context.Context) (map[string][]byte, error) {
	if len(s.ring) == 0 {
		return nil, fmt.Errorf("scsstore: all: %w", errNoKeys)
	}
	all := map[string][]byte{}
	for page := (command.Page[string]{}); !page.Done() || len(page.Items) > 0; {
		next, err := s.turn(ctx, page, all)
		if err != nil {
			return nil, fmt.Errorf("scsstore: all: %w", err)
		}
		page = next
	}
	return all, nil
}

// All is [Store.AllCtx] without a context.
func (s *Store) All() (map[string][]byte, error) { return s.AllCtx(context.Background()) }

// turn is one round trip: it reads the sessions of a page, and the page after it.
func (s *Store) turn(ctx context.Context, page command.Page[string], all map[string][]byte) (next command.Page[string], err error) {
	read := command.MGet(page.Items...)
	scan := command.Scan(page.Cursor, command.ScanOptions{Match: s.prefix() + "*", Count: int64(s.opts.Page)})
	var b upstash.Batch
	if len(page.Items) > 0 {
		b.Commands = append(b.Commands, read.Args())
	}
	if !page.Done() {
		b.Commands = append(b.Commands, scan.Args())
	}
	replies, err := s.doer.Do(ctx, b)
	if err != nil {
		return next, err
	}
	if len(replies) != len(b.Commands) {
		return next, fmt.Errorf("%d replies to %d commands", len(replies), len(b.Commands))
	}
	if len(page.Items) > 0 {
		values, err := upstash.Decode(read, replies[0], 0)
		if err == nil {
			err = s.collect(page.Items, values, all)
		}
		if err != nil {
			return next, err
		}
	}
	if page.Done() {
		return command.Page[string]{Cursor: page.Cursor}, nil
	}
	return upstash.Decode(scan, replies[len(replies)-1], len(replies)-1)
}

func (s *Store) collect(keys []string, values []command.Null[string], all map[string][]byte) error {
	if len(values) != len(keys) {
		return fmt.Errorf("%d values of %d keys", len(values), len(keys))
	}
	for i, v := range values {
		if !v.Valid { // it ended meanwhile
			continue
		}
		sealed, data, ok := cut(v.V)
		if !ok {
			return errForeign
		}
		token, ok := s.ring.open(keys[i], sealed)
		if !ok {
			return errSealed
		}
		all[token] = data
	}
	return nil
}
