//go:build unix

package cache_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// herd is a number of processes, which are this program again.
type herd struct {
	children []*child
	events   chan herdEvent
}

type child struct{ in io.Writer }

// herdRound is what a process is told: who is to be asked for what.
type herdRound struct {
	Key  string
	Took time.Duration // by the loader
	Dies bool          // in the loader
}

// herdEvent is what a process says: "load" when its loader is asked, "done" with
// what its goroutines got, and "gone" when it has ended.
type herdEvent struct {
	what   string
	values []int
}

const (
	herdURL   = "UPSTASH_TEST_HERD_URL"
	herdToken = "UPSTASH_TEST_HERD_TOKEN"
	herdMark  = "herd: " // the test binary writes other lines too
)

// TestStampedeChild is no test, but a process of TestStampedeOracle.
func TestStampedeChild(t *testing.T) { //nolint:paralleltest // it is alone in its process
	url := os.Getenv(herdURL)
	if url == "" {
		t.Skip("it is started by TestStampedeOracle")
	}
	rdb, err := upstash.New(upstash.Options{URL: url, Token: os.Getenv(herdToken), AllowInsecure: true})
	noErr(t, err)
	c := cacheOver(t, rdb, cache.Options{LoadTimeout: herdTimeout})
	rounds := json.NewDecoder(os.Stdin)
	for {
		var r herdRound
		if rounds.Decode(&r) != nil {
			return // the parent needs it no more
		}
		values := r.run(t, cache.Of[int](c, herdView))
		text, err := json.Marshal(values)
		noErr(t, err)
		say("done " + string(text))
	}
}

// say is one write, so that lines of several goroutines do not mix.
func say(what string) { _, _ = fmt.Fprint(os.Stdout, "\n"+herdMark+what+"\n") }

func (r herdRound) run(t *testing.T, v *cache.View[int]) []int {
	t.Helper()
	values := make([]int, goroutinesOfHerd)
	var group sync.WaitGroup
	for i := range values {
		group.Go(func() {
			var err error
			if values[i], err = v.GetOrLoad(t.Context(), r.Key, r.load); err != nil {
				say("error " + err.Error())
			}
		})
	}
	group.Wait()
	return values
}

func (r herdRound) load(context.Context, string) (int, error) {
	say("load")
	if r.Dies {
		_ = syscall.Kill(syscall.Getpid(), syscall.SIGKILL)
	}
	<-time.After(r.Took)
	return newValue, nil
}

// startHerd starts processes over the server.
func startHerd(t *testing.T, srv *upstashtest.Server, n int) *herd {
	t.Helper()
	self, err := os.Executable()
	noErr(t, err)
	h := &herd{events: make(chan herdEvent, 1000)}
	for range n {
		cmd := exec.CommandContext(t.Context(), self, "-test.run=^TestStampedeChild$")
		cmd.Env = append(os.Environ(), herdURL+"="+srv.URL, herdToken+"="+srv.Token)
		in, err := cmd.StdinPipe()
		noErr(t, err)
		out, err := cmd.StdoutPipe()
		noErr(t, err)
		noErr(t, cmd.Start())
		gone := make(chan struct{})
		t.Cleanup(func() {
			_ = in.Close() // it ends then
			<-gone
		})
		h.children = append(h.children, &child{in})
		go func() {
			defer close(gone)
			h.listen(out)
			_ = cmd.Wait() // those that die are meant to
			h.events <- herdEvent{what: "gone"}
		}()
	}
	return h
}

func (h *herd) listen(out io.Reader) {
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		text, is := strings.CutPrefix(lines.Text(), herdMark)
		if !is {
			continue
		}
		what, list, done := strings.Cut(text, " ")
		e := herdEvent{what: text}
		if done && what == "done" {
			e.what = what
			if err := json.Unmarshal([]byte(list), &e.values); err != nil {
				e.what = err.Error()
			}
		}
		h.events <- e
	}
}

func (h *herd) next(t *testing.T) herdEvent {
	t.Helper()
	select {
	case e := <-h.events:
		return e
	case <-t.Context().Done():
		t.Fatal("the processes do not answer")
		return herdEvent{}
	}
}

func (c *child) tell(t *testing.T, r herdRound) {
	t.Helper()
	noErr(t, json.NewEncoder(c.in).Encode(r))
}
