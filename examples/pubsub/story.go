package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// story tells the same twice: a message, a connection that is cut, a message
// while it is down, and a good night.
type story struct {
	out  io.Writer
	rdb  *upstash.Client
	cut  func()
	name string
	err  error
}

const (
	first = "it rains"
	meant = "it stopped" // sent while nobody is connected
)

// live listens to a channel.
func (s *story) live(ctx context.Context) error {
	s.printf("A channel:\n")
	connected := 0
	publish := func(text string) error {
		_, err := s.rdb.Publish(ctx, s.name, text)
		return err
	}
	return live(ctx, s.rdb, s.name, listener{
		event: func(m upstash.Message) { s.printf("  %s\n", strings.TrimSpace(m.Kind.String()+" "+m.Payload)) },
		connected: func() error {
			if connected++; connected == 1 {
				return publish(first)
			}
			return publish(goodbye)
		},
		gap: func() error {
			s.printf("  ... meanwhile somebody publishes %q: it is lost\n", meant)
			return publish(meant)
		},
		message: func(text string) error {
			if text == first {
				s.cut()
			}
			return nil
		},
	})
}

// feed follows a stream, and then comes by once.
func (s *story) feed(ctx context.Context) error {
	s.printf("\nA stream, with the channel as its bell:\n")
	f := &Feed{rdb: s.rdb, key: s.name, keep: 1000}
	if err := f.Send(ctx, first); err != nil {
		return err
	}
	seen := ""
	for item, err := range f.Follow(ctx, "") {
		if err != nil {
			return err
		}
		s.printf("  received %s\n", item.Text)
		if item.Text == goodbye {
			break
		}
		if item.Text == first {
			seen = item.ID
			s.cut()
			s.printf("  ... the connection is cut, and somebody sends %q: it waits\n", meant)
			for _, text := range []string{meant, goodbye} {
				if err := f.Send(ctx, text); err != nil {
					return err
				}
			}
		}
	}

	items, err := f.After(ctx, seen)
	s.printf("\nWho comes by later and had seen only %q finds:\n", first)
	for _, item := range items {
		s.printf("  %s\n", item.Text)
	}
	return err
}

func (s *story) printf(format string, args ...any) {
	if s.err == nil {
		_, s.err = fmt.Fprintf(s.out, format, args...)
	}
}
