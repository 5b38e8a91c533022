package command_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// sent is what a constructor must produce: the words as one line (no word of
// these tests holds a blank) and the class.
type sent struct {
	got   command.Args
	words string
	class command.Class
}

func checkSent(t *testing.T, tests []sent) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.words, func(t *testing.T) {
			t.Parallel()
			if err := tt.got.Err(); err != nil {
				t.Fatalf("Err() = %v", err)
			}
			if diff := cmp.Diff(strings.Split(tt.words, " "), tt.got.Words()); diff != "" {
				t.Errorf("words (-want +got):\n%s", diff)
			}
			if tt.got.Class() != tt.class {
				t.Errorf("class = %v, want %v", tt.got.Class(), tt.class)
			}
		})
	}
}

// refused is a command that must never be sent, and a part of the reason.
type refused struct {
	name   string
	err    error
	reason string
}

func checkRefused(t *testing.T, tests []refused) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.err == nil || !strings.Contains(tt.err.Error(), tt.reason) {
				t.Errorf("Err() = %v, want a refusal that says %q", tt.err, tt.reason)
			}
		})
	}
}

// checkReply decodes one reply and compares the value, or the error when want
// is one.
func checkReply[T any](t *testing.T, c command.Cmd[T], r command.Reply, want any) {
	t.Helper()
	got, err := c.Decode(r)
	if wantErr, ok := want.(error); ok {
		if !errors.Is(err, wantErr) {
			t.Errorf("%v: error = %v, want %v", c, err, wantErr)
		}
		return
	}
	if err != nil {
		t.Errorf("%v: error = %v", c, err)
		return
	}
	if diff := cmp.Diff(want, any(got)); diff != "" {
		t.Errorf("%v (-want +got):\n%s", c, diff)
	}
}

func text(s string) command.Reply { return command.TextReply(s) }

func number(n int64) command.Reply { return command.IntReply(n) }

// list makes an array reply of strings, integers, nil and replies.
func list(items ...any) command.Reply {
	replies := make([]command.Reply, len(items))
	for i, item := range items {
		switch item := item.(type) {
		case string:
			replies[i] = text(item)
		case int:
			replies[i] = number(int64(item))
		case int64:
			replies[i] = number(item)
		case command.Reply:
			replies[i] = item
		}
	}
	return command.ArrayReply(replies...)
}
