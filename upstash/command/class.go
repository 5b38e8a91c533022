package command

// Class says what repeating a command does. It decides whether a client may
// send the command again when it cannot know that the first attempt did not run.
// The zero value is the careful one.
type Class uint8

const (
	// Once marks a command that must not run twice: INCR, LPUSH, SET NX, and
	// every command whose reply is a decision.
	Once Class = iota
	// Idempotent marks a write that leaves the data as they are when the same
	// request runs again right after it succeeded: SET, HSET, DEL. The count in
	// the reply may then differ, and a relative expiry starts over.
	Idempotent
	// ReadOnly marks a command that changes nothing.
	ReadOnly
)

// String names the class.
func (c Class) String() string {
	switch c {
	case Idempotent:
		return "idempotent"
	case ReadOnly:
		return "read-only"
	default:
		return "once"
	}
}
