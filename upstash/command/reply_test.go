package command_test

import (
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// checkMismatch decodes a reply of another shape and looks for what was wanted
// in the error, which must not be ErrNil and must not show the reply.
func checkMismatch[T any](t *testing.T, c command.Cmd[T], r command.Reply, want string) {
	t.Helper()
	_, err := c.Decode(r)
	var decodeErr *command.DecodeError
	if !errors.As(err, &decodeErr) {
		t.Errorf("%v: error = %v, want a DecodeError", c, err)
		return
	}
	if decodeErr.Want != want {
		t.Errorf("%v: Want = %q, want %q", c, decodeErr.Want, want)
	}
	if errors.Is(err, command.ErrNil) {
		t.Errorf("%v: a reply of another shape reads as absent", c)
	}
	checkHidden(t, err)
}

// as is a command of which only the decoder matters.
func as[T any](decode func(command.Reply) (T, error)) command.Cmd[T] {
	return command.New(decode, "CMD")
}

func TestRepliesDecode(t *testing.T) {
	t.Parallel()
	null := command.Reply{}
	checkReply(t, as(command.Reply.Text), text(""), "")
	checkReply(t, as(command.Reply.Text), text("\x00\xff"), "\x00\xff")
	checkReply(t, as(command.Reply.Text), null, command.ErrNil)
	checkReply(t, as(command.Reply.Bytes), text("\x00\xff"), []byte("\x00\xff"))
	checkReply(t, as(command.Reply.Bytes), null, command.ErrNil)
	checkReply(t, as(command.Reply.Int), number(math.MinInt64), int64(math.MinInt64))
	checkReply(t, as(command.Reply.Int), number(1<<53+1), int64(9007199254740993))
	checkReply(t, as(command.Reply.Int), null, command.ErrNil)
	checkReply(t, as(command.Reply.Float), text("0.1"), 0.1)
	checkReply(t, as(command.Reply.Float), text("-inf"), math.Inf(-1))
	checkReply(t, as(command.Reply.Float), number(3), 3.0)
	checkReply(t, as(command.Reply.Float), null, command.ErrNil)
	checkReply(t, as(command.Reply.Bool), number(1), true)
	checkReply(t, as(command.Reply.Bool), number(0), false)
	checkReply(t, as(command.Reply.Status), text("OK"), command.OK{})
	checkReply(t, as(command.Reply.Applied), text("OK"), true)
	checkReply(t, as(command.Reply.Applied), null, false)
	checkReply(t, as(command.Reply.NullText), text("v"), command.Null[string]{V: "v", Valid: true})
	checkReply(t, as(command.Reply.NullText), null, command.Null[string]{})
	checkReply(t, as(command.Reply.NullInt), number(7), command.Null[int64]{V: 7, Valid: true})
	checkReply(t, as(command.Reply.NullInt), null, command.Null[int64]{})
	checkReply(t, as(command.Reply.NullFloat), text("7.5"), command.Null[float64]{V: 7.5, Valid: true})
	checkReply(t, as(command.Reply.NullFloat), null, command.Null[float64]{})
	for _, nan := range []string{"nan", "-nan"} {
		if f, err := text(nan).Float(); err != nil || !math.IsNaN(f) {
			t.Errorf("Float() of %s = %v, %v", nan, f, err)
		}
	}
}

func TestListsDecode(t *testing.T) {
	t.Parallel()
	null := command.Reply{}
	flat := list("b", "1", "a", "2", "b", "3")
	checkReply(t, as(command.Reply.Texts), list("a", ""), []string{"a", ""})
	checkReply(t, as(command.Reply.Texts), null, []string{})
	checkReply(t, as(command.Reply.NullTexts), list("a", nil), []command.Null[string]{{V: "a", Valid: true}, {}})
	checkReply(t, as(command.Reply.Ints), list(1, -2), []int64{1, -2})
	checkReply(t, as(command.Reply.Ints), list(), []int64{})
	checkReply(t, as(command.Reply.Bools), list(1, 0), []bool{true, false})
	checkReply(t, as(command.Reply.NullFloats), list("1.5", nil), []command.Null[float64]{{V: 1.5, Valid: true}, {}})
	checkReply(t, as(command.Reply.Pairs), flat, []command.Pair{{Key: "b", Value: "1"}, {Key: "a", Value: "2"}, {Key: "b", Value: "3"}})
	checkReply(t, as(command.Reply.Pairs), null, []command.Pair{})
	checkReply(t, as(command.Reply.TextMap), flat, map[string]string{"a": "2", "b": "3"})
	checkReply(t, as(command.Reply.TextMap), null, map[string]string{})
	checkReply(t, as(command.Reply.Zs), list("a", "1.5"), []command.Z{{Member: "a", Score: 1.5}})
	checkReply(t, as(command.Reply.Zs), null, []command.Z{})
	checkReply(t, as(command.Reply.Array), null, command.ErrNil)
	items, err := list("a", 1).Array()
	if err != nil || len(items) != 2 || items[1].Kind() != command.KindInt {
		t.Errorf("Array() = %v, %v", items, err)
	}
}

func TestRepliesOfAnotherShape(t *testing.T) {
	t.Parallel()
	word, deep := text(marker), list(list(marker))
	checkMismatch(t, as(command.Reply.Text), number(1), "text")
	checkMismatch(t, as(command.Reply.Bytes), list(marker), "text")
	checkMismatch(t, as(command.Reply.Int), text("1"), "integer")
	checkMismatch(t, as(command.Reply.Float), word, "number")
	checkMismatch(t, as(command.Reply.Float), text(""), "number")
	checkMismatch(t, as(command.Reply.Bool), number(2), "1 or 0")
	checkMismatch(t, as(command.Reply.Bool), command.Reply{}, "1 or 0")
	checkMismatch(t, as(command.Reply.Status), word, "the status OK")
	checkMismatch(t, as(command.Reply.Status), command.Reply{}, "the status OK")
	checkMismatch(t, as(command.Reply.Applied), word, "the status OK")
	checkMismatch(t, as(command.Reply.NullText), number(1), "text")
	checkMismatch(t, as(command.Reply.NullInt), word, "integer")
	checkMismatch(t, as(command.Reply.NullFloat), word, "number")
	checkMismatch(t, as(command.Reply.Array), word, "array")
	checkMismatch(t, as(command.Reply.Texts), word, "array")
	checkMismatch(t, as(command.Reply.Texts), deep, "text")
	checkMismatch(t, as(command.Reply.Ints), list(1, marker), "integer")
	checkMismatch(t, as(command.Reply.Pairs), list(marker), "flat pairs")
	checkMismatch(t, as(command.Reply.Pairs), deep, "flat pairs")
	checkMismatch(t, as(command.Reply.TextMap), list(list(marker), marker), "text")
}

func TestNilInsideAListIsNotAbsence(t *testing.T) {
	t.Parallel()
	const want = "a value inside the list"
	checkMismatch(t, as(command.Reply.Texts), list("a", nil), want)
	checkMismatch(t, as(command.Reply.Ints), list(nil), want)
	checkMismatch(t, as(command.Reply.Pairs), list("a", nil), want)
	checkMismatch(t, as(command.Reply.Pairs), list(nil, "a"), want)
	checkMismatch(t, as(command.Reply.TextMap), list("a", nil), want)
	checkMismatch(t, as(command.Reply.Zs), list("a", nil), want)
}

func TestErrorReplies(t *testing.T) {
	t.Parallel()
	failed := command.ErrorReply("WRONGTYPE Operation against a key")
	isWrongType := func(err error) bool {
		var e *command.Error
		return errors.As(err, &e) && e.Code == "WRONGTYPE"
	}
	if err := failed.Err(); !isWrongType(err) {
		t.Errorf("Err() = %v", err)
	}
	if err := text("ERR").Err(); err != nil {
		t.Errorf("Err() of a text = %v", err)
	}
	if _, err := failed.Reply(); !isWrongType(err) {
		t.Errorf("Reply() error = %v", err)
	}
	if _, err := failed.Bool(); !isWrongType(err) {
		t.Errorf("Bool() error = %v", err)
	}
	if _, err := list("a", failed).NullTexts(); !isWrongType(err) {
		t.Errorf("error inside a list = %v", err)
	}
	if _, err := list("a", failed).Pairs(); !isWrongType(err) {
		t.Errorf("error inside pairs = %v", err)
	}
	if _, err := command.Get("k").Decode(failed); !isWrongType(err) {
		t.Errorf("Decode error = %v", err)
	}
	if _, err := (command.Cmd[string]{}).Decode(failed); !isWrongType(err) {
		t.Errorf("Decode error of the zero command = %v", err)
	}
}

func TestNewError(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text, code, message string
	}{
		{"WRONGTYPE Operation against a key", "WRONGTYPE", "Operation against a key"},
		{"ERR syntax error", "ERR", "syntax error"},
		{"ERR_2 x", "ERR_2", "x"},
		{"Unauthorized", "ERR", "Unauthorized"},
		{"Wrong password", "ERR", "Wrong password"},
		{" leading blank", "ERR", " leading blank"},
		{"", "ERR", ""},
		{"ERR unknown command 'FOO', with args beginning with: '" + marker + "' ", "ERR", "unknown command 'FOO'"},
	} {
		e := command.NewError(tt.text)
		if e.Code != tt.code || e.Message != tt.message {
			t.Errorf("NewError(%q) = %q, %q", tt.text, e.Code, e.Message)
		}
		if got, want := e.Error(), tt.code+" "+tt.message; got != want {
			t.Errorf("Error() = %q, want %q", got, want)
		}
		if e.Detail() != tt.text {
			t.Errorf("Detail() = %q, want %q", e.Detail(), tt.text)
		}
		checkHidden(t, e)
	}
}

