package ratelimit

import (
	"context"
	"sync"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// The deny list of @upstash/ratelimit: a set of exact strings, without TTL, and
// how long and how many matches are remembered in the process.
const (
	denyListSuffix = ":denyList:all"
	denialTTL      = 60 * time.Second
	maxDenials     = 1000
)

func (l *Limiter) denyListKey() string {
	if l.denials == nil {
		return ""
	}
	return l.options.Prefix + denyListSuffix
}

// Deny adds members to the deny list of the prefix: identifiers, addresses, user
// agents or countries, compared as they are. One round trip, one billed command.
func (l *Limiter) Deny(ctx context.Context, members ...string) error {
	_, err := upstash.Exec(ctx, l.d, command.SAdd(l.options.Prefix+denyListSuffix, anys(members)...))
	return err
}

// Pardon takes members off the deny list. Other processes may remember them for
// a minute. One round trip, one billed command.
func (l *Limiter) Pardon(ctx context.Context, members ...string) error {
	_, err := upstash.Exec(ctx, l.d, command.SRem(l.options.Prefix+denyListSuffix, anys(members)...))
	l.denials.forget(members)
	return err
}

// members are what is looked for in the deny list, in the order of
// @upstash/ratelimit.
func (l *Limiter) members(r Request) []string {
	if l.denials == nil {
		return nil
	}
	var members []string
	for _, m := range []string{r.Key, r.Visitor.IP, r.Visitor.UserAgent, r.Visitor.Country} {
		if m != "" {
			members = append(members, m)
		}
	}
	return members
}

// denied makes a decision one of the deny list. With Compat it was counted all
// the same, and what the limit says stays.
func (l *Limiter) denied(result Result, members []string, got answer) Result {
	for i, m := range members {
		if got.denied&(1<<i) != 0 {
			l.denials.add(m, got.now)
			result.Denied = m // the last one
		}
	}
	result.Allowed, result.Remaining, result.RetryAt = false, 0, time.Time{}
	result.Reason = Denied
	if l.options.Mode == Strict {
		result.ResetAt = time.Time{}
	}
	return result
}

// denials are the members of the deny list that were met lately.
type denials struct {
	mu    sync.Mutex
	until map[string]int64
}

func newDenials() *denials { return &denials{until: make(map[string]int64)} }

func (d *denials) find(members []string, now int64) (string, bool) {
	if d == nil {
		return "", false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, m := range members {
		if until, is := d.until[m]; is {
			if now <= until {
				return m, true
			}
			delete(d.until, m)
		}
	}
	return "", false
}

// add remembers a member. Full, it forgets all of them, as @upstash/ratelimit
// does.
func (d *denials) add(member string, now int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.until) >= maxDenials {
		clear(d.until)
	}
	d.until[member] = now + denialTTL.Milliseconds()
}

func (d *denials) forget(members []string) {
	if d == nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, m := range members {
		delete(d.until, m)
	}
}

func anys(texts []string) []any {
	values := make([]any, len(texts))
	for i, text := range texts {
		values[i] = text
	}
	return values
}
