// Package command holds the words of Redis: one constructor for each command,
// written once, from which the methods of [upstash.Client] and
// [pipeline.Pipeline] are derived.
//
// A [Cmd] is a value: the arguments of one command, how to read its reply, and
// whether it may be repeated. Nothing is sent by making one.
//
//	command.Get("k")                                   // Cmd[string]
//	command.JSON[User](command.Get("user:1"))          // Cmd[User]
//	command.New(command.Reply.Int, "NEWCMD", "k", 42)  // a command this package has never heard of
//
// The same value works directly (upstash.Exec), in a pipeline or in a
// transaction (pipeline.Queue).
//
// # Arguments
//
// Keys, fields and members are strings, and strings are bytes. Values are any
// of string, []byte, bool, integer, float, or a type that implements
// [encoding.TextMarshaler]; named types of those kinds too. Anything else,
// time.Duration and nil among it, has no single text form and is refused: the
// command carries the refusal ([Cmd.Err]) and is never sent.
//
// # Replies
//
// Integers are int64 and never pass through float64. An absent single value is
// [ErrNil]; an absent value inside a list is a [Null] that is not Valid.
//
// # JSON documents
//
// The values of the JSON commands are marshaled by encoding/json: a string becomes
// a JSON string, bytes one of base64, nil the JSON null, and a
// [encoding/json.RawMessage] goes as the JSON that it is. Paths begin with $
// (JSONPath) and can match many places, so that most replies hold one item for
// each match. The older paths, which begin with a dot or a name, mean one place;
// their bare reply becomes a list of one item.
//
// The package does no I/O and imports nothing but the standard library.
//
// [upstash.Client]: https://pkg.go.dev/github.com/seed-9937a0e6/upstash-go/upstash#Client
// [pipeline.Pipeline]: https://pkg.go.dev/github.com/seed-9937a0e6/upstash-go/pipeline#Pipeline
package command
