package lambdatest

import (
	"fmt"
	"os"
)

const envFunction = "LAMBDATEST_FUNCTION"

// Main runs the function that this process was started for by [Start], and does
// not return then. In any other process it does nothing. Call it first in
// TestMain, or in the main of a program that runs its own function locally.
func Main(functions map[string]func()) {
	name, started := os.LookupEnv(envFunction)
	if !started {
		return
	}
	f, ok := functions[name]
	if !ok {
		_, _ = fmt.Fprintf(os.Stderr, "lambdatest: Main has no function %q: give it one of that name\n", name)
		os.Exit(2)
	}
	f()
	os.Exit(0)
}
