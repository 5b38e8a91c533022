package ratelimit

import (
	"errors"
	"maps"
	"net/netip"
	"slices"
)

// prefixes are networks whose addresses are refused in the process. They are
// looked up by length, of which there are few, however many networks there are.
type prefixes struct {
	networks map[netip.Prefix]struct{}
	lengths  []int // that occur, the longest first
}

var errPrefix = errors.New("ratelimit: DenyPrefixes has one that is not valid: make them with netip.ParsePrefix or netip.PrefixFrom")

func newPrefixes(list []netip.Prefix) (*prefixes, error) {
	if len(list) == 0 {
		return nil, nil //nolint:nilnil // a nil one denies nothing
	}
	p := &prefixes{networks: make(map[netip.Prefix]struct{}, len(list))}
	lengths := map[int]struct{}{}
	for _, network := range list {
		if !network.IsValid() {
			return nil, errPrefix
		}
		if a := network.Addr(); a.Is4In6() {
			if network.Bits() < 96 { // of ::ffff:0:0/96, what is written there as IPv6
				return nil, errPrefix
			}
			network = netip.PrefixFrom(a.Unmap(), network.Bits()-96)
		}
		p.networks[network.Masked()] = struct{}{}
		lengths[network.Bits()] = struct{}{}
	}
	p.lengths = slices.Sorted(maps.Keys(lengths))
	slices.Reverse(p.lengths)
	return p, nil
}

// find returns the first of the texts that is an address in one of the networks,
// or a network within one.
func (p *prefixes) find(texts ...string) (string, bool) {
	if p == nil {
		return "", false
	}
	for _, text := range texts {
		network, is := networkOf(text)
		if is && p.contains(network) {
			return text, true
		}
	}
	return "", false
}

// networkOf reads an address, or the network that IPv6 addresses are counted by.
func networkOf(text string) (netip.Prefix, bool) {
	if addr, err := netip.ParseAddr(text); err == nil {
		addr = addr.Unmap().WithZone("")
		return netip.PrefixFrom(addr, addr.BitLen()), true
	}
	network, err := netip.ParsePrefix(text)
	return network, err == nil
}

func (p *prefixes) contains(network netip.Prefix) bool {
	for _, bits := range p.lengths {
		if bits > network.Bits() {
			continue
		}
		wider := netip.PrefixFrom(network.Addr(), bits).Masked()
		if _, is := p.networks[wider]; is {
			return true
		}
	}
	return false
}
