//go:build unix

package lambda_test

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/lambda/lambdatest"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// start runs a function against a server.
func start(t *testing.T, srv *upstashtest.Server, o lambdatest.Options) *lambdatest.Environment {
	t.Helper()
	o.Env = append(o.Env, upstash.EnvURL+"="+srv.URL, upstash.EnvToken+"="+srv.Token)
	return lambdatest.Start(t, o)
}

func invoke(t *testing.T, env *lambdatest.Environment, event any) lambdatest.Result {
	t.Helper()
	result, err := env.Invoke(t.Context(), event)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// value is what a key holds, 0 for nothing.
func value(t *testing.T, srv *upstashtest.Server, key string) int64 {
	t.Helper()
	n, err := srv.Client().IncrBy(t.Context(), key, 0)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// gate is an address where those who knock wait until it is open.
type gate struct {
	url     string
	knocked chan struct{}
	open    chan struct{}
	opened  sync.Once
}

func newGate(t *testing.T) *gate {
	t.Helper()
	g := &gate{knocked: make(chan struct{}, 100), open: make(chan struct{})}
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		g.knocked <- struct{}{}
		<-g.open
	}))
	g.url = srv.URL
	t.Cleanup(srv.Close)
	t.Cleanup(g.letIn)
	return g
}

func (g *gate) letIn() { g.opened.Do(func() { close(g.open) }) }

// TestBackground: what is begun in an invocation is done in it, by the unmodified
// runtime in a process that freezes. The functions with a fault planted have not
// done it when they are frozen.
func TestBackground(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		function string
		panics   bool
		done     int64 // of two invocations
	}{
		{"background", false, 2},
		{"drain", false, 2},
		{"panic", true, 2}, // each in a process of its own
		{"background, planted", false, 0},
		{"drain, planted", false, 0},
		{"panic, planted", true, 0},
	} {
		t.Run(tt.function, func(t *testing.T) {
			t.Parallel()
			srv, gate := upstashtest.New(t), newGate(t)
			env := start(t, srv, lambdatest.Options{Function: tt.function, Timeout: time.Minute})
			if tt.done > 0 {
				gate.letIn() // otherwise when all is over: that the work is slow is no excuse
			}
			for range 2 {
				result := invoke(t, env, input{Key: "k", Meet: gate.url})
				if panicked := result.Err != nil; panicked != tt.panics {
					t.Fatalf("error: %v", result.Err)
				}
				if tt.panics {
					continue // the process ends, as the runtime has it
				}
				if err := env.AwaitFreeze(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(tt.done, value(t, srv, "k")); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if want := map[bool]int{false: 1, true: 2}[tt.panics]; env.Starts() != want {
				t.Errorf("%d processes, want %d", env.Starts(), want)
			}
		})
	}
}
