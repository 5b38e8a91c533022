package command

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
)

// Args is the untyped half of a command: its words as they go over the wire and
// its [Class]. It prints as its name and a count, never as its words.
type Args struct {
	words []string
	class Class
	err   error
}

// NewArgs makes the words of a command; see the package documentation for what
// an argument may be. Its class is [Once].
func NewArgs(name string, args ...any) Args {
	a := Args{words: make([]string, 1, 1+len(args))}
	a.words[0] = name
	if name == "" {
		a.err = errors.New("command: the name is empty")
		return a
	}
	for i, arg := range args {
		if t, ok := arg.(tail); ok {
			a.words = append(a.words, t.words...)
			if t.err != nil {
				a.err = fmt.Errorf("command: %s: %w", a.Name(), t.err)
				return a
			}
			continue
		}
		word, err := encode(arg)
		if err != nil {
			a.err = fmt.Errorf("command: %s: argument %d: %w", a.Name(), i+1, err)
			return a
		}
		a.words = append(a.words, word)
	}
	return a
}

// Name is the command's name in upper case, with its second word where that is
// a subcommand: "GET", "SCRIPT LOAD".
func (a Args) Name() string {
	if len(a.words) == 0 {
		return ""
	}
	name := strings.ToUpper(a.words[0])
	if len(a.words) > 1 && hasSubcommand(name) {
		return name + " " + strings.ToUpper(a.words[1])
	}
	return name
}

// hasSubcommand tells the containers, whose second word is a name. For every
// other command the second word is the user's data and stays out of errors.
func hasSubcommand(name string) bool {
	switch name {
	case "ACL", "CLIENT", "CONFIG", "FUNCTION", "JSON.DEBUG", "MEMORY", "OBJECT", "PUBSUB", "SCRIPT", "XGROUP", "XINFO":
		return true
	}
	return false
}

// Len is the number of words, the name included.
func (a Args) Len() int { return len(a.words) }

// At returns word i; word 0 is the name as it was given.
func (a Args) At(i int) string { return a.words[i] }

// Words returns a copy of all words, the name first.
func (a Args) Words() []string { return append([]string(nil), a.words...) }

// Class says whether the command may be repeated.
func (a Args) Class() Class { return a.class }

// Err returns why the command cannot be sent, or nil.
func (a Args) Err() error {
	if a.err == nil && len(a.words) == 0 {
		return errors.New("command: empty; make one with a constructor of this package")
	}
	return a.err
}

// String names the command and counts its arguments; it shows none of them.
func (a Args) String() string {
	if len(a.words) == 0 {
		return "(empty command)"
	}
	return a.Name() + " (" + strconv.Itoa(len(a.words)-1) + " arguments)"
}

// GoString is [Args.String], so that %#v shows no argument either.
func (a Args) GoString() string { return a.String() }

// LogValue is [Args.String], so that a logger shows no argument either.
func (a Args) LogValue() slog.Value { return slog.StringValue(a.String()) }

// tail is a run of words inside a command: a list of keys, the options. It
// carries the reason when they make no sense, so that constructors stay one
// expression and the refusal reaches whoever tries to send the command.
type tail struct {
	words []string
	err   error
}

func (t *tail) add(words ...string) { t.words = append(t.words, words...) }

func (t *tail) addInt(n int64) { t.add(strconv.FormatInt(n, 10)) }

func (t *tail) addValue(v any) {
	word, err := encode(v)
	if err != nil && t.err == nil {
		t.err = err
	}
	t.add(word)
}

func (t *tail) refuse(reason string) {
	if t.err == nil {
		t.err = errors.New(reason)
	}
}

// many is a list that the command needs at least one of.
func many(what string, words []string) tail {
	t := tail{words: slices.Clip(words)} // what is added later must not land in the caller's list
	if len(words) == 0 {
		t.refuse("needs at least one " + what)
	}
	return t
}

// counted is many with the number of words in front, as in ZUNION numkeys key [key ...].
func counted(what string, words []string) tail {
	t := many(what, words)
	t.words = append([]string{strconv.Itoa(len(words))}, words...)
	return t
}

// values is a list of user values that the command needs at least one of.
func values(what string, list []any) tail {
	var t tail
	if len(list) == 0 {
		t.refuse("needs at least one " + what)
	}
	for _, v := range list {
		t.addValue(v)
	}
	return t
}
