// Package fetch sends the requests of a client through the fetch of a JavaScript
// host: Cloudflare Workers and other hosts like it, browsers, Deno, Bun, Node.
//
//	rdb, err := upstash.New(upstash.Options{URL: url, Token: token, HTTPClient: fetch.Client()})
//
// A program compiled with GOOS=js GOARCH=wasm has no sockets. The transport of
// net/http falls back on fetch in some hosts, but not under Node, where every
// call ends in "connection refused", and it follows redirects, which would carry
// the token elsewhere. This one behaves the same everywhere.
//
// On other platforms [Transport] compiles, and every call is an error that is
// [errors.ErrUnsupported].
//
// # Hosts that start a program for each request
//
// In Workers a Go program usually lives for one request: start it, make a
// client, which touches no network, and call. Nothing kept in memory survives
// from one request to the next. fetch is looked up for every call, so that a
// client may be made before the host allows calls.
package fetch
