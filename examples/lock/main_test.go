package main

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func TestDemoPrintsWhatTheReadmeShows(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, want, _ := strings.Cut(string(readme), "```text\n")
	want, _, _ = strings.Cut(want, "```")
	synctest.Test(t, func(t *testing.T) {
		srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
		var got strings.Builder
		if err := demo(t.Context(), srv.Client(), "demo", &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got.String()); diff != "" {
			t.Errorf("README.md against the output (-want +got):\n%s", diff)
		}
		isClean(t, srv)
	})
}

// TestDemoFails when a request does, and when it is interrupted, and leaves
// nothing either way.
func TestDemoFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
		for _, name := range []string{"SET", "GET", "EVALSHA"} {
			stop := srv.InterceptAll(upstashtest.On(name, upstashtest.Status(500)))
			if err := demo(t.Context(), srv.Client(), "demo", &strings.Builder{}); err == nil {
				t.Errorf("%s fails, and the demo does not", name)
			}
			stop()
			isClean(t, srv)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := demo(ctx, srv.Client(), "demo", &strings.Builder{}); !errors.Is(err, context.Canceled) {
			t.Errorf("interrupted: %v", err)
		}
		isClean(t, srv)
	})
}

func isClean(t *testing.T, srv *upstashtest.Server) {
	t.Helper()
	keys, err := srv.Client().Keys(t.Context(), "*")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{}, keys); diff != "" {
		t.Errorf("keys that are left (-want +got):\n%s", diff)
	}
}
