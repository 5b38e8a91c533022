package clientip

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
)

// Source says where the address of a client is read from. The zero Source is
// the peer. A Source is safe for concurrent use.
type Source struct {
	read     func(http.Header, []netip.Prefix) (netip.Addr, Doubt) // nil: the peer
	proxies  []netip.Prefix                                        // whose headers are read; nil: everybody's
	ipv6Bits int                                                   // that make a group; 0: defaultIPv6Bits
}

// Peer is the address of the connection, [http.Request.RemoteAddr], with or
// without a port. It reads no header.
func Peer() Source { return Source{} }

// TrustedHops is for a server behind n proxies, each of which appends the
// address it was called from to X-Forwarded-For: the client is the n-th entry
// from the right. The peer is hop 1, and hop n is the one that clients call.
//
// It holds only while nobody can reach the server around the proxies, because
// the peer is not checked. A proxy that replaces the header, or cuts it to its
// left end, must not be counted; function URLs of Lambda have been seen to do
// the latter.
func TrustedHops(n int) (Source, error) {
	if n < 1 {
		return Source{}, errors.New("clientip: TrustedHops: expected at least one hop; without proxies use Peer")
	}
	return Source{read: func(h http.Header, _ []netip.Prefix) (netip.Addr, Doubt) {
		return nthFromRight(h["X-Forwarded-For"], n)
	}}, nil
}

// TrustedProxies is for a server behind proxies with known addresses, given as
// CIDR prefixes ("10.0.0.0/8") or single addresses. X-Forwarded-For is walked
// from the right, starting at the peer, for as long as the address is that of a
// proxy; the first that is not is the client. A peer that is no proxy is the
// client itself, whatever its headers say.
//
// A prefix covers proxies and no clients: whoever calls from inside it is
// believed as a proxy is. The peer needs an address for this; behind a Unix
// socket use [TrustedHops].
func TrustedProxies(cidrs ...string) (Source, error) {
	if len(cidrs) == 0 {
		return Source{}, errors.New("clientip: TrustedProxies: expected at least one prefix; without proxies use Peer")
	}
	return trusted("TrustedProxies", cidrs, func(h http.Header, proxies []netip.Prefix) (netip.Addr, Doubt) {
		return firstUntrusted(h["X-Forwarded-For"], proxies)
	})
}

// CloudflareHeader reads CF-Connecting-IP, from peers inside the given prefixes
// only. Without prefixes it is believed from everybody, which is right only
// where Cloudflare alone can reach the server (a tunnel, mutual TLS, a
// firewall): anybody else writes the header at will.
func CloudflareHeader(cidrs ...string) (Source, error) {
	return trusted("CloudflareHeader", cidrs, func(h http.Header, _ []netip.Prefix) (netip.Addr, Doubt) {
		return single(h["Cf-Connecting-Ip"], parse)
	})
}

// CloudFrontHeader reads CloudFront-Viewer-Address, under the same conditions
// as [CloudflareHeader]: from peers inside the given prefixes, or from everybody
// where the origin is locked to CloudFront. An origin request policy has to
// send the header.
func CloudFrontHeader(cidrs ...string) (Source, error) {
	return trusted("CloudFrontHeader", cidrs, func(h http.Header, _ []netip.Prefix) (netip.Addr, Doubt) {
		return single(h["Cloudfront-Viewer-Address"], parseViewer)
	})
}

func trusted(name string, cidrs []string,
	read func(http.Header, []netip.Prefix) (netip.Addr, Doubt),
) (Source, error) {
	s := Source{read: read}
	for i, cidr := range cidrs {
		prefix, ok := parsePrefix(cidr)
		switch {
		case !ok:
			return Source{}, fmt.Errorf("clientip: %s: number %d is neither an address nor a prefix (like 10.0.0.0/8)", name, i+1)
		case prefix.Bits() == 0:
			return Source{}, fmt.Errorf("clientip: %s: number %d covers every address, clients too: name the proxies", name, i+1)
		}
		s.proxies = append(s.proxies, prefix)
	}
	return s, nil
}

// parsePrefix also takes the prefixes of mapped IPv4 addresses for what they
// mean, as addresses are unmapped before they are compared.
func parsePrefix(s string) (netip.Prefix, bool) {
	if !strings.Contains(s, "/") {
		addr, err := netip.ParseAddr(s)
		addr = plain(addr)
		return netip.PrefixFrom(addr, addr.BitLen()), err == nil
	}
	p, err := netip.ParsePrefix(s)
	if err == nil && p.Addr().Is4In6() && p.Bits() >= 96 {
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p, err == nil
}

// GroupIPv6 returns the source with another number of bits, 32 to 128, that
// [Client.Key] keeps of an IPv6 address. The default is 64, the smallest network
// that is given to anybody: whoever has one has all its addresses. Providers
// hand out up to /48 to one customer; 56 is a usual stricter choice.
func (s Source) GroupIPv6(bits int) (Source, error) {
	if bits < 32 || bits > 128 {
		return Source{}, fmt.Errorf("clientip: GroupIPv6: expected 32 to 128 bits, got %d", bits)
	}
	s.ipv6Bits = bits
	return s, nil
}

// Find returns the client of a request. It always answers: see [Client.Doubt].
func (s Source) Find(r *http.Request) Client {
	addr, ok := parse(r.RemoteAddr)
	doubt := Sure
	if s.read != nil && (s.proxies == nil || contains(s.proxies, addr)) {
		found, why := s.read(r.Header, s.proxies)
		if doubt = why; why == Sure {
			addr, ok = found, true
		}
	}
	if !ok && doubt == Sure {
		doubt = NoPeer
	}
	return Client{Addr: addr, Doubt: doubt, ipv6Bits: s.ipv6Bits}
}
