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
// A pipeline has every command that a client has, and each returns at once where
// its result will be: a [Queued]. [Queue] takes composed commands, and [Run] does
// all of it in one function:
//
//	user := pipeline.Queue(p, command.JSON[User](command.Get("user:1")))
//
// After Exec a pipeline is empty, and can be used again. It belongs to one
// goroutine.
//
// # Results and errors
//
// A command that fails does not stop the others, in a transaction neither:
// Redis has no rollback. [Pipeline.Exec] lists the failures in an [ExecError], and
// each [Queued] has its own. An absent value is [upstash.ErrNil] of its item and no
// failure of Exec. When the round trip failed, or a transaction was discarded,
// Exec returns that one error, and every item has it too.
//
// [upstash.SafeToRetry] and [upstash.OutcomeUnknown] take what Exec returns, and
// speak of the whole batch then.
//
// # Transactions
//
//	tx := pipeline.NewTx(rdb)
//
// There is no WATCH, for which there would have to be a connection. Where a write
// depends on what is stored, it says so itself (command.Equals), or is an [Update],
// which asks again as long as somebody else was faster:
//
//	left, err := pipeline.UpdateJSON(ctx, rdb, "stock:tea", func(stock int, exists bool) (int, error) {
//		return stock - 1, nil
//	}, pipeline.UpdateOptions{})
//
// Scripts are queued with their text ([upstash.Script.Eval]): a hash that the
// server does not know would fail in the middle.
//
// # Size
//
// A pipeline above a size or a number of commands ([Options]) is sent as several
// requests, one after the other, and a [PartialError] says how far they came when
// one fails. A transaction is never divided; one that is too large is refused
// before anything is sent.
//
// # Without a pipeline in the code
//
// [Auto] merges the calls of concurrent goroutines. It is a Doer, for whatever
// takes one:
//
//	rdb := upstash.Over(pipeline.Auto(client, pipeline.AutoOptions{}))
//
// Each goroutine waits for its own reply, so that its commands run in its order.
//
// # Cost
//
//	                                          round trips  billed commands
//	a pipeline or a transaction of n                    1                n
//	a pipeline that is divided into r requests          r                n
//	Update, nobody interferes                           2                2
//	Update, each time somebody does                1 more           1 more
//
// So a pipeline saves round trips, and not money.
package pipeline
