package upstash

import (
	"context"
	"errors"
	"log/slog"
	"sync"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// Client talks to one database. Its methods are the commands of Redis, one
// round trip each. It is safe for concurrent use; make one and share it.
type Client struct {
	Commands
	transport *transport
}

// New makes a client without touching the network. The error says which option
// is wrong and what was expected.
func New(o Options) (*Client, error) {
	base, err := o.validate()
	if err != nil {
		return nil, err
	}
	t := newTransport(base, o)
	d := Retry(o.Retry)(chain(t, o.Middleware))
	return &Client{Commands: Over(withTimeout(d, t.timeout)), transport: t}, nil
}

// FromEnv makes a client from UPSTASH_REDIS_REST_URL and
// UPSTASH_REDIS_REST_TOKEN, or else from KV_REST_API_URL and
// KV_REST_API_TOKEN. The pairs are never mixed, and the error names the
// variable that is missing.
func FromEnv() (*Client, error) {
	o, err := OptionsFromEnv()
	if err != nil {
		return nil, err
	}
	return New(o)
}

// Must returns the client, or panics with the error: for package-level
// variables of programs that cannot do without one.
func Must(c *Client, err error) *Client {
	if err != nil {
		panic(err)
	}
	return c
}

var shared struct {
	sync.Mutex
	client *Client
}

// Shared returns the client of [FromEnv] that the whole process shares. It is
// made on first use; a failure is not remembered, so that a later call sees an
// environment that was mended.
func Shared() (*Client, error) {
	shared.Lock()
	defer shared.Unlock()
	if shared.client != nil {
		return shared.client, nil
	}
	c, err := FromEnv()
	if err == nil {
		shared.client = c
	}
	return c, err
}

// CloseIdle closes connections that no call is using. The client stays usable.
func (c *Client) CloseIdle() {
	if c.transport != nil {
		c.transport.http.CloseIdleConnections()
	}
}

// String names the type and shows nothing of the options.
func (c Client) String() string { return "upstash.Client{}" }

// GoString is [Client.String], so that %#v shows nothing either.
func (c Client) GoString() string { return c.String() }

// LogValue is [Client.String], so that a logger shows nothing either.
func (c Client) LogValue() slog.Value { return slog.StringValue(c.String()) }

// Commands are the commands of Redis as methods over any [Doer]. A [Client]
// has them; [Over] puts them on a Doer of your own.
type Commands struct {
	doer Doer
}

// Over returns the commands over d, for example over a client that is wrapped.
func Over(d Doer) Commands { return Commands{doer: d} }

var errNoClient = errors.New("there is no client: make one with New, FromEnv or Shared")

// Do sends a batch in one round trip. See [Doer] for what its error means.
func (c Commands) Do(ctx context.Context, b Batch) ([]command.Reply, error) {
	if c.doer == nil {
		return nil, &Error{Op: opOf(b), Index: -1, Message: errNoClient.Error(), cause: errNoClient}
	}
	return c.doer.Do(ctx, b)
}

// Raw sends any command, its words as they are, and returns the reply to decode
// with its methods. A command's own error is the error.
//
//	reply, err := rdb.Raw(ctx, "NEWCMD", "key", 42)
//
// The command counts as one that must not be repeated. For a typed result use
// [Exec] with [command.New].
func (c Commands) Raw(ctx context.Context, name string, args ...any) (command.Reply, error) {
	return Exec(ctx, c, command.New(command.Reply.Reply, name, args...))
}
