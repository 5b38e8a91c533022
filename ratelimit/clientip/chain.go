package clientip

import (
	"iter"
	"net/netip"
	"slices"
	"strings"
)

// fromRight yields the entries of a list header from its last to its first.
// Repeated lines are one list, in their order. An empty entry is an entry: to
// skip it would let a client shift what stands beside it.
func fromRight(lines []string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, rest := range slices.Backward(lines) {
			for comma := 0; comma >= 0; {
				comma = strings.LastIndexByte(rest, ',')
				if !yield(strings.Trim(rest[comma+1:], " \t")) {
					return
				}
				rest = rest[:max(comma, 0)]
			}
		}
	}
}

// nthFromRight reads the entry that the n-th proxy from here wrote. What stands
// left of it is not looked at.
func nthFromRight(lines []string, n int) (netip.Addr, Doubt) {
	for entry := range fromRight(lines) {
		if n--; n > 0 {
			continue
		}
		if addr, ok := parse(entry); ok {
			return addr, Sure
		}
		return netip.Addr{}, NotAddress
	}
	return netip.Addr{}, TooShort
}

// firstUntrusted reads the nearest entry that is no proxy, or the farthest of
// all where every one is: then a proxy called by itself.
func firstUntrusted(lines []string, proxies []netip.Prefix) (netip.Addr, Doubt) {
	client, doubt := netip.Addr{}, TooShort
	for entry := range fromRight(lines) {
		addr, ok := parse(entry)
		if !ok {
			return netip.Addr{}, NotAddress
		}
		if client, doubt = addr, Sure; !contains(proxies, addr) {
			break
		}
	}
	return client, doubt
}

// single reads a header that its proxy sets, and does not append to. Two lines
// mean that one of them is somebody else's.
func single(lines []string, parse func(string) (netip.Addr, bool)) (netip.Addr, Doubt) {
	if len(lines) == 0 {
		return netip.Addr{}, TooShort
	}
	if addr, ok := parse(strings.Trim(lines[0], " \t")); ok && len(lines) == 1 {
		return addr, Sure
	}
	return netip.Addr{}, NotAddress
}
