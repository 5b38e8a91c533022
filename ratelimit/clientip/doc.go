// Package clientip finds the address of the client of an HTTP request, in a way
// that the client cannot choose.
//
//	src, err := clientip.TrustedHops(1) // one load balancer in front
//	client := src.Find(r)
//	limiter.Allow(ctx, client.Key())
//
// # Which source
//
// Everything in a request is written by the client, except the address of the
// connection and what proxies of yours have added. So nothing but the peer is
// believed until the program says what stands in front of it:
//
//   - nothing, or a platform that passes the address itself, as the HTTP events
//     of Lambda do (API Gateway, function URL): the zero [Source], or [Peer];
//   - a fixed number of proxies, each of which appends to X-Forwarded-For (an
//     AWS load balancer is one): [TrustedHops];
//   - proxies with known addresses: [TrustedProxies];
//   - Cloudflare or CloudFront: [CloudflareHeader], [CloudFrontHeader].
//
// The left end of X-Forwarded-For is never believed as such: proxies append, so
// what they wrote is on the right and what the client invented on the left.
// Forwarded (RFC 7239) is not read: most proxies that append to X-Forwarded-For
// hand on the Forwarded of the client as it came.
//
// # When the headers do not fit
//
// A chain that is too short, or an entry that is no address, says that the
// request did not take the way that was described. The client is the peer then,
// and [Client.Doubt] says why. Worth a log line: a setting is wrong, or somebody
// reaches the server around its proxies.
package clientip
