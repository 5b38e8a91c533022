//go:build unix

package lambda_test

import (
	"os"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/lambda/lambdatest"
)

// TestMain is also the main of every function that a test here starts: each is
// this program again, in a process of its own, see functions.
func TestMain(m *testing.M) {
	lambdatest.Main(functions)
	os.Exit(m.Run())
}
