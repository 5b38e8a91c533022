package conform

import (
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// Instants that are past and to come on every server, whatever its clock says.
var (
	longAgo = time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	farOff  = time.Date(2037, 12, 31, 23, 59, 59, 0, time.UTC) // in 32 bits of seconds
	farther = farOff.Add(250 * time.Millisecond)
)

// ok is what a command returns that has nothing to say.
var ok command.OK

func some[T any](v T) command.Null[T] { return command.Null[T]{V: v, Valid: true} }

func none[T any]() command.Null[T] { return command.Null[T]{} }

func z(member string, score float64) command.Z { return command.Z{Member: member, Score: score} }

func pair(key, value string) command.Pair { return command.Pair{Key: key, Value: value} }

// whole is a scan that needs one page.
func whole[T any](items ...T) command.Page[T] {
	if items == nil {
		items = []T{}
	}
	return command.Page[T]{Cursor: "0", Items: items}
}

// positive is for numbers that are the server's own business.
func positive(n int64) (bool, error) { return n > 0, nil }

// tree reads a reply without a fixed shape.
func tree(c command.Cmd[command.Reply]) command.Cmd[any] {
	return command.Map(c, func(r command.Reply) (any, error) { return Plain(r), nil })
}

// Plain is a reply as nil, string, int64, []any or ServerError.
func Plain(r command.Reply) any {
	switch r.Kind() {
	case command.KindText:
		text, _ := r.Text()
		return text
	case command.KindInt:
		n, _ := r.Int()
		return n
	case command.KindArray:
		items, _ := r.Array()
		list := make([]any, len(items))
		for i, item := range items {
			list[i] = Plain(item)
		}
		return list
	case command.KindError:
		return ServerError(r.Err().Error())
	}
	return nil
}

// ServerError is the full text of an error reply.
type ServerError string
