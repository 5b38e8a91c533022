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
// redis:// URL, and says what it expected. A client is safe for concurrent use:
// make one for the process, not one for each request, which would have to connect
// again. There is nothing to close.
//
// # Call
//
// Every command is a method that takes a context and makes one round trip:
//
//	err := rdb.Set(ctx, "greeting", "hello")
//	s, err := rdb.Get(ctx, "greeting")            // upstash.ErrNil when there is none
//
// The common form of a command is short; its options are a struct, in a second
// method that ends in With. A command is also a value of package command, which
// says what its reply is, and that can be composed before it is sent by [Exec]:
//
//	user, err := upstash.Exec(ctx, rdb, command.JSON[User](command.Get("user:1")))
//	reply, err := rdb.Raw(ctx, "NEWCMD", "key", 42)    // what this SDK does not spell
//
// Package pipeline sends many commands in one round trip.
//
// A call ends with its context, over any transport, and after [Options].Timeout
// where the context has no deadline.
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
// # Scripts
//
// A [Script] is made once and sent by its hash; a server that does not know it is
// sent the text. Every key that it touches is among its keys:
//
//	var take = upstash.NewScript(`return redis.call("DECRBY", KEYS[1], ARGV[1])`)
//
//	reply, err := take.Run(ctx, rdb, []string{"stock:tea"}, 1)
//
// # Scans
//
// The SCAN family is loops, in which the cursor does not appear:
//
//	for key, err := range rdb.ScanAll(ctx, command.ScanOptions{Match: "user:*"}) { ... }
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
// # Functions that are frozen
//
// The connection pool takes no connection that was idle for 10 seconds by the
// wall clock, which goes on in a freeze, because the server may have closed it
// meanwhile. Package lambda has what else a function needs. On js/wasm and
// wasip1 the host has the network: [Options].HTTPClient takes its transport, for
// JavaScript that of package fetch.
//
// # What happened
//
// [Options].Observe is told of every round trip: the names of its commands, bytes,
// attempts, time, and an estimate of what is billed; [LogTo] logs that. It never
// sees an argument or a reply. Spans and metrics are in otelupstash, a module of
// its own.
//
// # Cost
//
// A command is one round trip and one billed command; a retry is a round trip
// more. A script is billed as one command and one for each that it runs, and takes
// one round trip more the first time. A page of a scan is one of each.
//
// # Seam
//
// [Doer] is the one interface that everything else builds on: cache, limits,
// sessions and locks take one, a client is one, and so is [DoerFunc] in a test.
// [Middleware] wraps it, and [Over] puts the commands on it:
//
//	rdb := upstash.Over(pipeline.Auto(client, pipeline.AutoOptions{}))
//
// Tests run against package upstashtest, a local server that speaks the same
// protocol.
package upstash

//go:generate go run ./internal/gen
