package upstash_test

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

var flagRefusals = map[string]string{
	"Redis 7":     "ERR Unexpected flag in script shebang: allow-key-locking",
	"older Redis": "ERR Error compiling script (new function): user_script:1: unexpected symbol near '#'",
	"other case":  "ERR error Compiling Script: unexpected symbol near '#'",
}

// A server that does not know the flag is sent the plain text, once.
func TestScriptOnAServerWithoutTheFlag(t *testing.T) {
	t.Parallel()
	for name, text := range flagRefusals {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, other := &flagless{text: text}, &flagless{text: text}
			script := upstash.NewScript("return 1")
			run := func(d upstash.Doer, want ...string) {
				t.Helper()
				reply, err := script.Run(t.Context(), d, nil)
				if text, textErr := reply.Text(); text != "ran" || textErr != nil || err != nil {
					t.Error(text, textErr, err)
				}
				if diff := cmp.Diff(want, append(srv.reset(), other.reset()...)); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
			}
			run(srv, "EVALSHA", "EVAL with flag", "EVAL")
			run(srv, "EVALSHA")
			run(other, "EVALSHA", "EVAL with flag", "EVAL") // what one server is, another need not be
			run(other, "EVALSHA")
			srv.know = nil
			run(srv, "EVALSHA", "EVAL")
			run(upstash.DoerFunc(srv.Do), "EVALSHA", "EVAL with flag", "EVAL") // not to be remembered
		})
	}
}

// A script that does not compile says so, with the flag and without; nothing is
// learned from it about the server.
func TestScriptThatDoesNotCompile(t *testing.T) {
	t.Parallel()
	srv := &flagless{text: "ERR Error compiling script (new function): user_script:2: '=' expected near 'broken'"}
	script := upstash.NewScript("broken")
	for range 2 {
		_, err := script.Run(t.Context(), srv, nil)
		if err == nil || err.Error() != "upstash: EVAL: ERR Error compiling script (new function): user_script:1: '=' expected near 'broken'" {
			t.Errorf("got %v", err)
		}
		if diff := cmp.Diff([]string{"EVALSHA", "EVAL with flag", "EVAL"}, srv.reset()); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

// Without an answer nothing is known about the script, so nothing is learned.
func TestScriptLearnsNothingFromABrokenConnection(t *testing.T) {
	t.Parallel()
	srv := &flagless{text: flagRefusals["Redis 7"], then: errCut}
	script := upstash.NewScript("return 1")
	for range 2 {
		if _, err := script.Run(t.Context(), srv, nil); err == nil {
			t.Error("it ran")
		}
		if diff := cmp.Diff([]string{"EVALSHA", "EVAL with flag"}, srv.reset()); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

// An error that the script makes itself is no refusal of the flag.
func TestScriptErrorIsNotARefusal(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"WRONGTYPE not the shebang", "ERR value is not an integer", "OOM compiling script"} {
		srv := &flagless{text: text}
		_, err := upstash.NewScript("return 1").Run(t.Context(), srv, nil)
		if err == nil {
			t.Errorf("%s: it ran", text)
		}
		if diff := cmp.Diff([]string{"EVALSHA", "EVAL with flag"}, srv.reset()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", text, diff)
		}
	}
}

// Each goroutine has a server of its own, lest their locks order what must not need it.
func TestScriptLearnsConcurrently(t *testing.T) {
	t.Parallel()
	script := upstash.NewScript("return 1")
	start := make(chan struct{})
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			<-start
			for range 20 {
				srv := &flagless{text: flagRefusals["Redis 7"]}
				if _, err := script.Run(t.Context(), srv, nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
	close(start)
	wg.Wait()
}

// A program that makes a Doer for each call does not make a script grow.
func TestScriptForgetsRatherThanGrows(t *testing.T) {
	t.Parallel()
	script := upstash.NewScript("return 1")
	first := &flagless{text: flagRefusals["Redis 7"]}
	for i := range 100 {
		srv := &flagless{text: flagRefusals["Redis 7"]}
		if i == 0 {
			srv = first
		}
		if _, err := script.Run(t.Context(), srv, nil); err != nil {
			t.Fatal(err)
		}
	}
	first.reset()
	if _, err := script.Run(t.Context(), first, nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"EVALSHA", "EVAL with flag", "EVAL"}, first.reset()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
