//go:build race

package pipeline_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// A Pipeline is not for concurrent use, and who does it all the same is told so
// by the race detector. This program runs itself to hear what it says.
func TestSharedPipelineIsARace(t *testing.T) {
	t.Parallel()
	const racy = "UPSTASH_TEST_RACY"
	if os.Getenv(racy) != "" {
		p := pipeline.New(upstash.DoerFunc(func(context.Context, upstash.Batch) ([]command.Reply, error) {
			return nil, errors.New("nobody is here")
		}))
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() { p.Get("k") })
		}
		wg.Wait()
		return
	}
	self, err := os.Executable()
	if err != nil {
		t.Skip("this program cannot be found: ", err)
	}
	cmd := exec.CommandContext(t.Context(), self, "-test.run=^TestSharedPipelineIsARace$")
	cmd.Env = append(os.Environ(), racy+"=1", "GORACE=exitcode=66")
	out, err := cmd.CombinedOutput()
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() == 0 {
		t.Errorf("it ended with %v", err)
	}
	if text := string(out); !strings.Contains(text, "WARNING: DATA RACE") || !strings.Contains(text, "pipeline.Queue[") {
		t.Errorf("the race detector did not report it:\n%s", text)
	}
}
