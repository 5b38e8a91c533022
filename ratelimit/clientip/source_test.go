package clientip_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/ratelimit/clientip"
)

func TestSourcesRefuse(t *testing.T) {
	t.Parallel()
	proxies := func(cidrs ...string) error { _, err := clientip.TrustedProxies(cidrs...); return err }
	hops := func(n int) error { _, err := clientip.TrustedHops(n); return err }
	group := func(bits int) error { _, err := clientip.Peer().GroupIPv6(bits); return err }
	_, cloudflareErr := clientip.CloudflareHeader("secret-host")
	_, cloudFrontErr := clientip.CloudFrontHeader("10.0.0.0/8", "10.0.0.0/33")
	for _, tt := range []struct {
		name string
		err  error
		says string
	}{
		{"no hop", hops(0), "at least one hop"},
		{"less than no hop", hops(-1), "at least one hop"},
		{"no proxy", proxies(), "at least one prefix"},
		{"a name", proxies("10.0.0.0/8", "secret-host"), "number 2 is neither"},
		{"empty", proxies(""), "number 1 is neither"},
		{"everybody", proxies("0.0.0.0/0"), "covers every address"},
		{"everybody, IPv6", proxies("::/0"), "covers every address"},
		{"everybody, mapped", proxies("::ffff:0.0.0.0/96"), "covers every address"},
		{"Cloudflare", cloudflareErr, "CloudflareHeader: number 1 is neither"},
		{"CloudFront", cloudFrontErr, "CloudFrontHeader: number 2 is neither"},
		{"too wide a group", group(31), "32 to 128"},
		{"too narrow a group", group(129), "32 to 128"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.err == nil || !strings.Contains(tt.err.Error(), tt.says) {
				t.Fatalf("error = %v, want one that says %q", tt.err, tt.says)
			}
			if strings.Contains(tt.err.Error(), "secret") {
				t.Errorf("error %q repeats what it was given", tt.err)
			}
		})
	}
}

func TestKey(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		remote string
		bits   int // 0: not set
		want   string
	}{
		{"IPv4", "203.0.113.7:1", 0, "203.0.113.7"},
		{"IPv4 has no prefix", "203.0.113.7:1", 32, "203.0.113.7"},
		{"mapped", "[::ffff:203.0.113.7]:1", 0, "203.0.113.7"},
		{"IPv6", "[2001:db8:1:2:3:4:5:6]:1", 0, "2001:db8:1:2::/64"},
		{"IPv6, one network", "[2001:db8:1:2:ffff::]:1", 0, "2001:db8:1:2::/64"},
		{"IPv6, the next network", "[2001:db8:1:3::]:1", 0, "2001:db8:1:3::/64"},
		{"32", "[2001:db8:1:2:3:4:5:6]:1", 32, "2001:db8::/32"},
		{"56", "[2001:db8:1:2ff:3:4:5:6]:1", 56, "2001:db8:1:200::/56"},
		{"64", "[2001:db8:1:2:3:4:5:6]:1", 64, "2001:db8:1:2::/64"},
		{"128", "[2001:db8:1:2:3:4:5:6]:1", 128, "2001:db8:1:2:3:4:5:6/128"},
		{"a zone", "[fe80::7%eth0]:1", 0, "fe80::/64"},
		{"nothing", "", 0, "unknown"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			source := clientip.Peer()
			if tt.bits != 0 {
				var err error
				if source, err = source.GroupIPv6(tt.bits); err != nil {
					t.Fatal(err)
				}
			}
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody)
			r.RemoteAddr = tt.remote
			if diff := cmp.Diff(tt.want, source.Find(r).Key()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestDoubtNames(t *testing.T) {
	t.Parallel()
	var got []string
	for d := clientip.Sure; d <= clientip.NoPeer+1; d++ {
		got = append(got, d.String())
	}
	if diff := cmp.Diff([]string{"sure", "too short", "not an address", "no peer", "unknown"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
