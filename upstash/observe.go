package upstash

import (
	"context"
	"log/slog"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// RoundTrip is what happened on the wire, once for each HTTP request. It names
// commands and counts bytes; it holds no argument and no reply.
type RoundTrip struct {
	Commands []string // names, in order
	Atomic   bool     // a transaction
	Attempt  int      // 1, and more for a retry
	Status   int      // HTTP status, 0 when no response came
	Sent     int      // bytes of the request's body
	Received int      // bytes of the response's body
	Duration time.Duration
	// Billed estimates the billed commands: every command counts one, those of
	// a pipeline too; PING, INFO, COMMAND, AUTH and QUIT are free. What a
	// script runs is billed besides and is not known here.
	Billed int
	Err    error // of the round trip; errors of single commands are not in it
}

func billed(commands []command.Args) int {
	n := 0
	for _, c := range commands {
		switch c.Name() {
		case "AUTH", "COMMAND", "INFO", "PING", "QUIT":
		default:
			n++
		}
	}
	return n
}

// LogTo returns a function for [Options.Observe] that logs every round trip at
// level Debug, and failed ones at level Warn.
func LogTo(l *slog.Logger) func(context.Context, RoundTrip) {
	return func(ctx context.Context, rt RoundTrip) {
		level := slog.LevelDebug
		attrs := []slog.Attr{
			slog.Any("commands", rt.Commands),
			slog.Int("attempt", rt.Attempt),
			slog.Int("status", rt.Status),
			slog.Int("sent", rt.Sent),
			slog.Int("received", rt.Received),
			slog.Duration("duration", rt.Duration),
			slog.Int("billed", rt.Billed),
		}
		if rt.Err != nil {
			level = slog.LevelWarn
			attrs = append(attrs, slog.String("error", rt.Err.Error()))
		}
		l.LogAttrs(ctx, level, "upstash round trip", attrs...)
	}
}
