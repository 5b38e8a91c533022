package ratelimit

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// Counts wait in the process for a request that carries them. maxEvents bounds
// what waits: what is new beyond it is not counted. eventsPerRequest bounds what
// one decision carries.
const (
	maxEvents        = 10_000
	eventsPerRequest = 100
	hour             = int64(time.Hour / time.Millisecond)
)

// event is how often something happened within an hour, as it is stored.
type event struct {
	key    string
	member string
	count  int64
	ttl    int64 // in milliseconds; 0 for none
}

// events are the counts that were not sent yet, in the order in which they came.
// A nil one counts nothing.
type events struct {
	mu      sync.Mutex
	waiting []event
	index   map[[2]string]int // by key and member
}

func newEvents() *events { return &events{index: make(map[[2]string]int)} }

// record counts a decision as @upstash/ratelimit does, under the same key and
// member.
func (e *events) record(l *Limiter, r Request, result Result, now int64) {
	if e == nil {
		return
	}
	key := l.options.Prefix + ":events:" + strconv.FormatInt(now/hour*hour, 10)
	e.add(event{key: key, member: eventMember(r, result), count: 1, ttl: max(l.options.Retention.Milliseconds(), 0)})
}

func (e *events) add(one event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	name := [2]string{one.key, one.member}
	if i, is := e.index[name]; is {
		e.waiting[i].count += one.count
		return
	}
	if len(e.waiting) < maxEvents {
		e.index[name] = len(e.waiting)
		e.waiting = append(e.waiting, one)
	}
}

// take returns what the next request carries.
func (e *events) take() []event {
	if e == nil {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	n := min(len(e.waiting), eventsPerRequest)
	if n == 0 {
		return nil
	}
	taken := e.waiting[:n:n]
	e.waiting = append([]event(nil), e.waiting[n:]...)
	clear(e.index)
	for i, one := range e.waiting {
		e.index[[2]string{one.key, one.member}] = i
	}
	return taken
}

// restore keeps counts whose request failed for the next one, unless they may
// have been counted.
func (e *events) restore(taken []event, err error) {
	if e == nil || upstash.OutcomeUnknown(err) {
		return
	}
	for _, one := range taken {
		e.add(one)
	}
}

// Flush sends the counts of analytics that no decision has taken along yet, for
// example before a process ends. A round trip for every 100, and a billed
// command for each and one for its retention.
func (l *Limiter) Flush(ctx context.Context) error {
	for {
		taken := l.events.take()
		if len(taken) == 0 {
			return nil
		}
		var b upstash.Batch
		for _, one := range taken {
			b.Commands = append(b.Commands, command.ZIncrBy(one.key, float64(one.count), one.member).Args())
			if one.ttl > 0 {
				b.Commands = append(b.Commands, command.PExpire(one.key, time.Duration(one.ttl)*time.Millisecond).Args())
			}
		}
		replies, err := l.d.Do(ctx, b)
		if err != nil {
			l.events.restore(taken, err)
			return err
		}
		for _, reply := range replies {
			if err := reply.Err(); err != nil {
				return err
			}
		}
	}
}

// eventMember is the JSON that @upstash/ratelimit writes: these fields in this
// order. The same decision written in another way would be counted apart.
func eventMember(r Request, result Result) string {
	identifier, success := r.Key, strconv.FormatBool(result.Allowed)
	if result.Reason == Denied {
		identifier, success = result.Denied, `"denied"`
	}
	b := append([]byte(`{"identifier":`), jsString(identifier)...)
	b = append(b, `,"success":`+success...)
	geo := r.Visitor.Geo
	for _, field := range [][2]string{{"country", geo.Country}, {"city", geo.City}, {"region", geo.Region}, {"ip", geo.IP}} {
		if field[1] != "" {
			b = append(b, `,"`+field[0]+`":`+jsString(field[1])...)
		}
	}
	return string(append(b, '}'))
}

// jsString quotes as JSON.stringify does, which escapes less than encoding/json:
// neither <, > and & nor U+2028 and U+2029.
func jsString(s string) string {
	short := map[rune]string{'"': `\"`, '\\': `\\`, '\b': `\b`, '\f': `\f`, '\n': `\n`, '\r': `\r`, '\t': `\t`}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s { // what is no UTF-8 is U+FFFD here
		switch text, is := short[r]; {
		case is:
			b.WriteString(text)
		case r < ' ':
			b.WriteString(`\u00` + string("01"[r>>4]) + string("0123456789abcdef"[r&15]))
		default:
			b.Write(utf8.AppendRune(nil, r))
		}
	}
	b.WriteByte('"')
	return b.String()
}
