// Package pipeline sends many commands in one round trip: as a pipeline, whose
// commands run in order while others may run in between, or as a transaction,
// which runs as a whole or not at all.
//
//	p := pipeline.New(rdb)
//	name := p.Get("user:1:name")
//	visits := p.Incr("user:1:visits")
//	if err := p.Exec(ctx); err != nil { ... }
//	fmt.Println(name.Val(), visits.Val())
//
// Every command is billed on its own: a pipeline saves round trips, not money.
//
// A command that fails does not stop the others, in a transaction neither:
// Redis has no rollback. [Pipeline.Exec] reports all failures, and each
// [Queued] its own.
//
// A pipeline above a size or a number of commands ([Options]) is sent as several
// requests, and a [PartialError] says how far they came when one fails. A
// transaction is never divided.
//
// [Auto] needs no pipeline in the code: it merges the calls of concurrent
// goroutines. [Update] is what WATCH is for over TCP.
package pipeline
