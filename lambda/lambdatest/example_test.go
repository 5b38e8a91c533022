//go:build unix

package lambdatest_test

import (
	"context"
	"fmt"

	"github.com/seed-9937a0e6/upstash-go/lambda/lambdatest"
)

// The function "echo" is one of those that TestMain gives to Main.
func Example() {
	ctx := context.Background()
	env, err := lambdatest.New(lambdatest.Options{Function: "echo"}) // in a test: lambdatest.Start(t, ...)
	if err != nil {
		panic(err)
	}
	defer env.Close()
	for _, say := range []string{"one", "two"} {
		result, err := env.Invoke(ctx, order{Say: say})
		if err != nil {
			panic(err)
		}
		var reply struct{ Say string }
		if err := result.Decode(&reply); err != nil {
			panic(err)
		}
		if err := env.AwaitFreeze(ctx); err != nil {
			panic(err)
		}
		fmt.Println(reply.Say, env.Starts(), env.Freezes())
	}
	// Output:
	// one 1 1
	// two 1 2
}
