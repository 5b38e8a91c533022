package upstashtest

import (
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// A redisAddress is where a Redis is, and how to log in.
type redisAddress struct {
	hostPort       string
	user, password string
	login          bool
}

const defaultRedisPort = "6379"

// parseRedisAddress reads [Options.Redis]. Its errors do not repeat what they are
// about, for a password may be in it.
func parseRedisAddress(text string) (redisAddress, error) {
	if !strings.Contains(text, "://") {
		return redisAddress{hostPort: text}, checkHostPort(text)
	}
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return redisAddress{}, errors.New(
			"upstashtest: Options.Redis is no URL; special characters of a password have to be percent-encoded")
	case u.Scheme == "rediss":
		return redisAddress{}, errors.New("upstashtest: Options.Redis asks for TLS, which is not supported; use redis://")
	case u.Scheme != "redis":
		return redisAddress{}, errors.New("upstashtest: Options.Redis is neither host:port nor a redis:// URL")
	case u.RawQuery != "" || u.Fragment != "":
		return redisAddress{}, errors.New("upstashtest: Options.Redis has a query or a fragment, which mean nothing here")
	case strings.Trim(u.Path, "/") != "" && u.Path != "/0":
		return redisAddress{}, errors.New("upstashtest: Options.Redis names another database than 0, the only one that Upstash has")
	}
	a := redisAddress{hostPort: u.Host, login: u.User != nil, user: u.User.Username()}
	a.password, _ = u.User.Password()
	if u.Port() == "" {
		a.hostPort = net.JoinHostPort(u.Hostname(), defaultRedisPort)
	}
	return a, checkHostPort(a.hostPort)
}

func checkHostPort(hostPort string) error {
	host, port, err := net.SplitHostPort(hostPort)
	if err != nil || host == "" || strings.Contains(host, "@") {
		return errors.New("upstashtest: Options.Redis is neither host:port nor redis://[user][:password]@host:port")
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return errors.New("upstashtest: the port in Options.Redis is not a number from 1 to 65535")
	}
	return nil
}

// auth is the command to log in with, or nothing.
func (a redisAddress) auth() []string {
	switch {
	case !a.login:
		return nil
	case a.user == "":
		return []string{"AUTH", a.password}
	}
	return []string{"AUTH", a.user, a.password}
}
