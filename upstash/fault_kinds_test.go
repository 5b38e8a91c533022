package upstash_test

import (
	"net/http"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// netFault is a way for a call to go wrong. It strikes where one of its functions
// is asked, and what the client may conclude is said here.
type netFault struct {
	name    string
	dial    func(*faultFront, *faultCall) (instead string) // "" leaves this connection alone
	early   bool                                           // the connection is reset before the request was read
	idle    bool                                           // the kept connection is closed before the call
	request func(*struck)                                  // the request was read

	tls       bool // needs a handshake
	hangs     bool // only a timeout ends the attempt
	certain   bool // the client knows that nothing ran, and repeats everything
	unknown   bool // the client cannot know whether it ran, and repeats reads
	harmless  bool // the call succeeds
	delivered int  // how often the network delivers what was sent once
}

func onNewConnection(to string) func(*faultFront, *faultCall) string {
	return func(f *faultFront, _ *faultCall) string {
		if to == "" {
			return f.broken
		}
		return to
	}
}

// nobody listens on the port of a service that is no more.
const nobody = "127.0.0.1:1"

// netFaults are all kinds of trouble. The last one is any of the others, in any order.
func netFaults() []netFault {
	faults := []netFault{
		{name: "refused connection", dial: onNewConnection(nobody), certain: true},
		{name: "TLS failure", dial: onNewConnection(""), tls: true, certain: true},
		{name: "closed while idle", idle: true},
		{name: "reset before it was read", early: true},
		{name: "reset after it was read", unknown: true, request: (*struck).hangUp},
		{name: "reply lost", unknown: true, request: func(x *struck) { x.execute(); x.hangUp() }},
		{name: "reply cut in half", unknown: true, request: func(x *struck) { x.half(x.execute()); x.hangUp() }},
		{name: "duplicate delivery", harmless: true, delivered: 2, request: func(x *struck) { x.execute(); x.write(x.execute()) }},
		{name: "429", certain: true, request: func(x *struck) {
			x.front.mu.Lock()
			x.call.refused++
			x.front.mu.Unlock()
			x.status(http.StatusTooManyRequests, `{"error":"ERR slow down"}`)
		}},
		{name: "500", unknown: true, request: func(x *struck) {
			if x.call.number%2 == 0 { // it may have run, or not
				x.execute()
			}
			x.status(http.StatusInternalServerError, `{"error":"ERR out of order"}`)
		}},
		{name: "502 HTML", unknown: true, request: func(x *struck) {
			if x.call.number%2 == 0 {
				x.execute()
			}
			x.w.Header().Set("Content-Type", inHTML)
			x.status(http.StatusBadGateway, page)
		}},
		{name: "slow headers", unknown: true, hangs: true, request: func(x *struck) { x.execute(); <-x.r.Context().Done() }},
		{name: "slow body", unknown: true, hangs: true, request: func(x *struck) { x.half(x.execute()); <-x.r.Context().Done() }},
	}
	return append(faults, anyOf(faults))
}

func anyOf(faults []netFault) netFault {
	var requests []func(*struck)
	for _, f := range faults {
		if f.request != nil && !f.hangs {
			requests = append(requests, f.request)
		}
	}
	return netFault{
		name: "any, one after another", delivered: 2,
		dial: func(f *faultFront, c *faultCall) string {
			return []string{"", "", nobody, f.broken}[c.rng.IntN(4)]
		},
		request: func(x *struck) {
			x.front.mu.Lock()
			n := x.call.rng.IntN(len(requests) + 1)
			x.front.mu.Unlock()
			if n == len(requests) {
				x.write(x.execute())
				return
			}
			requests[n](x)
		},
	}
}

// faultOp is a kind of round trip on a key of its own.
type faultOp struct {
	name   string
	counts bool // it leaves the number of its executions in the key
	batch  func(key string) upstash.Batch
}

// countScript is INCR, which the server cannot know.
const countScript = "return redis.call('INCR', KEYS[1])"

func faultOps(sha string) []faultOp {
	batch := func(c ...command.Args) upstash.Batch { return upstash.Batch{Commands: c} }
	return []faultOp{
		{"GET", false, func(k string) upstash.Batch { return batch(command.Get(k).Args()) }},
		{"SET", false, func(k string) upstash.Batch { return batch(command.Set(k, "v").Args()) }},
		{"SET NX", false, func(k string) upstash.Batch {
			return batch(command.SetWith(k, "v", command.SetOptions{If: command.Absent}).Args())
		}},
		{"INCR", true, func(k string) upstash.Batch { return batch(command.Incr(k).Args()) }},
		{"LPUSH", false, func(k string) upstash.Batch { return batch(command.LPush(k, "v").Args()) }},
		{"EVALSHA", true, func(k string) upstash.Batch { return batch(command.EvalSha(sha, []string{k}).Args()) }},
		{"reads", false, func(k string) upstash.Batch { return batch(command.Get(k).Args(), command.Exists(k).Args()) }},
		{"a write", true, func(k string) upstash.Batch { return batch(command.Get(k).Args(), command.Incr(k).Args()) }},
		{"multi-exec", true, func(k string) upstash.Batch {
			return upstash.Batch{Atomic: true, Commands: []command.Args{command.Incr(k).Args(), command.Get(k).Args()}}
		}},
	}
}
