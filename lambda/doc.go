// Package lambda is what a function on AWS Lambda needs around its handler. Its
// functions make handlers for lambda.Start of github.com/aws/aws-lambda-go, which
// it does not import: who uses it elsewhere carries no runtime.
//
//	import awslambda "github.com/aws/aws-lambda-go/lambda"
//
//	awslambda.Start(lambda.HTTPHandler(mux))      // HTTP events, any http.Handler
//	awslambda.Start(lambda.Wrap(handle))          // any other event, func(context.Context, In) (Out, error)
//
// Build with -tags lambda.norpc for the runtime provided.al2023.
//
// # Time
//
// Lambda ends the process at the deadline, and an error that comes with it is
// never seen. So the context of a handler ends a reserve before ([DefaultReserve],
// [WithReserve]): a server that hangs is an error of the command, and the process
// lives on.
//
// # After the reply
//
// When the handler has returned and all is sent, the environment freezes, with
// every goroutine in it, until the next event or for ever. So work that the reply
// does not depend on is begun with [Go], and waited for:
//
//	lambda.Go(ctx, func(ctx context.Context) { rdb.Incr(ctx, "views") })
//
// What works in the background by itself, as caches and telemetry do, is
// registered once:
//
//	lambda.HTTPHandler(mux, lambda.WithDrain(func(ctx context.Context) error { ... }))
//
// Both happen also when the handler panics. The client waits that long, too; with
// a stream ([WithFunctionURLStreaming], [WithRESTStreaming]) it has the whole body
// by then, and waits for the end of it only. On runtimes with a way of their own,
// [ContextWithAfter] has Go use it.
//
// # After a freeze
//
// A connection that the server has closed meanwhile fails the first command that
// is written on it. The pool of an upstash client takes none that was idle for
// more than 10 seconds by the wall clock, which goes on in a freeze when timers do
// not. For other things that go stale there is [WithThaw].
//
// The client is made once for the process, outside of the handler or by
// [github.com/seed-9937a0e6/upstash-go/upstash.Shared]. All else that belongs to an
// invocation is in its context: with AWS_LAMBDA_MAX_CONCURRENCY there are several
// at a time.
//
// # HTTP
//
// A handler sees the request that a server would have seen: tests hold it against
// net/http for 55 events. What some sources do not tell, it cannot see: the order
// of a query's names and its spelling (REST API, load balancer), the spelling of a
// path (HTTP API, which decodes it), where values of a header were joined with
// commas (HTTP API, function URL). The stage of an HTTP API is taken off the path,
// in which a REST API has none.
//
// The middleware of
// [github.com/seed-9937a0e6/upstash-go/ratelimit/httplimit] counts by
// RemoteAddr, which is the address that the source reports. Behind CloudFront or
// another proxy that is the proxy; then say so to
// [github.com/seed-9937a0e6/upstash-go/ratelimit/clientip]. A load balancer has to
// append to X-Forwarded-For, as it does by default: where it is set to preserve
// the header, clients choose their address.
//
// # Cost
//
// No round trip and no billed command of its own. A handler is called on the
// goroutine of the runtime; one whose response is streamed has another.
//
// # Tests
//
// Package [github.com/seed-9937a0e6/upstash-go/lambda/lambdatest] runs a function
// on this machine with the unmodified runtime, freezes and all. A handler alone is
// a function to be called: see the examples.
package lambda
