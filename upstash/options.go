package upstash

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
	"unicode"
)

// Options says which database a [Client] talks to, and how. URL and Token are
// required; every other field may stay zero.
//
// Printing Options shows neither the URL nor the token.
type Options struct {
	// URL is the REST URL of the database, https://... as its console shows it.
	URL string

	// Token is the REST token, sent as a bearer token.
	Token string

	// AllowInsecure permits plain http to a host that is not this machine. The
	// token then crosses the network readable by anyone on the way.
	AllowInsecure bool

	// HTTPClient replaces the client's own connection pool. Runtimes that
	// bring their own fetch, such as Workers, need it. Its Transport is used as
	// it is; redirects and cookies are off whatever it says, because a redirect
	// would carry the token to another host.
	HTTPClient *http.Client

	// Timeout bounds a call whose context has no deadline, its retries
	// included. Default 30s; negative for no bound.
	Timeout time.Duration

	// Retry says when a failed round trip is tried again. The default is
	// careful: what may have run is sent again only if it reads.
	Retry RetryOptions

	// Format is how replies are written on the wire. Default [FormatBase64].
	Format ReplyFormat

	// MaxReply is the largest response body that is read, in bytes. A larger
	// one is an [ErrTooLarge]. Default 128 MiB, which holds the largest record
	// of the common plans (100 MB) in base64.
	MaxReply int

	// Middleware wraps every round trip, the first one outermost. A retry
	// passes through it again.
	Middleware []Middleware

	// Observe is called after every round trip, on the goroutine that made it.
	// It must be safe for concurrent use.
	Observe func(ctx context.Context, rt RoundTrip)
}

const (
	defaultTimeout  = 30 * time.Second
	defaultMaxReply = 128 << 20
)

// Environment variables that [FromEnv] reads: the pair of the Upstash console
// first, then the pair that Vercel's integration sets. The pairs are never mixed.
const (
	EnvURL     = "UPSTASH_REDIS_REST_URL"
	EnvToken   = "UPSTASH_REDIS_REST_TOKEN"
	EnvKVURL   = "KV_REST_API_URL"
	EnvKVToken = "KV_REST_API_TOKEN"
)

// OptionsFromEnv reads URL and Token as [FromEnv] does, for a program that sets
// other options besides. The error names the variable that is missing.
func OptionsFromEnv() (Options, error) {
	for _, pair := range [][2]string{{EnvURL, EnvToken}, {EnvKVURL, EnvKVToken}} {
		o := Options{URL: os.Getenv(pair[0]), Token: os.Getenv(pair[1])}
		switch {
		case o.URL != "" && o.Token != "":
			return o, nil
		case o.URL != "":
			return Options{}, fmt.Errorf("upstash: %s is set but %s is missing: set both", pair[0], pair[1])
		case o.Token != "":
			return Options{}, fmt.Errorf("upstash: %s is set but %s is missing: set both", pair[1], pair[0])
		}
	}
	return Options{}, fmt.Errorf("upstash: %s and %s are missing: set both to the values in the database's console", EnvURL, EnvToken)
}

// validate returns the base URL without a trailing slash, or says what is wrong
// without repeating it.
func (o Options) validate() (string, error) {
	base, err := validURL(o.URL, o.AllowInsecure)
	if err != nil {
		return "", fmt.Errorf("upstash: URL %w", err)
	}
	if err := validToken(o.Token); err != nil {
		return "", fmt.Errorf("upstash: token %w", err)
	}
	if o.MaxReply < 0 {
		return "", errors.New("upstash: MaxReply is negative: give a number of bytes, or 0 for the default")
	}
	if o.Format > FormatRESP2 {
		return "", errors.New("upstash: Format is unknown: give FormatBase64, FormatJSON or FormatRESP2")
	}
	if err := o.Retry.validate(); err != nil {
		return "", err
	}
	return base, nil
}

func validURL(raw string, allowInsecure bool) (string, error) {
	const expected = "expected the REST URL of the database, https://<name>.upstash.io"
	if raw == "" {
		return "", errors.New("is empty: " + expected)
	}
	if strings.ContainsFunc(raw, isBlank) {
		return "", errors.New("contains a blank or a line break: copy it again; " + expected)
	}
	u, err := url.Parse(raw)
	if err != nil { // its text repeats the URL
		return "", errors.New("does not parse: " + expected)
	}
	switch u.Scheme {
	case "https":
	case "http":
		if !allowInsecure && !isLoopback(u.Hostname()) {
			return "", errors.New("is plain http to another machine, which would send the token in the clear: use https, or set AllowInsecure")
		}
	case "redis", "rediss":
		return "", fmt.Errorf("is the %s:// address for TCP clients: %s", u.Scheme, expected)
	default:
		return "", errors.New("does not start with https://: " + expected)
	}
	switch {
	case u.Hostname() == "":
		return "", errors.New("has no host: " + expected)
	case u.User != nil:
		return "", errors.New("holds a user or a password: leave them out and give the REST token as Token")
	case strings.ContainsAny(raw, "?#"): // an empty query would swallow the path
		return "", errors.New("has a query or a fragment: leave them out and give the REST token as Token")
	}
	return strings.TrimRight(raw, "/"), nil
}

func validToken(token string) error {
	switch {
	case token == "":
		return errors.New("is empty: expected the REST token of the database")
	case strings.ContainsFunc(token, isBlank):
		return errors.New("contains a blank or a line break: copy it again")
	case strings.ContainsFunc(token, func(r rune) bool { return r < '!' || r > '~' || r == '"' || r == '\'' }):
		return errors.New("contains a quote or a character that no token has: copy it again, without quotes")
	}
	return nil
}

// isBlank also knows what pages leave in copied text without showing it.
func isBlank(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}

// String shows that there are options, and nothing of them.
func (o Options) String() string { return "upstash.Options{URL and Token hidden}" }

// GoString is [Options.String], so that %#v shows no token either.
func (o Options) GoString() string { return o.String() }

// LogValue is [Options.String], so that a logger shows no token either.
func (o Options) LogValue() slog.Value { return slog.StringValue(o.String()) }
