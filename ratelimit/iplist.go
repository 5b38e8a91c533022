package ratelimit

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// The list of addresses that a third party keeps, as @upstash/ratelimit stores
// it: a set of its own, so that its members can be taken off the deny list again,
// and a key that says until when it is valid.
const (
	ipListSuffix   = ":denyList:ipDenyList"
	ipStatusSuffix = ":ipDenyListStatus"
	ipPending      = "pending" // somebody fetches it, for so long
	ipPendingTTL   = 30 * time.Second
	ipValid        = "valid"
	ipDisabled     = "disabled" // nobody shall fetch it
)

// UpdateIPList replaces the addresses that a third party contributes to the deny
// list, when the last ones are from before 02:00 UTC of today, the hour of
// @upstash/ratelimit. fetch gets the new ones, for example from
// https://github.com/stamparm/ipsum, with [ReadIPs]. Of all processes that share
// the prefix, those in TypeScript included, one fetches: it reports true. When it
// fails, another one may try half a minute later.
//
// Nothing is fetched unasked: call it from a scheduled function, or once at the
// start of a process. One round trip and one billed command when there is nothing
// to do, and otherwise two and seven. The new list replaces the old one at once or
// not at all; it must fit into one request, 10 MB for most plans or about 600,000
// addresses. What [Limiter.Deny] added stays, unless
// the list of that time had it already.
func (l *Limiter) UpdateIPList(ctx context.Context, fetch func(ctx context.Context) ([]netip.Addr, error)) (updated bool, err error) {
	if fetch == nil {
		return false, errors.New("ratelimit: UpdateIPList needs a function that fetches the list")
	}
	free, err := upstash.Exec(ctx, l.d, command.SetWith(l.options.Prefix+ipStatusSuffix, ipPending, command.SetOptions{
		If: command.Absent, TTL: ipPendingTTL,
	}))
	if err != nil || !free {
		return false, err
	}
	addrs, err := fetch(ctx)
	if err != nil {
		return false, fmt.Errorf("ratelimit: the list of addresses could not be fetched: %w", err)
	}
	members := make([]any, len(addrs))
	for i, a := range addrs {
		if !a.IsValid() {
			return false, fmt.Errorf("ratelimit: address %d of the list that was fetched is not valid", i)
		}
		members[i] = a.Unmap().WithZone("").String()
	}
	all, list := l.options.Prefix+denyListSuffix, l.options.Prefix+ipListSuffix
	commands := []command.Args{command.SDiffStore(all, all, list).Args(), command.Del(list).Args()}
	if len(members) > 0 {
		commands = append(commands, command.SAdd(list, members...).Args())
	}
	err = l.together(ctx, append(commands,
		command.SDiffStore(list, list, all).Args(), // what is denied anyway is not to be taken off with the list
		command.SUnionStore(all, all, list).Args(),
		l.ipStatus(ipValid, untilNextList(l.options.Clock())),
	))
	return err == nil, err
}

// DisableIPList takes the addresses of UpdateIPList off the deny list, and has no
// process fetch them again, those in TypeScript included, until EnableIPList. One
// round trip, three billed commands.
func (l *Limiter) DisableIPList(ctx context.Context) error {
	all, list := l.options.Prefix+denyListSuffix, l.options.Prefix+ipListSuffix
	return l.together(ctx, []command.Args{
		command.SDiffStore(all, all, list).Args(), command.Del(list).Args(), l.ipStatus(ipDisabled, 0),
	})
}

// EnableIPList lets the next UpdateIPList fetch, whether the list was disabled or
// is still valid. One round trip, one billed command.
func (l *Limiter) EnableIPList(ctx context.Context) error {
	_, err := upstash.Exec(ctx, l.d, command.Del(l.options.Prefix+ipStatusSuffix))
	return err
}

func (l *Limiter) ipStatus(status string, ttl time.Duration) command.Args {
	return command.SetWith(l.options.Prefix+ipStatusSuffix, status, command.SetOptions{TTL: ttl}).Args()
}

// together runs commands in one transaction.
func (l *Limiter) together(ctx context.Context, commands []command.Args) error {
	replies, err := l.d.Do(ctx, upstash.Batch{Commands: commands, Atomic: true})
	for _, r := range replies {
		err = errors.Join(err, r.Err())
	}
	return err
}

// untilNextList is how long it is until the next 02:00 UTC.
func untilNextList(now time.Time) time.Duration {
	const day, hour = 24 * time.Hour, 2 * time.Hour
	return day - time.Duration(now.Add(-hour).UnixMilli()%day.Milliseconds())*time.Millisecond
}

// ReadIPs reads a list of addresses, one on each line. Empty lines and what
// follows a # are left out; of a line of several words the first counts, because
// some lists have a number behind the address. Networks are an error: the deny
// list has exact members, see [Options.DenyPrefixes] for them.
func ReadIPs(r io.Reader) ([]netip.Addr, error) {
	var addrs []netip.Addr
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		text, _, _ := strings.Cut(lines.Text(), "#")
		words := strings.Fields(text)
		if len(words) == 0 {
			continue
		}
		addr, err := netip.ParseAddr(words[0])
		if err != nil {
			return nil, fmt.Errorf("ratelimit: line %d of the list is no address", n)
		}
		addrs = append(addrs, addr)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("ratelimit: the list of addresses cannot be read: %w", err)
	}
	return addrs, nil
}
