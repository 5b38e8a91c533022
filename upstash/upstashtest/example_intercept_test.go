package upstashtest_test

import (
	"context"
	"fmt"
	"net/http"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// A reply gets lost after the command was executed: the client cannot know.
func ExampleServer_Intercept() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer srv.Close()
	ctx, rdb := context.Background(), srv.Client()

	srv.Intercept(upstashtest.On("INCR", upstashtest.ExecuteThenDrop))
	_, err = rdb.Incr(ctx, "orders")
	fmt.Println(err)
	fmt.Println(rdb.Get(ctx, "orders"))

	for _, request := range srv.Requests() {
		fmt.Println(request)
	}
	// Output:
	// upstash: INCR: the connection ended before the answer; the command may have run
	// 1 <nil>
	// POST / INCR orders -> no answer, 1 billed (intercepted: execute, drop)
	// POST / GET orders -> 200, 1 billed
}

// A function of one's own looks at the request and does what it likes; one that
// does nothing lets it pass.
func ExampleExchange() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer srv.Close()
	ctx, rdb := context.Background(), srv.Client()

	readOnly := srv.InterceptAll(func(x *upstashtest.Exchange) {
		if x.Carries("SET") {
			x.Answer(http.StatusBadRequest, nil, `{"error":"ERR no writes during maintenance"}`)
		}
	})
	fmt.Println(rdb.Set(ctx, "k", "v"))
	readOnly()
	fmt.Println(rdb.Set(ctx, "k", "v"))
	// Output:
	// upstash: SET: ERR no writes during maintenance
	// <nil>
}
