package main

import (
	"strings"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/examples/products/load"
)

func TestRunPrintsATable(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	err := run(t.Context(), load.Config{AtLeast: 150, Callers: 16, Products: 30, Faults: true}, &out)
	if err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	for _, row := range []string{"this package", "  stale answers                                       0 ", "the seed's recipe", "Every answer was one"} {
		if !strings.Contains(out.String(), row) {
			t.Errorf("%q is not in\n%s", row, out.String())
		}
	}
}
