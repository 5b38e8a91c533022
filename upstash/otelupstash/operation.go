package otelupstash

import (
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// operation names a call the way the conventions for Redis do.
func operation(commands []string, atomic bool) string {
	if len(commands) == 1 { // a batch API with one command in it is no batch for them
		return commands[0]
	}
	name := "PIPELINE"
	if atomic {
		name = "MULTI"
	}
	for _, c := range commands {
		if c != commands[0] {
			return name
		}
	}
	if len(commands) > 0 {
		name += " " + commands[0]
	}
	return name
}

// names lists the commands of a batch without their arguments.
func names(b upstash.Batch) []string {
	list := make([]string, len(b.Commands))
	for i, c := range b.Commands {
		list[i] = c.Name()
	}
	return list
}
