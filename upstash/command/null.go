package command

// Null is a value inside a list that may be absent, in the shape of [database/sql.Null].
type Null[T any] struct {
	V     T
	Valid bool
}

// Or returns the value, or def when there is none.
func (n Null[T]) Or(def T) T {
	if n.Valid {
		return n.V
	}
	return def
}

// OK is the reply of a command that has nothing to say but that it succeeded.
// Methods derived from such a command return just an error.
type OK struct{}
