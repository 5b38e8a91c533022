// Package upstash is a client for Upstash Redis over plain HTTP: for AWS
// Lambda, Cloud Run functions, Workers (js/wasm) and every other runtime that
// cannot keep a connection. One POST with a bearer token per operation.
//
// # Connect
//
//	rdb, err := upstash.FromEnv()                                 // UPSTASH_REDIS_REST_URL, UPSTASH_REDIS_REST_TOKEN
//	rdb, err := upstash.New(upstash.Options{URL: u, Token: t})    // explicitly
//	rdb, err := upstash.Shared()                                  // one for the process, made on first use
//
// No constructor touches the network. [New] refuses what cannot work, such as a
// redis:// URL, and says what it expected.
//
// # Call
//
// Every command is a method that takes a context and makes one round trip:
//
//	err := rdb.Set(ctx, "greeting", "hello")
//	s, err := rdb.Get(ctx, "greeting")            // upstash.ErrNil when there is none
//
// [Exec] sends commands that were composed, and [Commands.Raw] those that this
// SDK does not spell. Package pipeline sends many commands in one round trip.
//
// # Values
//
// Strings are bytes: whatever can go over the wire comes back equal. JSON,
// which carries requests, cannot hold bytes that are not UTF-8; a command whose
// last argument holds such bytes, for example SET, is sent in another form,
// and anywhere else they are refused before sending. Integers never pass
// through float64.
//
// # Errors
//
// Failures are [*Error]. They never show a value, the token or the URL. Ask
// [SafeToRetry], [OutcomeUnknown], [IsTimeout] and [IsNoScript] rather than
// match texts.
//
// # Retries
//
// A failed round trip is tried again, at most twice, where it certainly ran
// nothing (no connection, a connection that the server had closed, status 429,
// READONLY after a failover) or where all of its commands only read. Anything
// else that may have run is not sent again: the error says so, and what to do is
// the caller's decision. [RetryOptions] change that for a client, [WithRetry]
// for a call.
//
// # Consistency
//
// A client sends the sync token of the last response with its next request, so
// that it reads its own writes on databases with replicas. [Client.SyncToken]
// and [WithSyncToken] hand that on to another process.
//
// # Streams
//
// [Client.Subscribe], [Client.PSubscribe] and [Client.Monitor] are loops over
// server-sent events:
//
//	for m, err := range rdb.Subscribe(ctx, "news") { ... }
//
// They connect again by themselves and say where there is a [Gap]; they end with
// the context, or with an error that no reconnection mends.
//
// # Seam
//
// [Doer] is the one interface that everything else builds on; [Middleware]
// wraps it. Tests run against package upstashtest, a local server that speaks
// the same protocol.
package upstash

//go:generate go run ./internal/gen
