package session

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"
)

// CookieOptions is what the cookie is like. The zero value is the best one:
// "__Host-id", which browsers accept only over TLS, from exactly this host and
// for all of it. Every cookie is HttpOnly and has a SameSite; it holds 100
// characters.
type CookieOptions struct {
	// Name begins with "__Host-", or with "__Secure-" where there is a Domain.
	// Default "__Host-id", "__Secure-id", and "id" where Insecure.
	Name string

	// Domain shares the cookie with all hosts below it. Any of them can then
	// read it, and set another one.
	Domain string

	// Path is other than "/" only where there is a Domain. It protects nothing.
	Path string

	// SameSite is Lax by default. Strict leaves out the cookie when somebody
	// follows a link to the site.
	SameSite http.SameSite

	// Insecure is for development: plain http on a loopback address. Requests
	// for any other host are refused.
	Insecure bool
}

// maxCookie is how many bytes of name and value browsers take, by RFC 6265.
const maxCookie = 4096

const (
	hostPrefix   = "__Host-"
	securePrefix = "__Secure-"
)

func (c *CookieOptions) complete() error {
	if c.Path == "" {
		c.Path = "/"
	}
	if c.SameSite == 0 {
		c.SameSite = http.SameSiteLaxMode
	}
	prefix := hostPrefix
	switch {
	case c.Insecure:
		prefix = ""
	case c.Domain != "":
		prefix = securePrefix
	}
	if c.Name == "" {
		c.Name = prefix + "id"
	}
	isHost := len(c.Name) >= len(hostPrefix) && strings.EqualFold(c.Name[:len(hostPrefix)], hostPrefix)
	isSecure := len(c.Name) >= len(securePrefix) && strings.EqualFold(c.Name[:len(securePrefix)], securePrefix)
	switch {
	case isHost && c.Insecure, isSecure && c.Insecure:
		return fmt.Errorf("session: cookie name %q with Insecure: browsers refuse it, expected a name without a prefix", c.Name)
	case isHost && c.Domain != "":
		return fmt.Errorf("session: cookie name %q with a Domain: browsers refuse it, expected a name that begins with %q", c.Name, securePrefix)
	case c.Insecure && c.Domain != "":
		return errors.New("session: a cookie with a Domain and Insecure: expected one of the two")
	case c.Domain == "" && c.Path != "/":
		return fmt.Errorf("session: cookie path %q: expected \"/\", or a Domain too", c.Path)
	case isSecure && c.Domain == "":
		return fmt.Errorf("session: cookie name %q without a Domain: expected one that begins with %q, which nobody else can set", c.Name, hostPrefix)
	case !strings.HasPrefix(c.Name, prefix):
		return fmt.Errorf("session: cookie name %q: expected one that begins with %q", c.Name, prefix)
	}
	switch c.SameSite {
	case http.SameSiteLaxMode, http.SameSiteStrictMode:
	case http.SameSiteNoneMode:
		if c.Insecure {
			return errors.New("session: SameSite None with Insecure: browsers refuse it")
		}
	default:
		return errors.New("session: SameSite of the cookie: expected Lax, Strict or None")
	}
	if len(c.Name)+tokenLength > maxCookie {
		return fmt.Errorf("session: cookie name of %d bytes: expected at most %d", len(c.Name), maxCookie-tokenLength)
	}
	if err := c.with("x").Valid(); err != nil || !strings.HasPrefix(c.Path, "/") {
		return fmt.Errorf("session: cookie %q with domain %q and path %q: expected what a cookie can carry", c.Name, c.Domain, c.Path)
	}
	return nil
}

func (c *CookieOptions) with(value string) *http.Cookie {
	return &http.Cookie{ //nolint:gosec // Secure is off for loopback only, where browsers would drop the cookie
		Name: c.Name, Value: value, Path: c.Path, Domain: c.Domain,
		HttpOnly: true, Secure: !c.Insecure, SameSite: c.SameSite,
	}
}

// cookie is the one of a session. It ends with the browser's own session unless
// the session is one with [Remember]; then at the absolute limit, so that use
// need not set it anew.
func (w *Web[T]) cookie(s *Session[T]) *http.Cookie {
	c := w.o.Cookie.with(string(s.Token())) //nolint:gosec // with sets the attributes
	if s.entry.doc.Keep {
		c.MaxAge = max(1, int(s.Expires.Sub(w.m.now())/time.Second))
	}
	return c
}

func (w *Web[T]) noCookie() *http.Cookie {
	c := w.o.Cookie.with("") //nolint:gosec // with sets the attributes
	c.MaxAge = -1
	return c
}

// presented is the token of a request, or nothing. Of several cookies with the
// name, which only a name without "__Host-" can come to, it is the first that
// could be ours.
func (w *Web[T]) presented(r *http.Request) Token {
	cookies := r.CookiesNamed(w.o.Cookie.Name)
	for _, c := range cookies {
		if _, _, ok := w.m.read(Token(c.Value)); ok {
			return Token(c.Value)
		}
	}
	if len(cookies) > 0 {
		return Token(cookies[0].Value)
	}
	return ""
}

// isLoopback tells whether a request for this host came to the own machine.
func isLoopback(hostport string) bool {
	host := hostport
	if name, _, err := net.SplitHostPort(hostport); err == nil {
		host = name
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}

// ClearSiteData asks the browser to forget what it keeps of this site: call it
// where somebody signs out, before the response begins. It covers everything
// that other programs on this host have there, too.
func ClearSiteData(h http.Header) { h.Set("Clear-Site-Data", `"cache", "cookies", "storage"`) }
