//go:build unix

package main

import (
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/lambda/lambdatest"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func TestMain(m *testing.M) {
	lambdatest.Main(functions)
	os.Exit(m.Run())
}

func TestRunPrintsWhatTheReadmeShows(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, want, _ := strings.Cut(string(readme), "```text\n")
	want, _, _ = strings.Cut(want, "```")
	var out strings.Builder
	if err := run(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-readme +printed)\n%s", diff)
	}
}

// TestLimit: addresses are counted apart, whatever the event that tells them.
func TestLimit(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t)
	env := lambdatest.Start(t, lambdatest.Options{
		Function: "shop", Timeout: time.Minute, Env: []string{upstash.EnvURL + "=" + srv.URL, upstash.EnvToken + "=" + srv.Token},
	})
	status := func(name string) int {
		event, err := read(name)
		if err != nil {
			t.Fatal(err)
		}
		result, err := env.Invoke(t.Context(), event)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := result.HTTP()
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		return resp.StatusCode
	}
	for _, name := range []string{"load-balancer", "function-url"} {
		// 10 a minute: one more for every 6 seconds that this takes.
		passed, last := -1, http.StatusOK
		for last == http.StatusOK {
			if passed++; passed == 1000 {
				t.Fatalf("%s: no end", name)
			}
			last = status(name)
		}
		if passed < 10 || last != http.StatusTooManyRequests {
			t.Errorf("%s: %d passed, then %d", name, passed, last)
		}
	}
}
