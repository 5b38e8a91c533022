// Package upstashtest is a local server that speaks the Upstash Redis REST
// protocol, for tests and for development without an account or a network.
//
// In a test it is used like [net/http/httptest]:
//
//	srv := upstashtest.New(t)
//	rdb := srv.Client()
//
// The server keeps its data in memory, inside the process, and is empty when it
// starts. Its clock can be moved with [Server.Advance], so that expiry is
// tested without waiting; [Server.Meter] and [Server.Requests] show what a
// program really sent and what it would have been billed.
//
// Inside a testing/synctest bubble, on js/wasm, and wherever a socket is too
// slow, set [Options.InProcess] and reach the server with
// [Server.RoundTripper].
//
// The command upstash-local runs the same server with real time:
//
//	go run github.com/seed-9937a0e6/upstash-go/upstash/cmd/upstash-local -addr 127.0.0.1:8079 -token local
//
// # What it answers
//
// Single commands as a JSON array or in the path, /pipeline and /multi-exec,
// plain or with base64 strings, with the status codes and error texts of the
// service. Commands that REST does not offer (blocking ones, connection state,
// WATCH, raw MULTI) are refused as they are there. It does not know plans and
// quotas, except for the request size, and every request sees the newest data:
// the sync token it hands out is never needed to read one's own writes.
//
// Scripts run without a time limit: one that never ends holds up the server, and
// one that returns a table holding itself ends the process.
package upstashtest
