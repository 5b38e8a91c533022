package clientip_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/ratelimit/clientip"
)

const (
	forwardedFor = "X-Forwarded-For"
	cloudflare   = "Cf-Connecting-Ip"
	cloudFront   = "Cloudfront-Viewer-Address"
)

// sources by the names that the table uses.
func sources(t *testing.T) map[string]clientip.Source {
	t.Helper()
	must := func(s clientip.Source, err error) clientip.Source {
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	return map[string]clientip.Source{
		"zero":        {},
		"peer":        clientip.Peer(),
		"1 hop":       must(clientip.TrustedHops(1)),
		"2 hops":      must(clientip.TrustedHops(2)),
		"3 hops":      must(clientip.TrustedHops(3)),
		"proxies":     must(clientip.TrustedProxies("10.0.0.0/8", "fd00::/8", "192.0.2.200")),
		"mapped":      must(clientip.TrustedProxies("::ffff:10.0.0.0/104")),
		"cf anybody":  must(clientip.CloudflareHeader()),
		"cf locked":   must(clientip.CloudflareHeader("173.245.48.0/20")),
		"viewer":      must(clientip.CloudFrontHeader()),
		"viewer lock": must(clientip.CloudFrontHeader("10.0.0.0/8")),
	}
}

// TestSpoofing gives, for every source, what an attacker may try and what a
// proxy may write. The attacker is at 203.0.113.7 or 2001:db8::7, or is the peer,
// and an answer that names anybody else but a proxy would be a success.
func TestSpoofing(t *testing.T) {
	t.Parallel()
	type lines = []string
	for _, tt := range []struct {
		name   string
		source string
		remote string
		header string
		lines  lines
		want   string // of Addr
		doubt  clientip.Doubt
	}{
		// No header counts unasked.
		{"zero ignores the chain", "zero", "203.0.113.7:5000", forwardedFor, lines{"198.51.100.1"}, "203.0.113.7", clientip.Sure},
		{"peer ignores the chain", "peer", "203.0.113.7:5000", forwardedFor, lines{"198.51.100.1"}, "203.0.113.7", clientip.Sure},
		{"peer ignores Cloudflare", "peer", "203.0.113.7:5000", cloudflare, lines{"198.51.100.1"}, "203.0.113.7", clientip.Sure},
		{"peer ignores CloudFront", "peer", "203.0.113.7:5000", cloudFront, lines{"198.51.100.1:1"}, "203.0.113.7", clientip.Sure},
		{"peer ignores X-Real-Ip", "peer", "203.0.113.7:5000", "X-Real-Ip", lines{"198.51.100.1"}, "203.0.113.7", clientip.Sure},
		{"peer ignores Forwarded", "peer", "203.0.113.7:5000", "Forwarded", lines{"for=198.51.100.1"}, "203.0.113.7", clientip.Sure},
		{"a hop ignores Forwarded", "1 hop", "10.0.0.1:1", "Forwarded", lines{"for=198.51.100.1"}, "10.0.0.1", clientip.TooShort},
		{"a hop ignores X-Real-Ip", "1 hop", "10.0.0.1:1", "X-Real-Ip", lines{"198.51.100.1"}, "10.0.0.1", clientip.TooShort},
		{"a hop ignores Cloudflare", "1 hop", "10.0.0.1:1", cloudflare, lines{"198.51.100.1"}, "10.0.0.1", clientip.TooShort},
		{"Cloudflare ignores the chain", "cf anybody", "173.245.48.9:1", forwardedFor, lines{"198.51.100.1"}, "173.245.48.9", clientip.TooShort},

		// Forms of the peer.
		{"peer without a port", "peer", "203.0.113.7", "", nil, "203.0.113.7", clientip.Sure},
		{"peer IPv6", "peer", "[2001:db8::7]:5000", "", nil, "2001:db8::7", clientip.Sure},
		{"peer IPv6 without a port", "peer", "2001:db8::7", "", nil, "2001:db8::7", clientip.Sure},
		{"peer IPv6 in brackets", "peer", "[2001:db8::7]", "", nil, "2001:db8::7", clientip.Sure},
		{"peer with a zone", "peer", "[fe80::7%eth0]:5000", "", nil, "fe80::7", clientip.Sure},
		{"peer mapped", "peer", "[::ffff:203.0.113.7]:5000", "", nil, "203.0.113.7", clientip.Sure},
		{"peer mapped with a zone", "peer", "[::ffff:203.0.113.7%eth0]:5000", "", nil, "203.0.113.7", clientip.Sure},
		{"no peer", "peer", "", "", nil, "invalid IP", clientip.NoPeer},
		{"peer of a Unix socket", "peer", "@", "", nil, "invalid IP", clientip.NoPeer},
		{"peer with a name", "peer", "localhost:5000", "", nil, "invalid IP", clientip.NoPeer},

		// One hop: the last entry, whatever is left of it.
		{"the chain of the proxy alone", "1 hop", "10.0.0.1:1", forwardedFor, lines{"203.0.113.7"}, "203.0.113.7", clientip.Sure},
		{"a forged entry", "1 hop", "10.0.0.1:1", forwardedFor, lines{"198.51.100.1, 203.0.113.7"}, "203.0.113.7", clientip.Sure},
		{"many forged entries", "1 hop", "10.0.0.1:1", forwardedFor, lines{"1.1.1.1,2.2.2.2,3.3.3.3,203.0.113.7"}, "203.0.113.7", clientip.Sure},
		{"a forged line of its own", "1 hop", "10.0.0.1:1", forwardedFor, lines{"198.51.100.1", "203.0.113.7"}, "203.0.113.7", clientip.Sure},
		{"forged lines and entries", "1 hop", "10.0.0.1:1", forwardedFor, lines{"1.1.1.1, 2.2.2.2", "3.3.3.3", "4.4.4.4,203.0.113.7"}, "203.0.113.7", clientip.Sure},
		{"an entry that the proxy completes", "1 hop", "10.0.0.1:1", forwardedFor, lines{"198.51.100.1,, 203.0.113.7"}, "203.0.113.7", clientip.Sure},
		{"forged commas", "1 hop", "10.0.0.1:1", forwardedFor, lines{",,,,, 203.0.113.7"}, "203.0.113.7", clientip.Sure},
		{"a forged quote", "1 hop", "10.0.0.1:1", forwardedFor, lines{`"198.51.100.1, 203.0.113.7`}, "203.0.113.7", clientip.Sure},
		{"forged garbage", "1 hop", "10.0.0.1:1", forwardedFor, lines{"\x00\xff<script>, 203.0.113.7"}, "203.0.113.7", clientip.Sure},
		{"a forged proxy", "1 hop", "10.0.0.1:1", forwardedFor, lines{"10.0.0.1, 203.0.113.7"}, "203.0.113.7", clientip.Sure},
		{"blanks and tabs", "1 hop", "10.0.0.1:1", forwardedFor, lines{"198.51.100.1,\t 203.0.113.7 \t"}, "203.0.113.7", clientip.Sure},
		{"an entry with a port", "1 hop", "10.0.0.1:1", forwardedFor, lines{"203.0.113.7:1234"}, "203.0.113.7", clientip.Sure},
		{"an IPv6 entry", "1 hop", "10.0.0.1:1", forwardedFor, lines{"198.51.100.1, 2001:db8::7"}, "2001:db8::7", clientip.Sure},
		{"an IPv6 entry with a port", "1 hop", "10.0.0.1:1", forwardedFor, lines{"[2001:db8::7]:1234"}, "2001:db8::7", clientip.Sure},
		{"an IPv6 entry in brackets", "1 hop", "10.0.0.1:1", forwardedFor, lines{"[2001:db8::7]"}, "2001:db8::7", clientip.Sure},
		{"an entry with a zone", "1 hop", "10.0.0.1:1", forwardedFor, lines{"fe80::7%anything"}, "fe80::7", clientip.Sure},
		{"a mapped entry", "1 hop", "10.0.0.1:1", forwardedFor, lines{"::ffff:203.0.113.7"}, "203.0.113.7", clientip.Sure},
		{"a mapped entry in hexadecimal", "1 hop", "10.0.0.1:1", forwardedFor, lines{"[::ffff:cb00:7107]:1"}, "203.0.113.7", clientip.Sure},
		{"no peer, but a chain", "1 hop", "", forwardedFor, lines{"198.51.100.1, 203.0.113.7"}, "203.0.113.7", clientip.Sure},

		// One hop: what is no address.
		{"a name", "1 hop", "10.0.0.1:1", forwardedFor, lines{"198.51.100.1, unknown"}, "10.0.0.1", clientip.NotAddress},
		{"an obfuscated name", "1 hop", "10.0.0.1:1", forwardedFor, lines{"_hidden"}, "10.0.0.1", clientip.NotAddress},
		{"an empty entry", "1 hop", "10.0.0.1:1", forwardedFor, lines{"198.51.100.1, "}, "10.0.0.1", clientip.NotAddress},
		{"an empty line", "1 hop", "10.0.0.1:1", forwardedFor, lines{""}, "10.0.0.1", clientip.NotAddress},
		{"an empty last line", "1 hop", "10.0.0.1:1", forwardedFor, lines{"198.51.100.1", ""}, "10.0.0.1", clientip.NotAddress},
		{"a port out of range", "1 hop", "10.0.0.1:1", forwardedFor, lines{"203.0.113.7:99999"}, "10.0.0.1", clientip.NotAddress},
		{"an empty port", "1 hop", "10.0.0.1:1", forwardedFor, lines{"203.0.113.7:"}, "10.0.0.1", clientip.NotAddress},
		{"leading zeros", "1 hop", "10.0.0.1:1", forwardedFor, lines{"203.0.113.007"}, "10.0.0.1", clientip.NotAddress},
		{"a number for an address", "1 hop", "10.0.0.1:1", forwardedFor, lines{"3405803783"}, "10.0.0.1", clientip.NotAddress},
		{"three parts", "1 hop", "10.0.0.1:1", forwardedFor, lines{"203.0.113"}, "10.0.0.1", clientip.NotAddress},
		{"IPv4 in brackets", "1 hop", "10.0.0.1:1", forwardedFor, lines{"[203.0.113.7]"}, "10.0.0.1", clientip.NotAddress},
		{"IPv4 in brackets with a port", "1 hop", "10.0.0.1:1", forwardedFor, lines{"[203.0.113.7]:1"}, "10.0.0.1", clientip.NotAddress},
		{"a bracket left open", "1 hop", "10.0.0.1:1", forwardedFor, lines{"[2001:db8::7"}, "10.0.0.1", clientip.NotAddress},
		{"a prefix for an address", "1 hop", "10.0.0.1:1", forwardedFor, lines{"203.0.113.0/24"}, "10.0.0.1", clientip.NotAddress},
		{"quotes", "1 hop", "10.0.0.1:1", forwardedFor, lines{`"203.0.113.7"`}, "10.0.0.1", clientip.NotAddress},
		{"the unspecified address", "1 hop", "10.0.0.1:1", forwardedFor, lines{"0.0.0.0"}, "10.0.0.1", clientip.NotAddress},
		{"the unspecified address, mapped", "1 hop", "10.0.0.1:1", forwardedFor, lines{"::ffff:0.0.0.0"}, "10.0.0.1", clientip.NotAddress},
		{"two addresses and no comma", "1 hop", "10.0.0.1:1", forwardedFor, lines{"198.51.100.1 203.0.113.7"}, "10.0.0.1", clientip.NotAddress},
		{"semicolons for commas", "1 hop", "10.0.0.1:1", forwardedFor, lines{"198.51.100.1; 203.0.113.7"}, "10.0.0.1", clientip.NotAddress},

		// Several hops.
		{"two hops", "2 hops", "10.0.0.1:1", forwardedFor, lines{"203.0.113.7, 10.0.0.2"}, "203.0.113.7", clientip.Sure},
		{"two hops, forged", "2 hops", "10.0.0.1:1", forwardedFor, lines{"198.51.100.1, 203.0.113.7, 10.0.0.2"}, "203.0.113.7", clientip.Sure},
		{"two hops over lines", "2 hops", "10.0.0.1:1", forwardedFor, lines{"198.51.100.1", "203.0.113.7", "10.0.0.2"}, "203.0.113.7", clientip.Sure},
		{"two hops, one line each", "2 hops", "10.0.0.1:1", forwardedFor, lines{"198.51.100.1, 203.0.113.7", "10.0.0.2"}, "203.0.113.7", clientip.Sure},
		{"two hops, the inner writes a name", "2 hops", "10.0.0.1:1", forwardedFor, lines{"203.0.113.7, unknown"}, "203.0.113.7", clientip.Sure},
		{"two hops, the outer passed by", "2 hops", "10.0.0.1:1", forwardedFor, lines{"203.0.113.7"}, "10.0.0.1", clientip.TooShort},
		{"two hops, none passed", "2 hops", "203.0.113.7:1", "", nil, "203.0.113.7", clientip.TooShort},
		{"three hops", "3 hops", "10.0.0.1:1", forwardedFor, lines{"9.9.9.9, 203.0.113.7", "10.0.0.3, 10.0.0.2"}, "203.0.113.7", clientip.Sure},
		{"three hops, short", "3 hops", "10.0.0.1:1", forwardedFor, lines{"203.0.113.7, 10.0.0.2"}, "10.0.0.1", clientip.TooShort},

		// Proxies by address.
		{"no proxy, forged", "proxies", "203.0.113.7:1", forwardedFor, lines{"198.51.100.1"}, "203.0.113.7", clientip.Sure},
		{"no proxy, forged as a proxy", "proxies", "203.0.113.7:1", forwardedFor, lines{"198.51.100.1, 10.0.0.1"}, "203.0.113.7", clientip.Sure},
		{"one proxy, forged", "proxies", "10.0.0.1:1", forwardedFor, lines{"198.51.100.1, 203.0.113.7"}, "203.0.113.7", clientip.Sure},
		{"one proxy, forged with a proxy", "proxies", "10.0.0.1:1", forwardedFor, lines{"198.51.100.1, 10.0.0.9, 203.0.113.7"}, "203.0.113.7", clientip.Sure},
		{"two proxies", "proxies", "10.0.0.1:1", forwardedFor, lines{"198.51.100.1, 203.0.113.7, 10.0.0.2"}, "203.0.113.7", clientip.Sure},
		{"proxies over lines", "proxies", "10.0.0.1:1", forwardedFor, lines{"198.51.100.1", "203.0.113.7, 10.0.0.3", "10.0.0.2"}, "203.0.113.7", clientip.Sure},
		{"a proxy by its address", "proxies", "192.0.2.200:1", forwardedFor, lines{"203.0.113.7, 192.0.2.200"}, "203.0.113.7", clientip.Sure},
		{"beside that address", "proxies", "192.0.2.201:1", forwardedFor, lines{"198.51.100.1"}, "192.0.2.201", clientip.Sure},
		{"an IPv6 proxy", "proxies", "[fd00::1]:1", forwardedFor, lines{"198.51.100.1, 2001:db8::7"}, "2001:db8::7", clientip.Sure},
		{"an IPv6 proxy with a zone", "proxies", "[fd00::1%eth0]:1", forwardedFor, lines{"2001:db8::7, fd00::2%x"}, "2001:db8::7", clientip.Sure},
		{"a mapped proxy", "proxies", "[::ffff:10.0.0.1]:1", forwardedFor, lines{"203.0.113.7, ::ffff:10.0.0.2"}, "203.0.113.7", clientip.Sure},
		{"a mapped prefix", "mapped", "10.0.0.1:1", forwardedFor, lines{"198.51.100.1, 203.0.113.7, 10.0.0.2"}, "203.0.113.7", clientip.Sure},
		{"a mapped prefix is no more than it says", "mapped", "11.0.0.1:1", forwardedFor, lines{"198.51.100.1"}, "11.0.0.1", clientip.Sure},
		{"a proxy that added nothing", "proxies", "10.0.0.1:1", "", nil, "10.0.0.1", clientip.TooShort},
		{"a proxy that wrote a name", "proxies", "10.0.0.1:1", forwardedFor, lines{"198.51.100.1, unknown"}, "10.0.0.1", clientip.NotAddress},
		{"garbage behind the client", "proxies", "10.0.0.1:1", forwardedFor, lines{"garbage, 203.0.113.7"}, "203.0.113.7", clientip.Sure},
		{"a proxy called by a proxy", "proxies", "10.0.0.1:1", forwardedFor, lines{"10.0.0.3, 10.0.0.2"}, "10.0.0.3", clientip.Sure},
		{"proxies without a peer", "proxies", "@", forwardedFor, lines{"198.51.100.1"}, "invalid IP", clientip.NoPeer},

		// Headers of one entry.
		{"Cloudflare", "cf locked", "173.245.48.9:1", cloudflare, lines{"203.0.113.7"}, "203.0.113.7", clientip.Sure},
		{"around Cloudflare", "cf locked", "203.0.113.7:1", cloudflare, lines{"198.51.100.1"}, "203.0.113.7", clientip.Sure},
		{"Cloudflare twice", "cf locked", "173.245.48.9:1", cloudflare, lines{"198.51.100.1", "203.0.113.7"}, "173.245.48.9", clientip.NotAddress},
		{"Cloudflare with a list", "cf locked", "173.245.48.9:1", cloudflare, lines{"198.51.100.1, 203.0.113.7"}, "173.245.48.9", clientip.NotAddress},
		{"Cloudflare with nothing", "cf locked", "173.245.48.9:1", cloudflare, lines{""}, "173.245.48.9", clientip.NotAddress},
		{"Cloudflare missing", "cf locked", "173.245.48.9:1", "", nil, "173.245.48.9", clientip.TooShort},
		{"Cloudflare without a lock", "cf anybody", "10.0.0.1:1", cloudflare, lines{"2001:db8::7"}, "2001:db8::7", clientip.Sure},
		{"CloudFront", "viewer", "10.0.0.1:1", cloudFront, lines{"203.0.113.7:46532"}, "203.0.113.7", clientip.Sure},
		{"CloudFront IPv6 has no brackets", "viewer", "10.0.0.1:1", cloudFront, lines{"2001:db8::7:46532"}, "2001:db8::7", clientip.Sure},
		{"CloudFront IPv6, the port looks like a part", "viewer", "10.0.0.1:1", cloudFront, lines{"2001:db8::7:4653"}, "2001:db8::7", clientip.Sure},
		{"CloudFront IPv6 in brackets", "viewer", "10.0.0.1:1", cloudFront, lines{"[2001:db8::7]:443"}, "2001:db8::7", clientip.Sure},
		{"CloudFront without a port", "viewer", "10.0.0.1:1", cloudFront, lines{"203.0.113.7"}, "10.0.0.1", clientip.NotAddress},
		{"CloudFront with two ports", "viewer", "10.0.0.1:1", cloudFront, lines{"203.0.113.7:1:2"}, "10.0.0.1", clientip.NotAddress},
		{"CloudFront IPv6 with two ports", "viewer", "10.0.0.1:1", cloudFront, lines{"[2001:db8::7]:1:2"}, "10.0.0.1", clientip.NotAddress},
		{"CloudFront with a port out of range", "viewer", "10.0.0.1:1", cloudFront, lines{"203.0.113.7:65536"}, "10.0.0.1", clientip.NotAddress},
		{"CloudFront twice", "viewer", "10.0.0.1:1", cloudFront, lines{"198.51.100.1:1", "203.0.113.7:2"}, "10.0.0.1", clientip.NotAddress},
		{"around CloudFront", "viewer lock", "203.0.113.7:1", cloudFront, lines{"198.51.100.1:1"}, "203.0.113.7", clientip.Sure},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody)
			r.RemoteAddr = tt.remote
			if tt.header != "" {
				r.Header[tt.header] = tt.lines
			}
			type found struct {
				Addr  string
				Doubt string
			}
			client := sources(t)[tt.source].Find(r)
			want, got := found{tt.want, tt.doubt.String()}, found{client.Addr.String(), client.Doubt.String()}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
