// Package httplimit limits the requests of an HTTP server.
//
//	limit, err := httplimit.New(limiter, httplimit.Options{})
//	http.ListenAndServe(addr, limit.Handler(mux)) // or router.Use(limit.Handler)
//
// A request over its limit is answered with 429, Retry-After and a problem
// document; every answer carries the fields RateLimit and RateLimit-Policy.
// The handler behind it gets the server's own [http.ResponseWriter], so that
// flushing, hijacking and sendfile work as without limits, and the decision
// from [FromContext].
//
// # Who is counted
//
// A [KeyFunc] names the client. The default is the address of the connection,
// IPv6 by its /64 network; behind proxies say what they are, see
// [github.com/seed-9937a0e6/upstash-go/ratelimit/clientip]:
//
//	src, err := clientip.TrustedHops(1)
//	httplimit.Options{Key: httplimit.ByAddress(src)}
//
// # Cost
//
// One decision of the limiter for each request, before the handler; nothing
// after it. A limiter of this module makes that at most one round trip.
package httplimit
