package upstash_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

func TestMonitor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, rdb := inBubble(t)
		value := "a \"b\" \\ \n\r\t\a\b\x00\x7f é\xff"
		begin := srv.Now().Truncate(time.Microsecond)
		want := []upstash.MonitorEvent{
			{Kind: upstash.Subscribed},
			{At: begin, Client: "0.0.0.0:0", Args: []string{"SET", "k", value}},
			{At: begin.Add(time.Second + 7*time.Microsecond), Client: "0.0.0.0:0", Args: []string{"EVAL", "redis.call('GET', KEYS[1])", "1", ""}},
			{At: begin.Add(time.Second + 7*time.Microsecond), Client: "lua", Args: []string{"GET", ""}},
		}
		var got []upstash.MonitorEvent
		for e, err := range rdb.Monitor(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			if e.Kind == upstash.Subscribed {
				if err := rdb.Set(t.Context(), "k", value); err != nil {
					t.Fatal(err)
				}
				srv.Advance(time.Second + 7*time.Microsecond)
				if _, err := rdb.Raw(t.Context(), "EVAL", "redis.call('GET', KEYS[1])", 1, ""); err != nil && !errors.Is(err, upstash.ErrNil) {
					t.Fatal(err)
				}
			}
			if got = append(got, e); len(got) == len(want) {
				break
			}
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateApproxTime(0)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

func TestMonitorLines(t *testing.T) {
	t.Parallel()
	at := time.Unix(1721284005, 242_090_000)
	for line, want := range map[string]*upstash.MonitorEvent{
		`1721284005.242090 [0 0.0.0.0:0] "GET" "k"`:                     {At: at, Client: "0.0.0.0:0", Args: []string{"GET", "k"}},
		`1721284005.242090 [0 [::1]:6379] "PING"`:                       {At: at, Client: "[::1]:6379", Args: []string{"PING"}},
		`1721284005.242090 [0 unix:/tmp/a b.sock] "PING"`:               {At: at, Client: "unix:/tmp/a b.sock", Args: []string{"PING"}},
		`1721284005.242090 [0 lua] "set" "" "] \"x"`:                    {At: at, Client: "lua", Args: []string{"set", "", `] "x`}},
		`1721284005.000001 [0 lua] "\x00\xff\xAb" "\n\r\t\a\b\"\\"`:     {At: time.Unix(1721284005, 1000), Client: "lua", Args: []string{"\x00\xff\xab", "\n\r\t\a\b\"\\"}},
		`1721284005.242090 [0 lua] "é" "x\\n"`:                          {At: at, Client: "lua", Args: []string{"é", `x\n`}},
		`1721284005.242090 [0 lua] "GET" `:                              nil,
		`1721284005.242090 [0 lua] "GET`:                                nil,
		`1721284005.242090 [0 lua] "GET\`:                               nil,
		`1721284005.242090 [0 lua] "GET""k"`:                            nil,
		`1721284005.242090 [0 lua] "GET" k`:                             nil,
		`1721284005.242090 [0 lua] "\q"`:                                nil,
		`1721284005.242090 [0 lua] "\x1"`:                               nil,
		`1721284005.242090 [0 lua] "\x`:                                 nil,
		`1721284005.242090 [0 lua] "\xg0"`:                              nil,
		`1721284005.242090 [0 lua]`:                                     nil,
		`1721284005.242090 [lua] "GET"`:                                 nil,
		`1721284005.242090 0 lua "GET"`:                                 nil,
		`1721284005 [0 lua] "GET"`:                                      nil,
		`1721284005.24209 [0 lua] "GET"`:                                nil,
		`1721284005.24209x [0 lua] "GET"`:                               nil,
		`1721284005.+24209 [0 lua] "GET"`:                               nil,
		`99999999999999999999.242090 [0 lua] "GET"`:                     nil,
		`1x.242090 [0 lua] "GET"`:                                       nil,
		`1721284005.242090 [0 lua] "GET" "k" extra`:                     nil,
		`1721284005.242090 [0 lua] "` + strings.Repeat("x", 1000) + "`": nil,
	} {
		synctest.Test(t, func(t *testing.T) {
			rt := &scripted{steps: []step{streamThenSilence("data: \"OK\"\n\ndata: other\n\ndata:\n\ndata: " + line + "\n\n")}}
			var got []upstash.MonitorEvent
			var last error
			for e, err := range newClient(t, rt).Monitor(t.Context()) {
				if last = err; err == nil {
					got = append(got, e)
				}
				if len(got) == 2 {
					break
				}
			}
			if want == nil {
				if len(got) != 1 || last == nil || !strings.Contains(last.Error(), "MONITOR: reply is not a line of MONITOR") {
					t.Errorf("%s: %v, %v", line, got, last)
				}
				return
			}
			if diff := cmp.Diff([]upstash.MonitorEvent{{Kind: upstash.Subscribed}, *want}, got); diff != "" || last != nil {
				t.Errorf("%s: %v (-want +got)\n%s", line, last, diff)
			}
		})
	}
}

// What interrupts a monitor, and what ends it, is what does so to a subscription.
func TestMonitorReconnects(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rt := &scripted{steps: []step{streamThenEnd("data: \"OK\"\n\n"), refuseConnection, streamThenSilence("data: OK\n\n")}}
		var kinds []upstash.EventKind
		var last error
		for e, err := range newClient(t, rt).MonitorWith(endsIn(t, time.Hour), upstash.StreamOptions{Idle: -1}) {
			if last = err; err == nil {
				kinds = append(kinds, e.Kind)
			}
			if (e.Err != nil) != (e.Kind == upstash.Gap) || e.Since.IsZero() != (e.Kind != upstash.Gap) {
				t.Errorf("%v: %v, %v", e.Kind, e.Err, e.Since)
			}
		}
		want := []upstash.EventKind{upstash.Subscribed, upstash.Gap, upstash.Gap, upstash.Subscribed}
		if diff := cmp.Diff(want, kinds); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		if e := mustBeTyped(t, last); e.Op != "MONITOR" || !errors.Is(last, context.Canceled) {
			t.Error(last)
		}
		if got := rt.last.URL.Path; got != "/monitor" {
			t.Errorf("the path is %s", got)
		}
	})
}

func TestMonitorIsRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, _ := inBubble(t)
		reader := newClient(t, srv.Transport(), func(o *upstash.Options) { o.Token = srv.ReadOnlyToken })
		for _, err := range reader.Monitor(t.Context()) {
			if want := "NOPERM"; err == nil || mustBeTyped(t, err).Code != want {
				t.Errorf("%v is no %s", err, want)
			}
		}
	})
}

func TestNamesOfEventKinds(t *testing.T) {
	t.Parallel()
	for kind, want := range map[upstash.EventKind]string{
		upstash.Received: "received", upstash.Subscribed: "subscribed", upstash.Gap: "gap", 99: "unknown",
	} {
		if got := kind.String(); got != want {
			t.Errorf("%d is %s", kind, got)
		}
	}
}
