//go:build unix

package lambda_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/lambda/lambdatest"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// TestConcurrency: two invocations that run at the same time in one process, as
// with AWS_LAMBDA_MAX_CONCURRENCY=2, have nothing of each other, down to their
// background work. With the context in a variable of the process they do.
func TestConcurrency(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		function string
		mixed    bool
	}{{"meet", false}, {"meet, planted", true}} {
		t.Run(tt.function, func(t *testing.T) {
			t.Parallel()
			srv, gate := upstashtest.New(t), newGate(t)
			env := start(t, srv, lambdatest.Options{Function: tt.function, Timeout: time.Minute, Concurrency: 2})
			var both []*lambdatest.Invocation
			for _, key := range []string{"a", "b"} {
				i, err := env.Begin(t.Context(), input{Key: key, Meet: gate.url})
				if err != nil {
					t.Fatal(err)
				}
				both = append(both, i)
			}
			for range both {
				<-gate.knocked
			}
			gate.letIn()
			var got []string
			for _, i := range both {
				result, err := i.Wait(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				var name string
				if err := result.Decode(&name); err != nil {
					t.Fatal(err)
				}
				got = append(got, name)
			}
			if mixed := got[0] == got[1]; mixed != tt.mixed {
				t.Errorf("the work of a and b found: %q", got)
			}
			if want := []string{"a", "b"}; !tt.mixed {
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
				if a, b := value(t, srv, "work:a"), value(t, srv, "work:b"); a != 1 || b != 1 {
					t.Errorf("the work of a was done %d times, that of b %d times", a, b)
				}
			}
			if env.Starts() != 1 {
				t.Errorf("%d processes, want 1", env.Starts())
			}
		})
	}
}
