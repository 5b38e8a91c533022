package command_test

import (
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// marker stands for a user's value: nothing that is printed may contain it.
const marker = "s3cr3t"

// checkHidden fails if v shows the marker in any of the ways people print.
func checkHidden(t *testing.T, v any) {
	t.Helper()
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		if got := fmt.Sprintf(format, v); strings.Contains(got, marker) {
			t.Errorf("%s of a %T shows the value: %s", format, v, got)
		}
	}
	var b strings.Builder
	slog.New(slog.NewTextHandler(&b, nil)).Info("m", "v", v)
	slog.New(slog.NewJSONHandler(&b, nil)).Info("m", "v", v)
	if strings.Contains(b.String(), marker) {
		t.Errorf("the log of a %T shows the value: %s", v, b.String())
	}
}

type (
	userID   string
	flag     bool
	level    int8
	size     uint64
	ratio    float32
	degrees  float64
	document []byte
	octet    byte
)

// shout implements encoding.TextMarshaler, and fails for the empty string.
type shout string

func (s shout) MarshalText() ([]byte, error) {
	if s == "" {
		return nil, errors.New("nothing to shout at " + marker)
	}
	return []byte(strings.ToUpper(string(s))), nil
}

func TestArgumentsEncode(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 2, 3, 4, 5, 6, 7, time.UTC)
	for _, tt := range []struct {
		arg  any
		want string
	}{
		{"", ""},
		{"a b\x00\xff", "a b\x00\xff"},
		{[]byte("\x00\xff"), "\x00\xff"},
		{[]byte(nil), ""},
		{document(`{"a":1}`), `{"a":1}`},
		{[]octet("bytes"), "bytes"},
		{userID("u1"), "u1"},
		{true, "true"},
		{flag(false), "false"},
		{0, "0"},
		{-1, "-1"},
		{int64(math.MaxInt64), "9223372036854775807"},
		{int64(math.MinInt64), "-9223372036854775808"},
		{int64(1<<53 + 1), "9007199254740993"},
		{int8(-128), "-128"},
		{level(3), "3"},
		{uint8(255), "255"},
		{uint64(math.MaxUint64), "18446744073709551615"},
		{size(1<<53 + 1), "9007199254740993"},
		{0.0, "0"},
		{math.Copysign(0, -1), "-0"},
		{0.1, "0.1"},
		{-2.5, "-2.5"},
		{100.0, "100"},
		{0.000001, "0.000001"},
		{1e-7, "1e-07"},
		{1e20, "100000000000000000000"},
		{1e21, "1e+21"},
		{float64(1<<53 + 2), "9007199254740994"},
		{math.MaxFloat64, "1.7976931348623157e+308"},
		{math.Inf(1), "inf"},
		{math.Inf(-1), "-inf"},
		{float32(0.1), "0.1"},
		{ratio(0.1), "0.1"},
		{degrees(0.1), "0.1"},
		{ratio(math.Inf(-1)), "-inf"},
		{now, "2026-02-03T04:05:06.000000007Z"},
		{&now, "2026-02-03T04:05:06.000000007Z"},
		{netip.MustParseAddr("::1"), "::1"},
		{shout("hey"), "HEY"},
		{time.March, "3"},
	} {
		t.Run(fmt.Sprintf("%T %v", tt.arg, tt.arg), func(t *testing.T) {
			t.Parallel()
			a := command.NewArgs("CMD", tt.arg)
			if err := a.Err(); err != nil {
				t.Fatalf("Err() = %v", err)
			}
			if got := a.At(1); got != tt.want {
				t.Errorf("encoded as %q, want %q", got, tt.want)
			}
		})
	}
}

func TestArgumentsRefuse(t *testing.T) {
	t.Parallel()
	word := marker
	for _, tt := range []struct {
		arg    any
		reason string
	}{
		{time.Second, "time.Duration has no single unit"},
		{nil, "nil has no text form"},
		{(*time.Time)(nil), "a nil *time.Time has no text form"},
		{struct{ V string }{marker}, "has no text form"},
		{map[string]string{marker: marker}, "a map[string]string has no text form"},
		{[]string{marker}, "a []string has no text form"},
		{[]any{marker}, "a []interface {} has no text form"},
		{[2]byte{1, 2}, "a [2]uint8 has no text form"},
		{&word, "a *string has no text form"},
		{(*int)(nil), "a *int has no text form"},
		{complex(1, 2), "a complex128 has no text form"},
		{uintptr(1), "a uintptr has no text form"},
		{func() {}, "a func() has no text form"},
		{errors.New(marker), "has no text form"},
		{math.NaN(), "NaN is not a number"},
		{float32(math.NaN()), "NaN is not a number"},
		{shout(""), "command_test.shout does not marshal to text"},
	} {
		t.Run(fmt.Sprintf("%T", tt.arg), func(t *testing.T) {
			t.Parallel()
			err := command.NewArgs("SET", "key-"+marker, tt.arg).Err()
			if err == nil || !strings.Contains(err.Error(), tt.reason) {
				t.Fatalf("Err() = %v, want a refusal that says %q", err, tt.reason)
			}
			if !strings.HasPrefix(err.Error(), "command: SET: argument 2: ") {
				t.Errorf("Err() = %v, which does not say where", err)
			}
			checkHidden(t, err)
		})
	}
}

