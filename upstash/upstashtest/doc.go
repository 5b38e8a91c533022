// Package upstashtest is a local server that speaks the Upstash Redis REST
// protocol, for tests and for development without an account or a network.
//
// In a test it is used like [net/http/httptest]:
//
//	srv := upstashtest.New(t)    // closed when the test ends
//	rdb := srv.Client()
//
// The server keeps its data in memory, inside the process, and is empty when it
// starts, so that every test has a database of its own and all of them may run in
// parallel. A program that makes its client itself gets the address:
//
//	t.Setenv(upstash.EnvURL, srv.URL)
//	t.Setenv(upstash.EnvToken, srv.Token)
//
// [Server.ClientOptions] is for a client with other options, and [NewServer] for
// examples and programs, which have no testing.T. The command upstash-local runs
// the same server with real time:
//
//	go run github.com/seed-9937a0e6/upstash-go/upstash/cmd/upstash-local -addr 127.0.0.1:8079 -token local
//
// # Time
//
// [Server.Advance] moves the clock of the server, so that expiry is tested without
// waiting, and [Server.Now] reads it, for what decides by time in the program:
//
//	m, err := session.New[Login](rdb, session.Options{Namespace: "shop", Clock: srv.Now})
//	srv.Advance(time.Hour)
//
// A fixed [Options.Clock] gives exact TTLs. In a testing/synctest bubble the time is
// that of the bubble; there, on js/wasm, and wherever a socket is too slow, set
// [Options.InProcess]: nothing listens, and the client reaches the server by
// [Server.Transport].
//
// # Cost
//
// [Server.Meter] counts round trips, billed commands and bytes, and [AssertCost] has
// a test hold code to them:
//
//	upstashtest.AssertCost(t, srv, upstashtest.Cost{RoundTrips: 1, Commands: 1}, func() {
//		product, err = products.GetOrLoad(ctx, "42", load)
//	})
//
// [Server.Requests] is the log: every command with its arguments, status, bytes.
//
// # What it answers
//
// Single commands as a JSON array or in the path, /pipeline and /multi-exec,
// plain, with base64 strings or as RESP2, with the status codes and error texts of
// the service. /subscribe, /psubscribe and /monitor answer with server-sent events;
// a client that is 32 MiB behind loses its stream. There are two users: Token may
// do everything, ReadOnlyToken may only read. Commands that REST does not offer
// (blocking ones, connection state, WATCH, raw MULTI) are refused as they are
// there, and the engine inside the process runs no JSON and no search commands.
// Of plans it knows the sizes in
// [Limits], and no quotas. Every request sees the newest data unless [Server.Lag]
// puts a replica in between.
//
// Scripts answer as those of Redis 7 do. One that runs longer than
// [Options.ScriptTimeout] is stopped, one that asks for allow-key-locking is held
// to the keys it declares, and [Server.Meter] counts the commands that it runs.
// Functions do the same, but what a library keeps in variables of its own does not
// last from one call to the next. Scans answer in pages, with cursors that no
// float64 holds. Users cannot be changed, and no keyspace events are sent.
//
// # Trouble on purpose
//
// A network loses requests and replies, a service has bad days, and a program is
// as good as what it does then. [Server.Intercept] has it happen to one request:
//
//	srv.Intercept(upstashtest.ExecuteThenDrop) // the command runs, the reply is lost
//
// [DropBefore], [ExecuteThenDrop], [Duplicate], [Delay], [Status],
// [TooManyRequests], [HTMLBody], [CutBody], [EmptyBody] and [WrongBase64] are
// ready to use, [On] and [After] choose the request, and a function of your own can
// do any of it in any order. [Server.Lag] has reads come from a replica that is
// behind, and [Server.Evict] has keys vanish.
//
// # Is it the same elsewhere?
//
// [Conform] executes the typed commands with all their options on any database and
// reports what differs from what this SDK expects: on this server, on a Redis
// behind it, on a database of the service, or on an emulator of somebody else's.
//
// # A real Redis
//
// With [Options.Redis] the server is a door to a Redis of yours, of version 7.0 or
// later: the replies, the error texts and the commands there are, are those of that
// Redis, and so is the data, which other programs may use at the same time. What
// REST refuses does not get there. Filled in are the conditions of SET, DELEX, and
// DIGEST, which came with Redis 8.4, and the script flag allow-key-locking. When the
// Redis cannot be reached, requests are answered with status 500 until it can.
//
// Some things only the engine inside the process can do:
//   - [Server.Advance], Options.Clock and [Server.Lag]: a real Redis has its own
//     clock and one state. Expiry has to be waited for, and none of it works in a
//     testing/synctest bubble. [Server.Evict] does work: it deletes.
//   - Counting what scripts run: [Server.Meter] has one command for a script.
//   - Looking into scripts: they may call what REST refuses, touch keys they did
//     not declare, and know conditional writes only when the Redis does.
//   - Measuring records: MaxRecord of [Limits] is compared with single commands.
//   - Commands and options of the service that this Redis does not have, such as
//     SCAN with WITHTYPE.
package upstashtest
