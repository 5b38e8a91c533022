package upstash

import (
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// turnedAway recognizes the answers of a server that did not run the command
// because it is not, or not yet, the one to run it: a replica after a failover,
// a server that loads its data. The same command may run elsewhere or later.
//
// Of a script that is known only where the script may be repeated: its commands
// before the one that was refused did run, and the text can be its own.
func turnedAway(c command.Args, err *command.Error) bool {
	switch err.Code {
	case "READONLY", "LOADING", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN":
	default:
		return false
	}
	switch c.Name() {
	case "EVAL", "EVALSHA", "FCALL":
		return c.Class() != command.Once
	}
	return true
}

// failover looks for commands of a batch that were turned away, and tells
// whether all of it may be sent again: whatever did run may run twice.
func failover(b Batch, replies []command.Reply) (turned, again bool) {
	if len(replies) != len(b.Commands) {
		return false, false
	}
	again = true
	for i, r := range replies {
		if r.Kind() != command.KindError {
			again = again && b.Commands[i].Class() == command.ReadOnly
			continue
		}
		err, failed := r.Err().(*command.Error) //nolint:errorlint // a reply holds it as it is
		switch {
		case failed && turnedAway(b.Commands[i], err):
			turned = true
		case b.Commands[i].Class() != command.ReadOnly:
			again = false
		}
	}
	return turned, again
}