func TestArgumentsRefuseWithTheCause(t *testing.T) {
	t.Parallel()
	err := command.NewArgs("SET", shout("")).Err()
	for next := errors.Unwrap(err); next != nil; next = errors.Unwrap(next) {
		checkHidden(t, err)
		err = next
	}
	if got, want := err.Error(), "nothing to shout at "+marker; got != want {
		t.Errorf("the innermost cause is %q, want %q", got, want)
	}
}

func TestArgumentsWithoutAName(t *testing.T) {
	t.Parallel()
	checkRefused(t, []refused{
		{"empty name", command.NewArgs("", 1).Err(), "the name is empty"},
		{"zero arguments", command.Args{}.Err(), "make one with a constructor"},
		{"zero command", command.Cmd[string]{}.Err(), "make one with a constructor"},
	})
	if got := (command.Args{}).Name(); got != "" {
		t.Errorf("Name() of nothing = %q", got)
	}
	if got := (command.Args{}).String(); got != "(empty command)" {
		t.Errorf("String() of nothing = %q", got)
	}
}

func TestArgumentsName(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		args command.Args
		want string
	}{
		{command.NewArgs("PING"), "PING"},
		{command.NewArgs("get", marker), "GET"},
		{command.NewArgs("Script", "load", marker), "SCRIPT LOAD"},
		{command.NewArgs("SCRIPT"), "SCRIPT"},
		{command.NewArgs("config", "GET", marker), "CONFIG GET"},
		{command.NewArgs("JSON.DEBUG", "MEMORY", marker), "JSON.DEBUG MEMORY"},
		{command.NewArgs("xgroup", "create", marker), "XGROUP CREATE"},
		{command.NewArgs("NEWCMD", "load"), "NEWCMD"},
	} {
		if got := tt.args.Name(); got != tt.want {
			t.Errorf("Name() = %q, want %q", got, tt.want)
		}
	}
}

func TestArgumentsAreTheirOwn(t *testing.T) {
	t.Parallel()
	keys := []string{"a"}
	c := command.MGet(keys...)
	keys[0] = "changed"
	want := []string{"MGET", "a"}
	if diff := cmp.Diff(want, c.Args().Words()); diff != "" {
		t.Errorf("after a change of the list (-want +got):\n%s", diff)
	}
	c.Args().Words()[1] = "changed"
	if diff := cmp.Diff(want, c.Args().Words()); diff != "" {
		t.Errorf("after a change of Words (-want +got):\n%s", diff)
	}
	if got := c.Args().Len(); got != 2 {
		t.Errorf("Len() = %d, want 2", got)
	}
}

func TestArgumentsStayHidden(t *testing.T) {
	t.Parallel()
	set := command.Set(marker, marker)
	load := command.ScriptLoad(marker)
	checkHidden(t, set)
	checkHidden(t, &set)
	checkHidden(t, set.Args())
	checkHidden(t, load)
	checkHidden(t, load.Args())
	checkHidden(t, []command.Args{set.Args(), load.Args()})
	checkHidden(t, struct{ C command.Cmd[command.OK] }{set})
	for got, want := range map[string]string{
		set.String():                     "SET (2 arguments)",
		set.GoString():                   "SET (2 arguments)",
		load.Args().String():             "SCRIPT LOAD (2 arguments)",
		load.Args().GoString():           "SCRIPT LOAD (2 arguments)",
		set.Args().LogValue().String():   "SET (2 arguments)",
		command.NewArgs("ping").String(): "PING (0 arguments)",
	} {
		if got != want {
			t.Errorf("printed as %q, want %q", got, want)
		}
	}
}

func TestClass(t *testing.T) {
	t.Parallel()
	for class, want := range map[command.Class]string{
		command.Once:       "once",
		command.Idempotent: "idempotent",
		command.ReadOnly:   "read-only",
		command.Class(99):  "once",
	} {
		if got := class.String(); got != want {
			t.Errorf("String() = %q, want %q", got, want)
		}
	}
	c := command.New(command.Reply.Int, "NEWCMD")
	if got := c.Args().Class(); got != command.Once {
		t.Errorf("class of a new command = %v, want once", got)
	}
	if got := c.WithClass(command.ReadOnly).Args().Class(); got != command.ReadOnly {
		t.Errorf("class = %v, want read-only", got)
	}
	if got := c.Args().Class(); got != command.Once {
		t.Errorf("WithClass changed the command it was called on to %v", got)
	}
}
