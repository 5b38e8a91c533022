package clientip_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/seed-9937a0e6/upstash-go/ratelimit/clientip"
)

func Example() {
	behindOneProxy, err := clientip.TrustedHops(1)
	if err != nil {
		panic(err)
	}
	r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, "/", http.NoBody)
	r.RemoteAddr = "10.0.0.7:41022" // the proxy
	// The client sent the first entry, the proxy added the second.
	r.Header.Set("X-Forwarded-For", "198.51.100.99, 2001:db8:1:2:3::4")

	for _, source := range []clientip.Source{clientip.Peer(), behindOneProxy} {
		client := source.Find(r)
		fmt.Println(client.Addr, client.Key(), client.Doubt)
	}

	r.Header.Del("X-Forwarded-For") // somebody calls the server without the proxy
	client := behindOneProxy.Find(r)
	fmt.Println(client.Addr, client.Key(), client.Doubt)
	// Output:
	// 10.0.0.7 10.0.0.7 sure
	// 2001:db8:1:2:3::4 2001:db8:1:2::/64 sure
	// 10.0.0.7 10.0.0.7 too short
}
