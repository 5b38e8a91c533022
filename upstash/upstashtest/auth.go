package upstashtest

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
)

func randomToken() string { return rand.Text() }

// authorised looks at the Authorization header and, only when there is none, at
// the _token query parameter. Both tokens are hashed first, so that the time the
// comparison takes tells neither their content nor their length.
func (s *Server) authorised(r *http.Request) bool {
	given := bearer(r)
	want, got := sha256.Sum256([]byte(s.Token)), sha256.Sum256([]byte(given))
	return given != "" && subtle.ConstantTimeCompare(want[:], got[:]) == 1
}

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

func (t syncTokens) next() string {
	return t.prefix + "-" + strconv.FormatInt(t.n.Add(1), 10)
}
