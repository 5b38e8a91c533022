//go:build unix

package lambda_test

import (
	"strings"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/lambda/lambdatest"
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// TestReserve: a server that hangs is an error of the command, in good time, and
// not a process that is killed. Without a reserve there is no time: the context
// ends with the process.
func TestReserve(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		function string
		timely   bool
	}{{"hang", true}, {"hang, planted", false}} {
		t.Run(tt.function, func(t *testing.T) {
			t.Parallel()
			env := lambdatest.Start(t, lambdatest.Options{
				Function: tt.function, Timeout: 1500 * time.Millisecond, // of which half is the reserve
				Env: []string{upstash.EnvURL + "=" + newGate(t).url, upstash.EnvToken + "=token"},
			})
			result := invoke(t, env, input{Key: "k"})
			if result.Err == nil {
				t.Fatal("no error from a server that does not answer")
			}
			// The deadline is handed over in whole milliseconds, so what waits for it
			// is at most one early.
			timely := result.Err.Type != lambdatest.TypeTimeout && result.Left > time.Millisecond
			if timely != tt.timely {
				t.Errorf("%v with %v left", result.Err, result.Left)
			}
			if tt.timely && !strings.Contains(result.Err.Message, "deadline exceeded") {
				t.Errorf("the error does not say that time ran out: %v", result.Err)
			}
			if tt.timely {
				if err := env.AwaitFreeze(t.Context()); err != nil || env.Starts() != 1 {
					t.Errorf("the process did not live on: %v", err)
				}
			}
		})
	}
}
