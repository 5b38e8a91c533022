// Package otelupstash records the calls of an [upstash.Client] with
// OpenTelemetry. It is a module of its own, so that programs which do not
// measure do not carry its dependencies.
//
//	rdb, err := otelupstash.New(upstash.Options{URL: u, Token: t}) // instead of upstash.New
//
// The global providers are used unless [WithTracerProvider] and
// [WithMeterProvider] say otherwise.
//
// # Spans
//
// Every call is one span, of kind client, from the moment the caller asks until
// it has the answer. Retries and the pauses between them are inside, as the
// conventions for database clients ask for, and a failure that a retry mended
// is none. For a span of each HTTP request, below the one of its call, give
// Options.HTTPClient a transport that makes them.
//
// A span is named for the command: "GET", "SCRIPT LOAD". A pipeline is
// "PIPELINE" and a transaction "MULTI", followed by the command where all are
// the same: "PIPELINE GET". Its attributes:
//
//	db.system.name           "redis"
//	db.operation.name        the same as the span's name
//	db.operation.batch.size  commands, where they are two or more
//	db.response.status_code  the code of the server's error, "WRONGTYPE"
//	error.type               see below
//	upstash.attempts         round trips it took, 1 without a retry
//
// A call has failed, and its span with it, when its error is not nil or one of
// its commands was answered with an error, also when others of the batch
// succeeded. An absent value is no failure. The error.type is
//
//	WRONGTYPE, ERR, ...  the code of the server's error; of several, the first
//	401, 502, ...        the HTTP status of an answer without a code of its own
//	timeout, canceled    how the context ended, or the network gave up
//	connection           no answer, or only a part of one
//	too_large            beyond a limit on sizes that this side keeps
//	invalid_reply        an answer that is not what the protocol says
//	not_sent             a command that cannot be sent
//	_OTHER               an error that package upstash did not make
//
// # Metrics
//
//	db.client.operation.duration  histogram, s           the duration of each span
//	upstash.round_trips           counter, {round_trip}  HTTP requests, retries too
//	upstash.billed_commands       counter, {command}     see [upstash.RoundTrip]
//
// They have db.system.name and db.operation.name; the first two have error.type
// where there is one, the first db.response.status_code as well, and the second
// upstash.retry, a boolean. Streams, such as Subscribe, make no spans and are in
// both counters, each connection when it ends.
//
// Names, units and buckets are those of the semantic conventions for database
// clients and for Redis, version 1.43; those in upstash.* are this package's own.
//
// # Secrecy
//
// Names of commands and codes of errors are recorded, and nothing else of what
// is sent and answered: no key, no value, no text of an error, no token. The
// address of the server is only recorded when [WithServerAddress] gives it.
//
// # Cost
//
// It makes no round trip and bills no command. A call makes about 30 small
// allocations more with the OpenTelemetry SDK, which take a few microseconds, and
// about 15 where no SDK is installed: BenchmarkGet shows them.
package otelupstash