func TestRepliesStayHidden(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		reply command.Reply
		kind  command.Kind
		want  string
	}{
		{command.Reply{}, command.KindNil, "nil"},
		{text(marker), command.KindText, "text of 6 bytes"},
		{number(42), command.KindInt, "integer"},
		{list(marker, 1), command.KindArray, "array of 2"},
		{command.ErrorReply("ERR " + marker), command.KindError, "error"},
	} {
		if got := tt.reply.String(); got != tt.want {
			t.Errorf("String() = %q, want %q", got, tt.want)
		}
		if got := tt.reply.GoString(); got != tt.want {
			t.Errorf("GoString() = %q, want %q", got, tt.want)
		}
		if tt.reply.Kind() != tt.kind || tt.reply.IsNil() != (tt.kind == command.KindNil) {
			t.Errorf("%v: Kind() = %v, IsNil() = %v", tt.reply, tt.reply.Kind(), tt.reply.IsNil())
		}
		checkHidden(t, tt.reply)
		checkHidden(t, &tt.reply)
		checkHidden(t, []command.Reply{tt.reply})
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	type user struct {
		Name string
		Age  int
	}
	get := command.JSON[user](command.Get("k"))
	if got := get.Args().Words(); len(got) != 2 || get.Args().Class() != command.ReadOnly {
		t.Errorf("JSON changed the command: %v, %v", get, get.Args().Class())
	}
	checkReply(t, get, text(`{"Name":"ann","Age":3}`), user{Name: "ann", Age: 3})
	checkReply(t, get, command.Reply{}, command.ErrNil)
	checkReply(t, command.JSON[any](command.Get("k")), text("null"), nil)
	checkMismatch(t, get, number(1), "text")

	// The cause quotes the stored text in both of these.
	checkMismatch(t, get, text(marker), "JSON text of type command_test.user")
	checkMismatch(t, command.JSON[any](command.Get("k")), text(marker), "JSON text of type interface {}")
	checkMismatch(t, command.JSON[int](command.Get("k")), text(`"`+marker+`"`), "JSON text of type int")

	got, err := get.Decode(text(`{"Name":"` + marker + `","Age":"` + marker + `"}`))
	if _, ok := errors.AsType[*json.UnmarshalTypeError](err); !ok {
		t.Errorf("error = %v, want one whose cause is reachable", err)
	}
	if got != (user{}) {
		t.Errorf("a failure comes with the value %+v", got)
	}
	checkHidden(t, err)
	_, err = get.Decode(text(`{"Name":` + marker))
	if _, ok := errors.AsType[*json.SyntaxError](err); !ok {
		t.Errorf("error = %v, want one whose cause is reachable", err)
	}
	checkHidden(t, err)
}

