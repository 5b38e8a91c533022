package upstashtest

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
)

func randomToken() string { return rand.Text() }

// bearer returns the token from the Authorization header or, only when there is
// none, from the _token query parameter.
func bearer(r *http.Request) string {
	header := r.Header.Get("Authorization")
	if header == "" {
		// A query that is malformed elsewhere still names the token; what is
		// wrong with it is reported to those who may know.
		query, _ := url.ParseQuery(r.URL.RawQuery)
		return query.Get(tokenParameter)
	}
	scheme, token, ok := strings.Cut(header, " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// syncTokens hands out read-your-writes tokens: opaque, and never the same one
// twice, also not by another server.
type syncTokens struct {
	prefix string
	n      *atomic.Int64
}

func newSyncTokens() syncTokens {
	return syncTokens{prefix: rand.Text()[:8], n: new(atomic.Int64)}
}

// next returns a token for who has seen this version of the data.
func (t syncTokens) next(version int64) string {
	return t.prefix + "-" + strconv.FormatInt(version, 10) + "-" + strconv.FormatInt(t.n.Add(1), 10)
}

// version reads a token. One that is not of this server demands nothing.
func (t syncTokens) version(token string) int64 {
	rest, ours := strings.CutPrefix(token, t.prefix+"-")
	digits, _, _ := strings.Cut(rest, "-")
	version, err := strconv.ParseInt(digits, 10, 64)
	if !ours || err != nil {
		return 0
	}
	return version
}
