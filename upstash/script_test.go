package upstash_test

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

const (
	addSource = "redis.call('INCRBY', KEYS[1], ARGV[1])\nreturn redis.call('GET', KEYS[1])"
	flagLine  = "#!lua flags=allow-key-locking\n"
)

func sha(source string) string {
	sum := sha1.Sum([]byte(source))
	return hex.EncodeToString(sum[:])
}

// sent lists the commands that the server was sent since the last reset.
func sent(srv *upstashtest.Server) [][]string {
	var list [][]string
	for _, r := range srv.Requests() {
		list = append(list, r.Commands...)
	}
	srv.Reset()
	return list
}

func TestScriptIsSentByHash(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t)
	script := upstash.NewScript(addSource)
	source := flagLine + addSource
	for i, want := range [][][]string{
		{{"EVALSHA", sha(source), "1", "n", "5"}, {"EVAL", source, "1", "n", "5"}},
		{{"EVALSHA", sha(source), "1", "n", "5"}},
		{{"EVALSHA", sha(source), "1", "n", "5"}},
	} {
		reply, err := script.Run(t.Context(), srv.Client(), []string{"n"}, 5)
		if err != nil {
			t.Fatal(err)
		}
		if text, err := reply.Text(); text != []string{"5", "10", "15"}[i] || err != nil {
			t.Error(text, err)
		}
		if diff := cmp.Diff(want, sent(srv)); diff != "" {
			t.Errorf("run %d (-want +got)\n%s", i, diff)
		}
	}
	// The server may forget: it is told again.
	if err := srv.Client().ScriptFlush(t.Context(), command.FlushSync); err != nil {
		t.Fatal(err)
	}
	if _, err := script.Run(t.Context(), srv.Client(), []string{"n"}, 5); err != nil {
		t.Fatal(err)
	}
	if n := len(sent(srv)); n != 3 {
		t.Errorf("%d requests, not SCRIPT FLUSH, EVALSHA and EVAL", n)
	}
}

func TestScriptRunRO(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t)
	script := upstash.NewScript("return redis.call('GET', KEYS[1])")
	source := flagLine + "return redis.call('GET', KEYS[1])"
	for _, want := range [][][]string{
		{{"EVALSHA_RO", sha(source), "1", "k"}, {"EVAL_RO", source, "1", "k"}},
		{{"EVALSHA_RO", sha(source), "1", "k"}},
	} {
		if reply, err := script.RunRO(t.Context(), srv.Client(), []string{"k"}); err != nil || !reply.IsNil() {
			t.Fatal(reply, err)
		}
		if diff := cmp.Diff(want, sent(srv)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
	if _, err := upstash.NewScript(addSource).RunRO(t.Context(), srv.Client(), []string{"n"}, 1); err == nil {
		t.Error("a script that writes ran as one that only reads")
	}
}

// Source with flags of its own is the author's business.
func TestScriptWithItsOwnFlags(t *testing.T) {
	t.Parallel()
	const source = "#!lua flags=no-writes\nreturn 7"
	srv := upstashtest.New(t)
	reply, err := upstash.NewScript(source).Run(t.Context(), srv.Client(), nil)
	if n, intErr := reply.Int(); n != 7 || intErr != nil || err != nil {
		t.Fatal(n, intErr, err)
	}
	if diff := cmp.Diff([][]string{{"EVALSHA", sha(source), "0"}, {"EVAL", source, "0"}}, sent(srv)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// In a transaction an unknown hash would leave the work half done.
func TestScriptInATransaction(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t)
	script := upstash.NewScript(addSource)
	tx := pipeline.NewTx(srv.Client())
	before := tx.Set("n", 10)
	after := pipeline.Queue(tx, script.Eval([]string{"n"}, 5))
	if err := tx.Exec(t.Context()); err != nil || before.Err() != nil {
		t.Fatal(err)
	}
	if text, err := after.Val().Text(); text != "15" || err != nil {
		t.Error(text, err)
	}
	want := [][]string{{"SET", "n", "10"}, {"EVAL", addSource, "1", "n", "5"}}
	if diff := cmp.Diff(want, sent(srv)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// An error inside the script is the script's, and is not asked for twice.
func TestScriptFails(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t)
	script := upstash.NewScript("return redis.error_reply('MYCODE it says no')")
	for _, requests := range []int{2, 1} {
		_, err := script.Run(t.Context(), srv.Client(), nil)
		if e := mustBeTyped(t, err); e.Code != "MYCODE" || upstash.IsNoScript(err) {
			t.Errorf("got %v", err)
		}
		if n := len(sent(srv)); n != requests {
			t.Errorf("%d requests, not %d", n, requests)
		}
	}
}

func TestScriptRefusesWhatCannotBeSent(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t)
	if _, err := upstash.NewScript(addSource).Run(t.Context(), srv.Client(), []string{"n"}, struct{}{}); !upstash.SafeToRetry(err) {
		t.Errorf("got %v", err)
	}
	if _, err := upstash.NewScript(addSource).Run(t.Context(), nil, []string{"n"}, 1); err == nil {
		t.Error("it ran without a client")
	}
	if n := len(sent(srv)); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// A Doer that no map can hold still runs scripts.
func TestScriptOverAFunction(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t)
	script := upstash.NewScript(addSource)
	d := upstash.DoerFunc(srv.Client().Do)
	for _, doer := range []upstash.Doer{d, upstash.Over(d), upstash.Over(upstash.Over(d)), srv.Client().Commands} {
		if _, err := script.Run(t.Context(), doer, []string{"n"}, 1); err != nil {
			t.Error(err)
		}
	}
}

func TestScriptConcurrently(t *testing.T) {
	t.Parallel()
	const workers, rounds = 10, 5
	srv := upstashtest.New(t)
	script := upstash.NewScript(addSource)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for range rounds {
				if _, err := script.Run(t.Context(), srv.Client(), []string{"n"}, 1); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if n, err := srv.Client().Get(t.Context(), "n"); n != "50" || err != nil {
		t.Error(n, err)
	}
}

// flagless is a server that refuses the flag.
type flagless struct {
	text string // of the refusal
	mu   sync.Mutex
	know map[string]bool
	log  []string
	then error // what comes instead of the answer to a script without the flag
}

func (f *flagless) Do(_ context.Context, b upstash.Batch) ([]command.Reply, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	name, text := b.Commands[0].Name(), b.Commands[0].At(1)
	entry := name
	reply := command.TextReply("ran")
	switch {
	case strings.HasPrefix(name, "EVALSHA") && !f.know[text]:
		reply = command.ErrorReply("NOSCRIPT No matching script. Please use EVAL.")
	case strings.HasPrefix(name, "EVALSHA"):
	case strings.HasPrefix(text, "#!"):
		entry += " with flag"
		reply = command.ErrorReply(f.text)
	case strings.Contains(text, "broken"):
		reply = command.ErrorReply("ERR Error compiling script (new function): user_script:1: '=' expected near 'broken'")
	case f.then != nil:
		return nil, f.then
	default:
		if f.know == nil {
			f.know = map[string]bool{}
		}
		f.know[sha(text)] = true
	}
	f.log = append(f.log, entry)
	return []command.Reply{reply}, nil
}

func (f *flagless) reset() []string {
	log := f.log
	f.log = nil
	return log
}

var errCut = errors.New("the connection broke")
