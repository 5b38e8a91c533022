package lambda

import (
	"net/url"
	"slices"
	"strings"
)

// WithBasePath takes prefix off the path of every request that has it, as
// http.StripPrefix would: for a custom domain whose base path mapping stays in
// the path. It is compared in its encoded form.
func WithBasePath(prefix string) Option {
	return func(s *settings) { s.basePath = "/" + strings.Trim(prefix, "/") }
}

// target is the path and the query as they stood in the request, or as near to
// it as the event tells.
func (e *event) target(basePath string) string {
	path, decoded := e.Path, e.Version == "1.0"
	if e.source == HTTPAPI || e.source == FunctionURL {
		path, decoded = e.RawPath, e.source == HTTPAPI
	}
	// An HTTP API hands on the path decoded, in both payload formats; the others
	// leave it as it came.
	if decoded || !isEncodedPath(path) {
		path = (&url.URL{Path: path}).EscapedPath()
	}
	// An HTTP API has its stage in the path, where the path of a REST API begins
	// behind it. A handler has the same routes in both, and in all stages.
	if stage := e.RequestContext.Stage; (e.source == HTTPAPI || e.Version == "1.0") && stage != "" && stage != "$default" {
		path = withoutPrefix(path, "/"+stage)
	}
	if len(basePath) > 1 {
		path = withoutPrefix(path, basePath)
	}
	if path != "*" && !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	if query := e.query(); query != "" {
		return path + "?" + query
	}
	return path
}

// withoutPrefix takes whole segments off.
func withoutPrefix(path, prefix string) string {
	if rest, ok := strings.CutPrefix(path, prefix); ok && (rest == "" || rest[0] == '/') {
		return rest
	}
	return path
}

func isEncodedPath(path string) bool {
	_, err := url.PathUnescape(path)
	return err == nil && !strings.ContainsFunc(path, isStray) && !strings.ContainsAny(path, "?")
}

// isStray tells what cannot stand in a request line, or would end the part it
// stands in.
func isStray(r rune) bool { return r <= ' ' || r >= 0x7f || r == '#' }

// query writes the query. A REST API hands on decoded pairs, a load balancer pairs
// as they came; the order of different names is lost in both.
func (e *event) query() string {
	if e.source == HTTPAPI || e.source == FunctionURL {
		return escapeStray(e.RawQueryString)
	}
	pairs := e.MultiValueQueryStringParameters
	if pairs == nil {
		pairs = make(map[string][]string, len(e.QueryStringParameters))
		for name, value := range e.QueryStringParameters {
			pairs[name] = []string{value}
		}
	}
	if e.source == RESTAPI {
		return url.Values(pairs).Encode()
	}
	names := make([]string, 0, len(pairs))
	for name := range pairs {
		names = append(names, name)
	}
	slices.Sort(names)
	var parts []string
	for _, name := range names {
		for _, value := range pairs[name] {
			parts = append(parts, escapePart(name)+"="+escapePart(value))
		}
	}
	return strings.Join(parts, "&")
}

// escapePart encodes a name or a value that is not encoded yet.
func escapePart(s string) string {
	if _, err := url.QueryUnescape(s); err != nil || strings.ContainsAny(s, "&;") {
		return url.QueryEscape(s)
	}
	return escapeStray(s)
}

func escapeStray(s string) string {
	if !strings.ContainsFunc(s, isStray) {
		return s
	}
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; isStray(rune(c)) {
			b.WriteString(string([]byte{'%', digits[c>>4], digits[c&15]}))
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
