package main

import (
	"flag"
	"io"
	"net"
	"strings"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// A config is what the flags say.
type config struct {
	addr          string
	token         string
	readOnlyToken string
	latency       time.Duration
	seed          string
	verbose       bool
	values        bool
	redis         string
	plan          string
	limits        upstashtest.Limits
}

func parse(args []string, stderr io.Writer) (config, error) {
	var c config
	flags := flag.NewFlagSet("upstash-local", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&c.addr, "addr", "127.0.0.1:8079", "`address` to listen on, host:port; port 0 picks a free one")
	flags.StringVar(&c.token, "token", "local", "bearer `token` that clients must send")
	flags.StringVar(&c.readOnlyToken, "readonly-token", "", "bearer `token` of a second user, who may only read (default: none that anybody knows)")
	flags.DurationVar(&c.latency, "latency", 0, "hold every request up for this `duration`, such as 30ms, as a database far away does")
	flags.StringVar(&c.seed, "seed", "", "`file` of commands to execute first: a JSON array in each line, such as [\"SET\",\"k\",\"v\"]; lines that begin with # are comments")
	flags.BoolVar(&c.verbose, "v", false, "log requests to standard error: names and keys of commands, without values")
	flags.BoolVar(&c.values, "values", false, "log requests with the beginnings of their values, too")
	flags.StringVar(&c.redis, "redis", "", "`address` of a Redis that executes the commands and keeps the data: host:port or redis://[user][:password]@host:port (default: in memory)")
	flags.StringVar(&c.plan, "plan", "free", "`plan` whose sizes of requests and records hold: free, payg, fixed-1gb and the other sizes")
	if err := flags.Parse(args); err != nil {
		return config{}, err
	}
	if problem := c.problem(flags.NArg()); problem != "" {
		say(stderr, problem)
		return config{}, errRefused
	}
	var err error
	if c.limits, err = upstashtest.PlanLimits(c.plan); err != nil {
		say(stderr, "-plan: "+strings.TrimPrefix(err.Error(), "upstashtest: "))
		return config{}, errRefused
	}
	return c, nil
}

// problem says what is wrong with the flags, or nothing. An empty address or token
// would have the server choose for itself, which is not what somebody who spelled
// out the flag expects.
func (c config) problem(arguments int) string {
	switch {
	case arguments > 0:
		return "unexpected arguments; only flags are taken"
	case strings.TrimSpace(c.token) == "":
		return "-token is blank; clients need one to send"
	case strings.TrimSpace(c.readOnlyToken) == "" && c.readOnlyToken != "":
		return "-readonly-token is blank; leave it out when nobody needs it"
	case strings.TrimSpace(c.addr) == "":
		return "-addr is blank; give host:port, such as 127.0.0.1:8079"
	case strings.TrimSpace(c.redis) == "" && c.redis != "":
		return "-redis is blank; leave it out to keep the data in memory"
	case c.latency < 0:
		return "-latency is negative; give a duration such as 30ms"
	}
	return ""
}

// loopback tells whether only this machine can reach the address.
func (c config) loopback() bool {
	host, _, err := net.SplitHostPort(c.addr)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
