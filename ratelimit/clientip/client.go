package clientip

import "net/netip"

const defaultIPv6Bits = 64

// Client is who sent a request, as far as it can be known.
type Client struct {
	// Addr is the address: IPv4 where IPv4 was mapped into IPv6, and without a
	// zone. It is the zero Addr where neither the headers nor the peer gave one.
	Addr netip.Addr
	// Doubt is why the peer was taken in place of what the source describes.
	Doubt Doubt

	ipv6Bits int
}

// Key is what to count the client under: the text of an IPv4 address, the
// prefix of an IPv6 address ("2001:db8:1:2::/64", see [Source.GroupIPv6]), and
// "unknown" without an address, so that all of those share one count.
func (c Client) Key() string {
	switch {
	case !c.Addr.IsValid():
		return "unknown"
	case c.Addr.Is4():
		return c.Addr.String()
	}
	bits := c.ipv6Bits
	if bits == 0 {
		bits = defaultIPv6Bits
	}
	return netip.PrefixFrom(c.Addr, bits).Masked().String()
}

// Doubt is a reason not to rely on an address.
type Doubt uint8

// Reasons.
const (
	// Sure: the address comes from where the source says.
	Sure Doubt = iota
	// TooShort: the header of the proxies is missing, or has fewer entries than
	// there are trusted hops.
	TooShort
	// NotAddress: the entry that should name the client is no address, or a
	// header that is written once came twice.
	NotAddress
	// NoPeer: the connection has no address, as over a Unix socket.
	NoPeer
)

// String names the doubt.
func (d Doubt) String() string {
	switch d {
	case Sure:
		return "sure"
	case TooShort:
		return "too short"
	case NotAddress:
		return "not an address"
	case NoPeer:
		return "no peer"
	default:
		return "unknown"
	}
}
