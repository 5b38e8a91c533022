package upstash

import (
	"context"
	"crypto/sha1" //nolint:gosec // the name that Redis gives a script is its SHA-1
	"encoding/hex"
	"errors"
	"log/slog"
	"reflect"
	"strings"
	"sync"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// lockKeys is the line that makes Upstash lock only the keys that a script
// declares, instead of the whole database while it runs.
const lockKeys = "#!lua flags=allow-key-locking\n"

// Script is a Lua script that is sent by its hash, and by its text only to a
// server that does not know it. Every key that it touches must be in keys.
// Safe for concurrent use; make it once, from a file that is embedded:
//
//	//go:embed take.lua
//	var takeSource string
//	var take = upstash.NewScript(takeSource)
//
// On Upstash a script locks the keys it declares. A server that does not know
// that flag is noticed at the first call, and is sent the script without it.
type Script struct {
	locking scriptText
	plain   scriptText

	mu      sync.Mutex
	noFlags map[Doer]struct{}
}

type scriptText struct{ source, sha string }

func newScriptText(source string) scriptText {
	sum := sha1.Sum([]byte(source)) //nolint:gosec // see the import
	return scriptText{source: source, sha: hex.EncodeToString(sum[:])}
}

// NewScript makes a script of Lua source. Source that begins with a line of its
// own flags (#!lua ...) is sent as it is.
func NewScript(source string) *Script {
	s := &Script{plain: newScriptText(source), locking: newScriptText(lockKeys + source)}
	if strings.HasPrefix(source, "#!") {
		s.locking = s.plain
	}
	return s
}

// String names the script by its SHA-1 and does not show its text.
func (s *Script) String() string { return "upstash.Script{" + s.plain.sha + "}" }

// GoString is [Script.String], so that %#v shows no more.
func (s *Script) GoString() string { return s.String() }

// LogValue is [Script.String], so that a logger shows no more.
func (s *Script) LogValue() slog.Value { return slog.StringValue(s.String()) }

// Run runs the script: one round trip, two when the server did not know it. It
// is billed as one command, plus one for each command that it runs.
func (s *Script) Run(ctx context.Context, d Doer, keys []string, args ...any) (command.Reply, error) {
	return s.run(ctx, d, command.EvalSha, command.Eval, keys, args)
}

// RunRO runs a script that only reads, where the server has it near.
func (s *Script) RunRO(ctx context.Context, d Doer, keys []string, args ...any) (command.Reply, error) {
	return s.run(ctx, d, command.EvalShaRO, command.EvalRO, keys, args)
}

// Eval is the script as a command with its whole text, for pipelines and
// transactions: there an unknown hash would fail one command in the middle.
func (s *Script) Eval(keys []string, args ...any) command.Cmd[command.Reply] {
	return command.Eval(s.plain.source, keys, args...)
}

type evalFunc func(script string, keys []string, args ...any) command.Cmd[command.Reply]

func (s *Script) run(ctx context.Context, d Doer, bySHA, byText evalFunc, keys []string, args []any) (command.Reply, error) {
	text := s.textFor(d)
	reply, err := Exec(ctx, d, bySHA(text.sha, keys, args...))
	if !IsNoScript(err) {
		return reply, err
	}
	reply, err = Exec(ctx, d, byText(text.source, keys, args...))
	if text == s.plain || !refusesFlag(err) {
		return reply, err
	}
	reply, err = Exec(ctx, d, byText(s.plain.source, keys, args...))
	if hasAnswer(err) && !refusesFlag(err) { // otherwise the script itself does not compile
		s.learnNoFlags(d)
	}
	return reply, err
}

// hasAnswer reports whether the server said what became of the script.
func hasAnswer(err error) bool {
	var e *Error
	return err == nil || errors.As(err, &e) && e.outcome == answered
}

// refusesFlag recognizes a server that does not know the flag, or no flags at
// all. Either way it refused before it ran anything.
func refusesFlag(err error) bool {
	var e *Error
	if !errors.As(err, &e) || e.Code != "ERR" {
		return false
	}
	text := strings.ToLower(e.Message)
	return strings.Contains(text, "shebang") || strings.Contains(text, "compiling script")
}

func (s *Script) textFor(d Doer) scriptText {
	if !reflect.ValueOf(d).Comparable() {
		return s.locking
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, learned := s.noFlags[d]; learned {
		return s.plain
	}
	return s.locking
}

// learnNoFlags remembers the servers that refuse the flag by the Doer that
// leads to them. It forgets all of them rather than grow with every Doer that a
// program makes for one call.
func (s *Script) learnNoFlags(d Doer) {
	if !reflect.ValueOf(d).Comparable() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.noFlags == nil || len(s.noFlags) >= 64 {
		s.noFlags = make(map[Doer]struct{})
	}
	s.noFlags[d] = struct{}{}
}
