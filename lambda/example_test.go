package lambda_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/seed-9937a0e6/upstash-go/lambda"
	"github.com/seed-9937a0e6/upstash-go/ratelimit/clientip"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// One http.Handler for REST APIs, HTTP APIs, function URLs and load balancers.
func ExampleHTTPHandler() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /products/{id}", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "seen", Value: r.PathValue("id")})
		_, _ = fmt.Fprintf(w, "product %s for %s", r.PathValue("id"), clientip.Peer().Find(r).Key())
	})
	handler := lambda.HTTPHandler(mux) // awslambda.Start(handler)

	// What the runtime does with it:
	response, err := handler(context.Background(), json.RawMessage(`{
		"version": "2.0", "rawPath": "/products/7", "requestContext": {
			"domainName": "abc.lambda-url.us-east-1.on.aws",
			"http": {"method": "GET", "sourceIp": "203.0.113.9"}}}`))
	if err != nil {
		panic(err)
	}
	document, err := json.Marshal(response)
	fmt.Println(string(document), err)
	// Output: {"statusCode":200,"headers":{"Content-Type":"text/plain; charset=utf-8"},"cookies":["seen=7"],"body":"product 7 for 203.0.113.9"} <nil>
}

// The handler has its reply at once, and what it has begun is done in the same
// invocation.
func ExampleWrap() {
	srv, err := upstashtest.NewServer(upstashtest.Options{InProcess: true})
	if err != nil {
		panic(err)
	}
	defer srv.Close()
	rdb := srv.Client() // in production: upstash.Shared()

	type order struct{ Product string }
	handler := lambda.Wrap(func(ctx context.Context, o order) (string, error) {
		lambda.Go(ctx, func(ctx context.Context) {
			_, _ = rdb.Incr(ctx, "ordered:"+o.Product) // a count is not worth failing for
		})
		return "thank you", nil
	}) // awslambda.Start(handler)

	reply, err := handler(context.Background(), order{Product: "tea"})
	if err != nil {
		panic(err)
	}
	n, err := rdb.Get(context.Background(), "ordered:tea")
	fmt.Println(reply, n, err)
	// Output: thank you 1 <nil>
}

// A batch that is filled by handlers goes out before each reply.
func ExampleWithDrain() {
	var batch []string
	handler := lambda.Wrap(func(_ context.Context, word string) (int, error) {
		batch = append(batch, word)
		return len(word), nil
	}, lambda.WithDrain(func(context.Context) error {
		fmt.Println("sent:", batch)
		batch = nil
		return nil
	}))
	n, err := handler(context.Background(), "hello")
	fmt.Println(n, err)
	// Output:
	// sent: [hello]
	// 5 <nil>
}

// With a reserve, a call that hangs leaves time to say so.
func ExampleWithReserve() {
	handler := lambda.Wrap(func(ctx context.Context, _ struct{}) (struct{}, error) {
		<-ctx.Done() // as a command on a server that does not answer
		return struct{}{}, ctx.Err()
	}, lambda.WithReserve(time.Minute))

	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Millisecond)
	defer cancel()
	_, err := handler(ctx, struct{}{})
	fmt.Println(err)
	// Output: context deadline exceeded
}

// On a runtime that can run something after the reply, Go has it do that.
func ExampleContextWithAfter() {
	var later []func() // stands for the runtime's own list
	ctx := lambda.ContextWithAfter(context.Background(), func(task func()) { later = append(later, task) })

	lambda.Go(ctx, func(context.Context) { fmt.Println("counted") })
	fmt.Println("replied")
	for _, task := range later {
		task()
	}
	// Output:
	// replied
	// counted
}
