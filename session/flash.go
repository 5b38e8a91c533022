package session

import "context"

// AddFlash leaves a text for the next request of the same client, such as "your
// order was sent": [Manager.TakeFlash] reads it once. Costs and errors are those
// of [Manager.Update].
func (m *Manager[T]) AddFlash(ctx context.Context, s *Session[T], name, text string) (*Session[T], error) {
	return m.revise(ctx, s, func(doc *document) error {
		if doc.Flash == nil {
			doc.Flash = map[string]string{}
		}
		doc.Flash[name] = text
		return nil
	})
}

// TakeFlash returns the text that was left under a name and removes it: of
// several requests that come together, one gets it. Found tells whether this
// one did. When s has none there is no round trip; otherwise costs and errors
// are those of [Manager.Update].
func (m *Manager[T]) TakeFlash(ctx context.Context, s *Session[T], name string) (text string, found bool, after *Session[T], err error) {
	after, err = m.revise(ctx, s, func(doc *document) error {
		text, found = doc.Flash[name]
		delete(doc.Flash, name)
		return nil
	})
	if err != nil {
		return "", false, s, err
	}
	return text, found, after, nil
}
