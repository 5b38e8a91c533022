package upstash

import (
	"html"
	"net/url"
	"strings"
)

// newScrub returns a function that blots out the token, also in the forms that
// pages and documents write it in, and the address.
func newScrub(base, token string) func(string) string {
	var pairs []string
	for _, form := range []string{token, html.EscapeString(token), url.QueryEscape(token), strings.ReplaceAll(token, "/", `\/`)} {
		pairs = append(pairs, form, "[token]")
	}
	pairs = append(pairs, base, "[url]")
	if u, err := url.Parse(base); err == nil {
		for _, host := range []string{u.Host, u.Hostname()} {
			pairs = append(pairs, host, "[host]", strings.ToLower(host), "[host]")
		}
	}
	return strings.NewReplacer(pairs...).Replace
}

// scrubber returns the function for texts about one request, whose path may
// hold keys.
func (t *transport) scrubber(req request) func(string) string {
	if req.contentType != typeBytes {
		return t.scrub
	}
	pairs := []string{req.path, "[path]"}
	if decoded, err := url.PathUnescape(req.path); err == nil {
		pairs = append(pairs, decoded, "[path]")
	}
	path := strings.NewReplacer(pairs...)
	return func(text string) string { return path.Replace(t.scrub(text)) }
}
