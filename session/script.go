package session

import (
	"context"
	_ "embed" // the scripts

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

var (
	//go:embed place.lua
	placeSource string
	//go:embed update.lua
	updateSource string
	//go:embed others.lua
	othersSource string
	//go:embed all.lua
	allSource string

	shipped = scripts{
		place:  upstash.NewScript(placeSource),
		update: upstash.NewScript(updateSource),
		others: upstash.NewScript(othersSource),
		all:    upstash.NewScript(allSource),
	}
)

type scripts struct{ place, update, others, all *upstash.Script }

// What a script says became of a session.
const (
	stateOK       = "ok"
	stateGone     = "gone"
	stateMoved    = "moved"
	stateConflict = "conflict"
)

// repeatable lets the client send a script again when the answer to it was
// lost. Only for scripts that notice: those that compare before they write.
type repeatable struct{ upstash.Doer }

func (r repeatable) Do(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
	again := make([]command.Args, len(b.Commands))
	for i, c := range b.Commands {
		words := c.Words()
		args := make([]any, len(words)-1)
		for j, word := range words[1:] {
			args[j] = word
		}
		again[i] = command.New(command.Reply.Reply, words[0], args...).WithClass(command.Idempotent).Args()
	}
	return r.Doer.Do(ctx, upstash.Batch{Commands: again, Atomic: b.Atomic})
}

// run runs a script whose reply is a list of texts.
func (m *Manager[T]) run(ctx context.Context, d upstash.Doer, s *upstash.Script, keys []string, args ...any) ([]string, error) {
	reply, err := s.Run(ctx, d, keys, args...)
	if err != nil {
		return nil, storeError(err)
	}
	texts, err := reply.Texts()
	if err != nil {
		return nil, storeError(err)
	}
	return texts, nil
}
