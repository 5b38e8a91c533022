package upstashtest

import (
	"bytes"
	"errors"
	"testing"

	"github.com/alicebob/miniredis/v2/server"
)

// An engine that panics fails its request, not the server: neither its lock nor
// ours stays held, whether a client or a script ran the command.
func TestEnginePanic(t *testing.T) {
	t.Parallel()
	srv := New(t, Options{InProcess: true})
	e, ok := srv.backend.(*embedded)
	if !ok {
		t.Fatal("the backend is not the embedded one")
	}
	boom := func(*server.Peer, string, []string) {
		e.engine.Lock()
		panic("boom")
	}
	if err := e.commands.Register("BOOM", boom); err != nil {
		t.Fatal(err)
	}
	for _, command := range [][]string{{"BOOM"}, {"EVAL", "return redis.call('BOOM')", "0"}, {"EVAL", "return redis.pcall('BOOM')", "0"}} {
		for _, atomic := range []bool{false, true} {
			if _, err := e.run(new(bytes.Buffer), operator, [][]string{command}, atomic); !errors.Is(err, errEngine) {
				t.Errorf("%v: %v", command, err)
			}
			if err := srv.Client().Set(t.Context(), "after", "v"); err != nil {
				t.Errorf("after %v: %v", command, err)
			}
		}
	}
}
