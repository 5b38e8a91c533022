package clientip

import (
	"net/netip"
	"strconv"
	"strings"
)

// parse reads an address with or without a port: 192.0.2.1, 192.0.2.1:443,
// 2001:db8::1, [2001:db8::1], [2001:db8::1]:443, each IPv6 form with or without
// a zone.
func parse(s string) (netip.Addr, bool) {
	inside, bracketed := strings.CutPrefix(s, "[")
	if bracketed {
		inside, bracketed = strings.CutSuffix(inside, "]")
	}
	var addr netip.Addr
	var err error
	if bracketed {
		addr, err = netip.ParseAddr(inside)
		if addr.Is4() {
			return netip.Addr{}, false
		}
	} else if addr, err = netip.ParseAddr(s); err != nil {
		var withPort netip.AddrPort
		withPort, err = netip.ParseAddrPort(s)
		addr = withPort.Addr()
	}
	addr = plain(addr)
	// The unspecified address parses and is nobody's.
	if err != nil || addr.IsUnspecified() {
		return netip.Addr{}, false
	}
	return addr, true
}

// parseViewer reads CloudFront-Viewer-Address. CloudFront puts the port behind a
// colon without bracketing IPv6, so 2001:db8::9:4711 is an address of its own to
// every other parser. The port is always there and always last.
func parseViewer(s string) (netip.Addr, bool) {
	colon := strings.LastIndexByte(s, ':')
	if colon < 0 {
		return netip.Addr{}, false
	}
	host, port := s[:colon], s[colon+1:]
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return netip.Addr{}, false
	}
	bracketed := strings.HasPrefix(host, "[")
	if bracketed && !strings.HasSuffix(host, "]") || !bracketed && strings.Count(host, ":") == 1 {
		return netip.Addr{}, false // what is left has a port as well
	}
	return parse(host)
}

// plain makes one address of its spellings: IPv4 mapped into IPv6 is IPv4, and
// a zone names an interface of whoever wrote it, not the client.
func plain(addr netip.Addr) netip.Addr { return addr.Unmap().WithZone("") }

func contains(prefixes []netip.Prefix, addr netip.Addr) bool {
	for _, p := range prefixes {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}
