package upstashtest

import "bytes"

// A backend executes commands. It is safe for concurrent use.
type backend interface {
	// run executes the commands of a user in order and appends their replies to buf in
	// RESP2; the replies it returns are slices of buf, one for each command.
	// A command that REST does not offer, that the backend does not know, that
	// the user has no right to, that is over a limit, or that is empty is
	// answered with an error and not executed.
	//
	// With atomic set no other run comes in between, and when one command
	// cannot be executed at all, none is: the error is a discardedError then.
	// When the replies together are over the limit the error is a tooLargeError;
	// all commands were executed then. Any other error means that the backend
	// itself failed.
	run(buf *bytes.Buffer, as user, commands [][]string, atomic bool) ([]reply, error)

	// flush removes all keys.
	flush()
}

// A reply is what one command got, and what it costs.
type reply struct {
	resp   []byte
	billed int
}

func (r reply) failed() bool { return len(r.resp) > 0 && r.resp[0] == '-' }

// A discardedError says why a transaction was not begun.
type discardedError struct{ reason string }

func (e *discardedError) Error() string { return msgDiscarded + e.reason }

// A tooLargeError says that the replies to a batch are over the limit, and what
// the batch is billed.
type tooLargeError struct {
	limit, size int64
	billed      int
}

func (e *tooLargeError) Error() string { return tooLargeText(e.limit, e.size) }
