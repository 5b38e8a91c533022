package upstash

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzMessage: nothing panics, and what is read is what was written.
func FuzzMessage(f *testing.F) {
	for _, text := range []string{"message,c,x", "message,a,b,x", "pmessage,a*,ab,x", "pmessage,*\\,,a,b", "message,", ",", "subscribe,c,1"} {
		f.Add(text, "c", "a,b")
	}
	f.Fuzz(func(t *testing.T, text, one, two string) {
		for _, op := range []string{"SUBSCRIBE", "PSUBSCRIBE"} {
			sub, err := newSubscription(op, []string{one, two})
			if err != nil {
				continue
			}
			sub.greet()(text)
			m, known, err := sub.message(text)
			words := []string{strings.TrimSuffix(sub.kind, ","), lineEnds.Replace(m.Pattern), m.Channel, m.Payload}
			if op == "SUBSCRIBE" {
				words = []string{"message", lineEnds.Replace(m.Channel), m.Payload}
			}
			if again := strings.Join(words, ","); known && err == nil && again != text {
				t.Errorf("%s: %q was read as %q", op, text, again)
			}
			for i, name := range sub.names {
				text := sub.kind + sub.forms[i] + "," + text
				if op == "PSUBSCRIBE" {
					text = sub.kind + sub.forms[i] + ",channel," + text
				}
				m, _, err := sub.message(text)
				if err != nil && strings.Contains(text, ",") || op == "SUBSCRIBE" && m.Channel != name || op == "PSUBSCRIBE" && m.Pattern != name {
					t.Errorf("%s: %q was read as %+v, %v", op, text, m, err)
				}
			}
		}
	})
}

// FuzzMonitorLine: nothing panics, and what is read is what was written.
func FuzzMonitorLine(f *testing.F) {
	for _, line := range []string{`1721284005.242090 [0 0.0.0.0:0] "GET" "k"`, `1.000001 [0 lua] "\x00\n\"\\" ""`, `1.0 [`, `"\x`, `] "`} {
		f.Add(line, "k", "\x00\xff\"\\é")
	}
	f.Fuzz(func(t *testing.T, line, one, two string) {
		_, _ = monitorEvent(line)
		var escaped strings.Builder
		for _, c := range []byte(two) {
			fmt.Fprintf(&escaped, `\x%02x`, c)
		}
		plain := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`, "\a", `\a`, "\b", `\b`).Replace(one)
		e, ok := monitorEvent(`1721284005.242090 [0 lua] "` + plain + `" "` + escaped.String() + `"`)
		if diff := cmp.Diff([]string{one, two}, e.Args); diff != "" || !ok {
			t.Errorf("%v (-want +got)\n%s", ok, diff)
		}
	})
}
