package upstash_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

const inRESP2 = "application/octet-stream"

// asks is what a request says of the answer it wants.
type asks struct{ Encoding, Format string }

func asksOf(h http.Header) asks {
	return asks{h.Get("Upstash-Encoding"), h.Get("Upstash-Response-Format")}
}

func withFormat(f upstash.ReplyFormat) func(*upstash.Options) {
	return func(o *upstash.Options) { o.Format = f }
}

func TestWhatRequestsAskFor(t *testing.T) {
	t.Parallel()
	base64, plain, resp2 := asks{Encoding: "base64"}, asks{}, asks{Format: "resp2"}
	for name, tt := range map[string]struct {
		format upstash.ReplyFormat
		want   map[string]asks // by the operation, "" for all others
	}{
		"base64": {upstash.FormatBase64, map[string]asks{"": base64}},
		"plain":  {upstash.FormatJSON, map[string]asks{"": plain}},
		"resp2":  {upstash.FormatRESP2, map[string]asks{"": resp2, "transaction of 2": base64}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, op := range operations() {
				var got asks
				rdb := newClient(t, roundTripper(func(r *http.Request) (*http.Response, error) {
					got = asksOf(r.Header)
					return answer(500, inJSON, "")(r)
				}), withFormat(tt.format))
				_ = op.run(t, rdb) // what is asked matters
				want, special := tt.want[op.name]
				if !special {
					want = tt.want[""]
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", op.name, diff)
				}
			}
		})
	}
}

// TestServerThatDoesNotKnowRESP2: its JSON is understood, and it is not asked
// again for what it does not have.
func TestServerThatDoesNotKnowRESP2(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		stored   string
		refuses  bool
		requests int // of the first call
	}{
		"ignores it":                          {"hello", false, 1},
		"ignores it, and a byte is damaged":   {"h\xffllo", false, 2},
		"refuses it":                          {"hello", true, 2},
		"refuses it, with bytes":              {"h\xffllo", true, 2},
		"ignores it, and the text has U+FFFD": {"h\uFFFDllo", false, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var seen []asks
			rdb := newClient(t, roundTripper(func(r *http.Request) (*http.Response, error) {
				seen = append(seen, asksOf(r.Header))
				switch {
				case r.Header.Get("Upstash-Encoding") == "base64":
					return answer(200, inJSON, `{"result":"`+base64.StdEncoding.EncodeToString([]byte(tt.stored))+`"}`)(r)
				case tt.refuses:
					return answer(400, inJSON, `{"error":"ERR unsupported value of the Upstash-Response-Format header"}`)(r)
				}
				return answer(200, inJSON, `{"result":"`+strings.ToValidUTF8(tt.stored, "\uFFFD")+`"}`)(r)
			}), withFormat(upstash.FormatRESP2))
			for range 3 {
				if got, err := rdb.Get(t.Context(), "k"); got != tt.stored || err != nil {
					t.Errorf("Get = %q, %v", got, err)
				}
			}
			want := []asks{{Format: "resp2"}}
			for range tt.requests + 1 {
				want = append(want, asks{Encoding: "base64"})
			}
			if diff := cmp.Diff(want, seen); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

// TestDamagedReplyOfAWrite: it ran, and cannot run again to hear its reply.
func TestDamagedReplyOfAWrite(t *testing.T) {
	t.Parallel()
	n := 0
	rdb := newClient(t, roundTripper(func(r *http.Request) (*http.Response, error) {
		n++
		return answer(200, inJSON, `{"result":"`+marker+`\ufffd"}`)(r)
	}), withFormat(upstash.FormatRESP2))
	_, err := rdb.GetDel(t.Context(), "k")
	if diff := cmp.Diff(verdict{Op: "GETDEL", Index: -1, Sent: true, Attempts: 1}, verdictOf(t, err)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !strings.Contains(err.Error(), "does not know RESP2") || strings.Contains(err.Error(), marker) || n != 1 {
		t.Errorf("%d requests, %v", n, err)
	}
}

// A page of a proxy tells nothing about the server behind it.
func TestErrorPageDoesNotChangeTheFormat(t *testing.T) {
	t.Parallel()
	var seen []asks
	rdb := newClient(t, roundTripper(func(r *http.Request) (*http.Response, error) {
		seen = append(seen, asksOf(r.Header))
		if len(seen) == 1 {
			return answer(502, inHTML, page)(r)
		}
		return answer(200, inRESP2, "$2\r\nhi\r\n")(r)
	}), withFormat(upstash.FormatRESP2))
	if _, err := rdb.Get(t.Context(), "k"); err == nil {
		t.Error("no failure")
	}
	if got, err := rdb.Get(t.Context(), "k"); got != "hi" || err != nil {
		t.Errorf("Get = %q, %v", got, err)
	}
	if diff := cmp.Diff([]asks{{Format: "resp2"}, {Format: "resp2"}}, seen); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestErrorsInRESP2(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t)
	o := srv.ClientOptions()
	o.Format = upstash.FormatRESP2
	rdb := upstash.Must(upstash.New(o))
	t.Cleanup(rdb.CloseIdle)
	if err := rdb.Set(t.Context(), "k", "text"); err != nil {
		t.Fatal(err)
	}
	_, err := rdb.Incr(t.Context(), "k")
	if diff := cmp.Diff(verdict{Op: "INCR", Code: "ERR", Sent: true, Attempts: 1}, verdictOf(t, err)); diff != "" {
		t.Errorf("a command's error (-want +got):\n%s", diff)
	}
	o.Token = "wrong"
	_, err = upstash.Must(upstash.New(o)).Get(t.Context(), "k")
	if !upstash.SafeToRetry(err) || mustBeTyped(t, err).Status != 401 {
		t.Errorf("a wrong token: %v", err)
	}
}
