package wire

import (
	"fmt"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// decoder walks a body once. It builds nothing but what the caller asks for, and
// its errors name positions, never content.
type decoder struct {
	data    []byte
	pos     int
	depth   int
	format  Format
	texts   texts
	scratch []byte          // the last JSON string that had an escape
	items   []command.Reply // what the open JSON arrays hold so far; a closed one takes its own away
	owed    int             // how many values the open RESP2 arrays still declare
}

// rest is how many bytes are still to be read.
func (d *decoder) rest() int { return len(d.data) - d.pos }

func (d *decoder) unexpected(want string) error {
	if d.pos >= len(d.data) {
		return fmt.Errorf("the body ends after %d bytes where %s belongs", len(d.data), want)
	}
	return fmt.Errorf("byte %d begins something else where %s belongs", d.pos, want)
}

func (d *decoder) end() error {
	if d.format != RESP2 {
		d.peek() // JSON may end in white space
	}
	if d.pos < len(d.data) {
		return fmt.Errorf("something follows the reply at byte %d", d.pos)
	}
	return nil
}

func (d *decoder) nest() error {
	if d.depth++; d.depth > MaxDepth {
		return fmt.Errorf("nested deeper than %d", MaxDepth)
	}
	return nil
}
