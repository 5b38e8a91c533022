package main

import (
	"context"
	"os"
	"strings"
	"testing"
)

func TestMain(m *testing.M) {
	if os.Getenv(serverEnv) != "" {
		if err := serve(context.Background()); err != nil {
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// Nothing is asserted on time: it runs, and reports every way that it measured.
func TestRun(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := run(t.Context(), []string{"-callers", "4", "-rounds", "2", "-time", "40ms", "-latency", "1ms"}, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"4 callers, latency 1ms", "single requests", "pipeline.Auto", "Node", " times that"} {
		if !strings.Contains(out.String(), want) && (want != "Node" || !strings.Contains(out.String(), "@upstash/redis")) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
}

func TestMedian(t *testing.T) {
	t.Parallel()
	if m := median([]float64{9, 1, 5}); m != 5 {
		t.Errorf("the median is %v", m)
	}
	if m := median([]float64{4, 1, 2, 9}); m != 3 {
		t.Errorf("the median is %v", m)
	}
}
