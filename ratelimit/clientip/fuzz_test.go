package clientip_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/ratelimit/clientip"
)

func find(source clientip.Source, remote, header string, lines ...string) string {
	c := source.Find(&http.Request{RemoteAddr: remote, Header: http.Header{header: lines}})
	return fmt.Sprint(c.Addr, " ", c.Doubt, " ", c.Key())
}

// FuzzForgedChain puts anything left of what the proxies wrote, in lines of its
// own and in theirs. The answer never changes.
func FuzzForgedChain(f *testing.F) {
	f.Add("198.51.100.1, ", "")
	f.Add("10.0.0.1,10.0.0.2,", "10.0.0.9\n10.0.0.8,")
	f.Add(`"[::1]:80, `, "\x00\xff,,,")
	f.Fuzz(func(t *testing.T, before, lines string) {
		const written = "203.0.113.7, 10.0.0.2"
		all := sources(t)
		for _, source := range []string{"2 hops", "proxies"} {
			want := find(all[source], "10.0.0.1:1", forwardedFor, written)
			for _, forged := range [][]string{
				append(strings.Split(lines, "\n"), before+","+written),
				append(strings.Split(lines, "\n"), before, written),
				append(strings.Split(lines, "\n"), before+",203.0.113.7", "10.0.0.2"),
			} {
				if diff := cmp.Diff(want, find(all[source], "10.0.0.1:1", forwardedFor, forged...)); diff != "" {
					t.Errorf("%s, %q (-want +got)\n%s", source, forged, diff)
				}
			}
		}
		// A peer that is no proxy decides alone.
		if diff := cmp.Diff("203.0.113.7 sure 203.0.113.7", find(all["proxies"], "203.0.113.7:1", forwardedFor, before, lines)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

// FuzzChain compares with the plain way of saying it: join, split, take.
func FuzzChain(f *testing.F) {
	f.Add("1.2.3.4, [2001:db8::1]:443\n::ffff:9.9.9.9", uint8(2))
	f.Add("fe80::1%a,b", uint8(0))
	f.Add(",\n,", uint8(3))
	f.Fuzz(func(t *testing.T, text string, hops uint8) {
		n := int(hops%4) + 1
		lines := strings.Split(text, "\n")
		source, err := clientip.TrustedHops(n)
		if err != nil {
			t.Fatal(err)
		}
		entries := strings.Split(strings.Join(lines, ","), ",")
		want := find(clientip.Peer(), "192.0.2.1", "")
		switch {
		case len(entries) < n:
			want = strings.Replace(want, "sure", "too short", 1)
		default:
			entry := find(clientip.Peer(), strings.Trim(entries[len(entries)-n], " \t"), "")
			if strings.Contains(entry, "no peer") {
				want = strings.Replace(want, "sure", "not an address", 1)
			} else {
				want = entry
			}
		}
		if diff := cmp.Diff(want, find(source, "192.0.2.1", forwardedFor, lines...)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

// FuzzAddress reads one entry: what comes out is one spelling of an address,
// which reads as itself, bare and with a port.
func FuzzAddress(f *testing.F) {
	for _, s := range []string{"203.0.113.7:1", "[fe80::1%eth0]:443", "::ffff:1.2.3.4", "[::1]", "0.0.0.0", "2001:db8::7:46532", "[[::1]]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		all := sources(t)
		for source, header := range map[string]string{"peer": "", "cf anybody": cloudflare, "viewer": cloudFront} {
			r := &http.Request{RemoteAddr: s, Header: http.Header{header: {s}}}
			if header != "" {
				r.RemoteAddr = "192.0.2.1"
			}
			c := all[source].Find(r)
			if c.Doubt != clientip.Sure {
				continue
			}
			if c.Addr != c.Addr.Unmap().WithZone("") || !c.Addr.IsValid() || c.Addr.IsUnspecified() {
				t.Fatalf("%s: %q is %v", source, s, c.Addr)
			}
			spellings := []string{c.Addr.String(), netip.AddrPortFrom(c.Addr, 443).String()}
			if source == "viewer" {
				spellings = []string{c.Addr.String() + ":443", spellings[1]}
			}
			for _, spelling := range spellings {
				if header == "" {
					r.RemoteAddr = spelling
				}
				r.Header.Set(header, spelling)
				if again := all[source].Find(r); again != c {
					t.Errorf("%s: %v read again is %v", source, c.Addr, again.Addr)
				}
			}
		}
	})
}
