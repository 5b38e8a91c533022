package ratelimit

import (
	"context"
	"errors"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// op is what a script is asked to do.
type op string

const (
	take   op = "take"
	upTo   op = "upto"
	peek   op = "peek"
	refund op = "refund"
)

// claim is one limit of a question.
type claim struct {
	algorithm Algorithm
	base      string // of its keys
	cost      int64
	dynamic   string // the key of a dynamic limit, or none
}

// question is all that one script call carries.
type question struct {
	op          op
	now         int64
	serverClock bool
	claims      []claim
	events      []event
	denyList    string // its key, when there are members to look for
	members     []string
}

// answer is what a script says to a question.
type answer struct {
	now    int64
	denied int64 // a bit for each denied member
	limits []tally
}

const perLimit = 6 // numbers for each limit in a reply

var errReply = errors.New("ratelimit: the script's reply is not what it sends: does something in between change replies?")

// ask runs the script: one round trip when the server knows it.
func (q question) ask(ctx context.Context, d upstash.Doer, s *upstash.Script) (answer, error) {
	keys, args := q.encode()
	reply, err := s.Run(ctx, d, keys, args...)
	if err != nil {
		return answer{}, err
	}
	numbers, err := reply.Ints()
	if err != nil || len(numbers) != 2+perLimit*len(q.claims) {
		return answer{}, errReply
	}
	a := answer{now: numbers[0], denied: numbers[1]}
	for n := numbers[2:]; len(n) > 0; n = n[perLimit:] {
		a.limits = append(a.limits, tally{granted: n[0] == 1, units: n[1], limit: n[2], a: n[3], b: n[4], c: n[5]})
	}
	return a, nil
}

func (q question) encode() (keys []string, args []any) {
	args = append(args, string(q.op), q.now, len(q.claims))
	if q.serverClock {
		args[1] = ""
	}
	for _, c := range q.claims {
		a, dynamic := c.algorithm, 0
		keys = append(keys, a.keys(c.base, q.now)...)
		if c.dynamic != "" {
			keys, dynamic = append(keys, c.dynamic), 1
		}
		args = append(args, kinds[a.kind], c.cost, a.limit, a.window, a.extra, dynamic)
	}
	args = append(args, len(q.events))
	for _, e := range q.events {
		keys = append(keys, e.key)
		args = append(args, e.count, e.member, e.ttl)
	}
	if len(q.members) > 0 {
		keys = append(keys, q.denyList)
		for _, m := range q.members {
			args = append(args, m)
		}
	}
	return keys, args
}
