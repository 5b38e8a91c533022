package upstashtest

import (
	"slices"
	"sync"
)

const (
	logMaxRequests = 10_000
	logMaxBytes    = 64 << 20
)

// A Request is one entry of the log: what a client asked and what it cost.
// Requests without valid auth are logged too, but not metered.
type Request struct {
	// Method is the HTTP method.
	Method string
	// Path is "/", "/pipeline", "/multi-exec" or, for a command in the path,
	// the path as it was sent, percent-encoded. It never holds the query.
	Path string
	// Commands are the commands the request carried, name first, every
	// argument exactly as it was executed. Nil when the request was turned
	// away before its commands were read.
	Commands [][]string
	// Status is the HTTP status of the answer, and zero when there was none.
	Status int
	// Billed is the number of commands the request was billed, as in Meter.
	Billed int
	// Fault is what [Server.Intercept] did to the request, step by step:
	// "execute, drop" for [ExecuteThenDrop]. Empty when it was left alone.
	Fault string
	// BytesIn and BytesOut are the sizes of the two bodies. A stream's is not
	// known; what is sent on it is in [Meter] only.
	BytesIn, BytesOut int64
}

// A Meter holds totals of what clients have used.
type Meter struct {
	// RoundTrips counts HTTP requests with valid auth.
	RoundTrips int
	// Commands counts billed commands: each command of a batch, and for a
	// script one plus the commands it ran. PING, INFO, COMMAND, AUTH and QUIT
	// are free, and so is what the server refused without executing it.
	Commands int
	// BytesIn and BytesOut are the sizes of request and response bodies.
	BytesIn, BytesOut int64
}

// A journal is the log and the meter of a server.
type journal struct {
	mu    sync.Mutex
	log   []Request
	bytes int // what the commands in log take
	meter Meter

	// What a Reset does not touch.
	added int // how many requests were ever added
	cost  Cost
}

// add logs a request; one without valid auth leaves the meter alone.
func (j *journal) add(r Request, authorized bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if authorized {
		j.meter.RoundTrips++
		j.meter.Commands += r.Billed
		j.meter.BytesIn += r.BytesIn
		j.meter.BytesOut += r.BytesOut
		j.cost.RoundTrips++
		j.cost.Commands += r.Billed
	}
	j.added++
	j.log = append(j.log, r)
	j.bytes += argumentBytes(r)
	drop := 0
	for len(j.log)-drop > logMaxRequests || j.bytes > logMaxBytes && len(j.log)-drop > 1 {
		j.bytes -= argumentBytes(j.log[drop])
		j.log[drop] = Request{}
		drop++
	}
	j.log = j.log[drop:]
}

// argumentBytes is what the commands of a request take in memory, headers of
// strings and slices included: ten megabytes of empty commands are many.
func argumentBytes(r Request) int {
	const sliceHeader, stringHeader = 24, 16
	n := 0
	for _, command := range r.Commands {
		n += sliceHeader
		for _, arg := range command {
			n += stringHeader + len(arg)
		}
	}
	return n
}

// sent counts what went out on a stream since its request was added.
func (j *journal) sent(n int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.meter.BytesOut += int64(n)
}

func (j *journal) requests() []Request {
	j.mu.Lock()
	defer j.mu.Unlock()
	log := slices.Clone(j.log)
	for i := range log {
		log[i].Commands = slices.Clone(log[i].Commands)
		for k, command := range log[i].Commands {
			log[i].Commands[k] = slices.Clone(command)
		}
	}
	return log
}

// mark returns how many requests there have been, and their cost.
func (j *journal) mark() (added int, cost Cost) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.added, j.cost
}

// since returns the cost of the requests after a mark, and those of them that the
// log still holds.
func (j *journal) since(added int, before Cost) (cost Cost, made []Request, complete bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	cost = Cost{j.cost.RoundTrips - before.RoundTrips, j.cost.Commands - before.Commands}
	first := j.added - len(j.log)
	return cost, slices.Clone(j.log[max(added-first, 0):]), added >= first
}

func (j *journal) total() Meter {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.meter
}

func (j *journal) reset() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.log, j.bytes, j.meter = nil, 0, Meter{}
}
