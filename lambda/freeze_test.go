//go:build unix

package lambda_test

import (
	"fmt"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/lambda/lambdatest"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// TestFreeze: the server ends its connections while the environment is frozen, and
// no command fails after the thaw: because the pool takes no connection that has
// been idle for too long by the wall clock, or because a hook has dropped them.
// With neither, commands do fail.
//
// UPSTASH_LONG=1 runs 1,000 freezes of each.
func TestFreeze(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		function string
		pause    time.Duration
		sound    bool
	}{
		{"freeze, limit", 2 * idleLimit, true},
		{"freeze, hook", 0, true},
		{"freeze, planted", 0, false},
	} {
		t.Run(tt.function, func(t *testing.T) {
			t.Parallel()
			srv := upstashtest.New(t)
			front := httptest.NewServer(srv.Handler())
			t.Cleanup(front.Close)
			env := lambdatest.Start(t, lambdatest.Options{
				Function: tt.function, Timeout: time.Minute,
				Env: []string{upstash.EnvURL + "=" + front.URL, upstash.EnvToken + "=" + srv.Token},
			})
			freezes := 50
			if os.Getenv("UPSTASH_LONG") != "" {
				freezes = 1000
			}
			failed, first := 0, ""
			for range freezes + 1 {
				if result := invoke(t, env, input{Key: "k"}); result.Err != nil {
					failed++
					first = fmt.Sprint(result.Err)
				}
				if err := env.AwaitFreeze(t.Context()); err != nil {
					t.Fatal(err)
				}
				front.CloseClientConnections()
				<-time.After(tt.pause) // of another process
			}
			if env.Freezes() < freezes || env.Starts() != 1 {
				t.Errorf("%d freezes in %d processes", env.Freezes(), env.Starts())
			}
			if sound := failed == 0; sound != tt.sound {
				t.Errorf("%d of %d commands failed: %s", failed, freezes+1, first)
			}
			// What failed was not executed, and nothing was twice.
			if n := value(t, srv, "k"); n != int64(freezes+1-failed) {
				t.Errorf("%d executions, %d commands succeeded", n, freezes+1-failed)
			}
			t.Logf("%d of %d commands failed", failed, freezes+1)
		})
	}
}
