package session

import "context"

// maxConflicts bounds how often a change is tried. Each conflict means that
// somebody else's change went through.
const maxConflicts = 64

// Update changes the payload and returns the session as it is then. Change
// works on a copy of the newest payload and must not have other effects: when
// somebody else changed the session meanwhile, it runs again on what they left,
// so that no change is lost. Its error ends Update and nothing is written. A
// change that changes nothing costs nothing. With an error the session that is
// returned is s.
//
// The limits of the session stay as they are, and a session that ended is not
// revived. One that a [Web] renewed meanwhile is followed: what is returned has
// the new token. One round trip for the change and one for each conflict, whose reply
// carries the current payload; 3 billed commands, a conflict 2.
//
// When the answer is lost, a client with [upstash.RetryIdempotent] sends the
// change again, which is noticed and not done twice. When the error matches
// [upstash.OutcomeUnknown] the change may have been made: begin again with Get.
func (m *Manager[T]) Update(ctx context.Context, s *Session[T], change func(data *T) error) (*Session[T], error) {
	return m.revise(ctx, s, func(doc *document) error { return edit(doc, change) })
}

// edit runs a change on a fresh copy of the payload.
func edit[T any](doc *document, change func(*T) error) error {
	data, err := decodeData[T](doc.Data)
	if err != nil {
		return err
	}
	if err := change(&data); err != nil {
		return err
	}
	text, err := encodeData(data)
	if err == nil {
		doc.Data = text
	}
	return err
}

func (m *Manager[T]) revise(ctx context.Context, s *Session[T], change func(*document) error) (*Session[T], error) {
	e, changed, err := m.write(ctx, s.entry, change)
	if err != nil || !changed {
		return s, err
	}
	return m.session(e, s.claims)
}

// write is the loop of compare and set. Changed tells whether e is another entry
// than before, be it by this change or by others.
func (m *Manager[T]) write(ctx context.Context, e entry, change func(*document) error) (_ entry, changed bool, err error) {
	if !m.now().Before(instant(e.header.expires)) {
		return e, false, ErrExpired
	}
	for range maxConflicts {
		next, same, err := m.changed(e, change)
		if err != nil || same {
			return e, changed, err
		}
		payload, err := m.sealDocument(next.key, next.id, next.doc)
		if err != nil {
			return e, changed, err
		}
		reply, err := m.run(ctx, repeatable{m.doer}, m.scripts.update, []string{e.key},
			e.id, e.header.String(), next.header.String(), payload)
		if err != nil {
			return e, changed, err
		}
		if len(reply) != 4 {
			return e, changed, stateError("")
		}
		if reply[0] == stateOK {
			return next, true, nil
		}
		if e, err = m.current(e, reply); err != nil {
			return e, changed, err
		}
		changed = true
	}
	return e, changed, ErrConflict
}

// changed is e after the change. Same tells that there is nothing to write.
func (m *Manager[T]) changed(e entry, change func(*document) error) (next entry, same bool, err error) {
	doc := e.doc.clone()
	if err := change(&doc); err != nil {
		return entry{}, false, err
	}
	if doc.equal(e.doc) {
		return e, true, nil
	}
	e.doc, e.header = doc, e.header.next()
	return e, false, nil
}

// chunk bounds the sessions that one run of update.lua takes: a script has room
// for some thousands of arguments.
const chunk = 256

// UpdateAll changes the payload of every session of a user, a role for example,
// and returns how many it changed. The rules for change are those of
// [Manager.Update]. Commit the change to its source first: sessions that begin
// meanwhile are not among those it sees.
//
// On an error some sessions may have been changed: call it again, or
// [Manager.DestroyAll]. A session that cannot be read is such an error.
//
// Two round trips whatever the number of sessions (up to 256), and one more when
// others change sessions at the same time; 5 billed commands.
func (m *Manager[T]) UpdateAll(ctx context.Context, userID string, change func(data *T) error) (int, error) {
	key, err := m.keyOf(userID)
	if err != nil {
		return 0, err
	}
	reply, err := m.scripts.all.Run(ctx, repeatable{m.doer}, []string{key})
	if err != nil {
		return 0, storeError(err)
	}
	fields, err := reply.TextMap()
	if err != nil {
		return 0, storeError(err)
	}
	var entries []entry
	var unread error
	for field, head := range fields {
		payload, found := fields[field+payloadOf]
		if !isHeader(field) || !found {
			continue
		}
		e, err := m.openEntry(key, field, head, payload)
		if err != nil {
			unread = err
			continue
		}
		entries = append(entries, e)
	}
	count, err := m.writeAll(ctx, key, entries, func(doc *document) error { return edit(doc, change) })
	if err == nil {
		err = unread
	}
	return count, err
}

func (m *Manager[T]) writeAll(ctx context.Context, key string, entries []entry, change func(*document) error) (count int, err error) {
	for range maxConflicts {
		var again []entry
		for len(entries) > 0 {
			n := min(len(entries), chunk)
			done, conflicts, err := m.writeSome(ctx, key, entries[:n], change)
			if err != nil {
				return count, err
			}
			count, again, entries = count+done, append(again, conflicts...), entries[n:]
		}
		if entries = again; len(entries) == 0 {
			return count, nil
		}
	}
	return count, ErrConflict
}

// writeSome is one run of update.lua over several sessions.
func (m *Manager[T]) writeSome(ctx context.Context, key string, entries []entry, change func(*document) error) (done int, conflicts []entry, err error) {
	var args []any
	var sent []entry
	for _, e := range entries {
		next, same, err := m.changed(e, change)
		if err != nil {
			return 0, nil, err
		}
		if same {
			continue
		}
		payload, err := m.sealDocument(key, e.id, next.doc)
		if err != nil {
			return 0, nil, err
		}
		args = append(args, e.id, e.header.String(), next.header.String(), payload)
		sent = append(sent, e)
	}
	if len(sent) == 0 {
		return 0, nil, nil
	}
	reply, err := m.run(ctx, repeatable{m.doer}, m.scripts.update, []string{key}, args...)
	if err != nil {
		return 0, nil, err
	}
	if len(reply) != 4*len(sent) {
		return 0, nil, stateError("")
	}
	for i, e := range sent {
		if reply[4*i] == stateOK {
			done++
			continue
		}
		current, err := m.current(e, reply[4*i:4*i+4])
		switch {
		case err == nil:
			conflicts = append(conflicts, current)
		case !SignedOut(err):
			return done, nil, err
		}
	}
	return done, conflicts, nil
}
