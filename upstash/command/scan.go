package command

// Page is one step of a scan. A page without items is not the end: ask
// [Page.Done].
type Page[T any] struct {
	Cursor string // for the next call; never a number to count with
	Items  []T
}

// Done reports whether this page is the last one.
func (p Page[T]) Done() bool { return p.Cursor == "0" }

// MatchOptions narrows a scan inside one key; the zero value returns everything.
type MatchOptions struct {
	Match string // a glob pattern; the server filters after it has read, so pages may be empty
	Count int64  // about how much one call reads; the server's default is 10
}

func (o MatchOptions) tail() (t tail) {
	if o.Match != "" {
		t.add("MATCH", o.Match)
	}
	if o.Count < 0 {
		t.refuse("Count must not be negative")
	}
	if o.Count != 0 {
		t.add("COUNT")
		t.addInt(o.Count)
	}
	return t
}

// ScanOptions narrows a scan of all keys; the zero value returns everything.
type ScanOptions struct {
	Match string // a glob pattern; the server filters after it has read, so pages may be empty
	Count int64  // about how much one call reads; the server's default is 10
	Type  string // only keys of this type, as [Type] names it
}

func (o ScanOptions) tail() tail {
	t := MatchOptions{Match: o.Match, Count: o.Count}.tail()
	if o.Type != "" {
		t.add("TYPE", o.Type)
	}
	return t
}

// Scan returns some keys and the cursor for the next call. Start with the
// cursor "" and go on until [Page.Done]. Each call is one billed command. A key
// may come twice; one that is there all along comes at least once.
func Scan(cursor string, o ScanOptions) Cmd[Page[string]] {
	return read(page(Reply.Texts), "SCAN", from(cursor), o.tail())
}

// KeyType is a key and the type of its value, as [Type] names it.
type KeyType struct {
	Key  string
	Type string
}

// ScanWithTypes is [Scan] that tells the type of each key too.
func ScanWithTypes(cursor string, o ScanOptions) Cmd[Page[KeyType]] {
	return read(page(Reply.keyTypes), "SCAN", from(cursor), o.tail(), "WITHTYPE")
}

func (r Reply) keyTypes() ([]KeyType, error) {
	return pairs(r, func(key string, value Reply) (KeyType, error) {
		name, err := inside(value, Reply.Text)
		return KeyType{Key: key, Type: name}, err
	})
}

// from is the cursor to send: "" starts a scan.
func from(cursor string) string {
	if cursor == "" {
		return "0"
	}
	return cursor
}

// page decodes a cursor and what decode makes of the list behind it.
func page[T any](decode func(Reply) ([]T, error)) func(Reply) (Page[T], error) {
	return func(r Reply) (Page[T], error) {
		if r.kind != KindArray || len(r.items) != 2 {
			return Page[T]{}, r.mismatch("a cursor and a list")
		}
		cursor, err := inside(r.items[0], Reply.Text)
		if err != nil {
			return Page[T]{}, err
		}
		items, err := decode(r.items[1])
		if err != nil {
			return Page[T]{}, err
		}
		return Page[T]{Cursor: cursor, Items: items}, nil
	}
}