func TestMap(t *testing.T) {
	t.Parallel()
	length := command.Map(command.Get("k"), func(s string) (int, error) { return strconv.Atoi(s) })
	checkReply(t, length, text("17"), 17)
	checkReply(t, length, command.Reply{}, command.ErrNil)
	checkReply(t, length, text("x"), strconv.ErrSyntax)
	if length.Args().Class() != command.ReadOnly {
		t.Errorf("class = %v, want that of GET", length.Args().Class())
	}
	if diff := cmp.Diff([]string{"GET", "k"}, length.Args().Words()); diff != "" {
		t.Errorf("words (-want +got):\n%s", diff)
	}

	// JSON of a mapped command, and a map of that.
	unquoted := command.Map(command.Get("k"), func(s string) (string, error) { return strings.TrimPrefix(s, "json:"), nil })
	count := command.Map(command.JSON[[]int](unquoted), func(list []int) (int, error) { return len(list), nil })
	checkReply(t, count, text("json:[1,2,3]"), 3)
	checkMismatch(t, count, text("json:"+marker), "JSON text of type []int")

	refusal := command.Map(command.MGet(), func([]command.Null[string]) (int, error) { return 0, nil })
	if refusal.Err() == nil {
		t.Error("Map lost the refusal")
	}
}

func TestNullOr(t *testing.T) {
	t.Parallel()
	if got := (command.Null[string]{V: "v", Valid: true}).Or("default"); got != "v" {
		t.Errorf("Or() = %q, want the value", got)
	}
	if got := (command.Null[string]{V: "left over"}).Or("default"); got != "default" {
		t.Errorf("Or() = %q, want the default", got)
	}
}
