//go:build unix

package session_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

const (
	envRandChild = "UPSTASH_TEST_SESSION_RAND"
	storeAsked   = "the store was asked"
)

type brokenSource struct{}

func (brokenSource) Read([]byte) (int, error) { return 0, errors.New("out of entropy") }

// TestS1Child is no test, but the process of TestS1AFailingSourceIsFatal: its
// source of random bits fails.
func TestS1Child(t *testing.T) { //nolint:paralleltest // it is alone in its process
	if os.Getenv(envRandChild) == "" {
		t.Skip("it is started by TestS1AFailingSourceIsFatal")
	}
	m, err := session.New[int](upstash.DoerFunc(func(context.Context, upstash.Batch) ([]command.Reply, error) {
		_, _ = fmt.Fprintln(os.Stdout, storeAsked)
		return []command.Reply{command.IntReply(1)}, nil
	}), session.Options{Namespace: "n", Cap: -1})
	noErr(t, err)
	if os.Getenv(envRandChild) == "broken" {
		rand.Reader = brokenSource{}
	}
	_, err = m.Create(t.Context(), "u", 0)
	_, _ = fmt.Fprintln(os.Stdout, "Create returned:", err)
}

// TestS1AFailingSourceIsFatal: without a source of random bits there is no
// session, no weaker token and no error that somebody could overlook: the
// process ends.
func TestS1AFailingSourceIsFatal(t *testing.T) {
	t.Parallel()
	child := func(source string) (string, error) {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestS1Child$")
		cmd.Env = append(os.Environ(), envRandChild+"="+source)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	out, err := child("sound")
	noErr(t, err)
	if !strings.Contains(out, storeAsked) || !strings.Contains(out, "Create returned: <nil>") {
		t.Fatalf("the child does not work: %s", out)
	}
	out, err = child("broken")
	if exit, died := errors.AsType[*exec.ExitError](err); !died || exit.Success() {
		t.Errorf("the process goes on: %v", err)
	}
	if strings.Contains(out, storeAsked) || strings.Contains(out, "Create returned") || !strings.Contains(out, "fatal error: crypto/rand") {
		t.Errorf("not a fatal end before the store was asked: %s", out)
	}
}
