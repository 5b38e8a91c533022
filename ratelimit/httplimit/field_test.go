package httplimit_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/ratelimit/httplimit"
)

// TestReader has the parser that judges the fields find what is wrong with some.
func TestReader(t *testing.T) {
	t.Parallel()
	for _, s := range []string{`"a`, `"a"x`, `"a",`, `"a";`, `"a";q`, `"a";q=`, `"a";Q=1`, `"a";q=1000000000000000`, `"é"`, `"\a"`, `a`, `1;w=x`, `"a" "b"`, `--1`} {
		if items, err := readList([]string{s}); err == nil {
			t.Errorf("%s was read as %v", s, items)
		}
	}
	want := []item{{`a\"`, map[string]int64{"q": 1, "w": -2}}, {int64(3), map[string]int64{}}}
	got, err := readList([]string{`"a\\\"";q=1; w=-2`, ` 3`})
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}

// TestPolicyNames gives names, and what a client reads in both fields and in
// the problem document.
func TestPolicyNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"":                "default",
		"burst":           "burst",
		`a"b\c`:           `a"b\c`,
		"with blank, ok;": "with blank, ok;",
		"täglich":         "t%c3%a4glich",
		"a\r\nb: c":       "a%0d%0ab: c",
		"\x7f\xff":        "%7f%ff",
	} {
		t.Run(strconv.QuoteToASCII(name), func(t *testing.T) {
			t.Parallel()
			w := serve(limited(t, perMinute(name, 0), httplimit.Options{}, nil), request(t, "/"))
			limit, err1 := readList(w.Header()["Ratelimit"])
			policy, err2 := readList(w.Header()["Ratelimit-Policy"])
			var body struct {
				Violated []string `json:"violated-policies"`
			}
			err3 := json.Unmarshal(w.Body.Bytes(), &body)
			if err1 != nil || err2 != nil || err3 != nil || len(limit) != 1 || len(policy) != 1 {
				t.Fatalf("unreadable: %v, %v, %v: %v", err1, err2, err3, w.Header())
			}
			if diff := cmp.Diff([]any{want, want, []string{want}}, []any{limit[0].Value, policy[0].Value, body.Violated}); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// FuzzFields reads back whatever is written about any decision.
func FuzzFields(f *testing.F) {
	f.Add("burst", int64(100), int64(42), int64(time.Minute), int64(time.Second), true)
	f.Add("a\"\\\x00é", int64(-1), int64(1)<<62, int64(1500), int64(-5), false)
	f.Add("", int64(0), int64(999_999_999_999_999), int64(1)<<62, int64(1)<<62, false)
	f.Fuzz(func(t *testing.T, name string, limit, remaining, window, after int64, allowed bool) {
		at := start.Add(time.Duration(after))
		result := ratelimit.Result{
			Allowed: allowed, Limit: limit, Remaining: remaining, ResetAt: at, RetryAt: at,
			Policy: ratelimit.Policy{Name: name, Limit: limit, Window: time.Duration(window)},
		}
		bound := func(n int64) int64 { return min(max(n, 0), 999_999_999_999_999) }
		seconds := bound(after / 1e9)
		if after > 0 && after%1e9 != 0 {
			seconds++
		}
		var wantPolicy, wantOld map[string]int64
		wantPolicy, wantOld = map[string]int64{"q": bound(limit)}, nil
		if window >= 1e9 && window%1e9 == 0 {
			wantPolicy["w"] = window / 1e9
			wantOld = map[string]int64{"w": window / 1e9}
		}

		h := serve(limited(t, answers{result, nil}, httplimit.Options{}, nil), request(t, "/")).Header()
		policy, err := readList(h["Ratelimit-Policy"])
		if err != nil || len(policy) != 1 {
			t.Fatalf("RateLimit-Policy %q: %v", h["Ratelimit-Policy"], err)
		}
		if diff := cmp.Diff(wantPolicy, policy[0].Parameters); diff != "" {
			t.Errorf("RateLimit-Policy (-want +got)\n%s", diff)
		}
		field, err := readList(h["Ratelimit"])
		want := []item{{policy[0].Value, map[string]int64{"r": bound(remaining), "t": seconds}}}
		if diff := cmp.Diff(want, field); diff != "" || err != nil {
			t.Errorf("RateLimit, %v (-want +got)\n%s", err, diff)
		}
		retry, err := strconv.ParseInt(h.Get("Retry-After"), 10, 64)
		if !allowed && (err != nil || retry < 1 || retry < field[0].Parameters["t"]) || allowed && h.Get("Retry-After") != "" {
			t.Errorf("Retry-After %q with %q", h.Get("Retry-After"), h["Ratelimit"])
		}

		h = serve(limited(t, answers{result, nil}, httplimit.Options{Headers: httplimit.Draft07}, nil), request(t, "/")).Header()
		dictionary, err := readDictionary(h["Ratelimit"])
		if diff := cmp.Diff(map[string]int64{"limit": bound(limit), "remaining": bound(remaining), "reset": seconds}, dictionary); diff != "" || err != nil {
			t.Errorf("draft 07, %v (-want +got)\n%s", err, diff)
		}
		old, err := readList(h["Ratelimit-Policy"])
		var wantItems []item
		if wantOld != nil {
			wantItems = []item{{bound(limit), wantOld}}
		}
		if diff := cmp.Diff(wantItems, old); diff != "" || err != nil {
			t.Errorf("draft 07 policy, %v (-want +got)\n%s", err, diff)
		}
	})
}

// FuzzPath counts every path, however it is spelled, under one key that can be
// stored.
func FuzzPath(f *testing.F) {
	f.Add("/api/users")
	f.Add("/%\xff ü/..//")
	f.Fuzz(func(t *testing.T, path string) {
		l := perMinute("burst", 100)
		h := limited(t, l, httplimit.Options{Key: httplimit.ByAddressAndPath(clientSource)}, nil)
		var everyByte strings.Builder
		for i := range len(path) {
			fmt.Fprintf(&everyByte, "%%%02x", path[i])
		}
		for _, raw := range []string{"", everyByte.String()} {
			r := request(t, "/")
			r.URL = &url.URL{Path: path, RawPath: raw}
			if w := serve(h, r); w.Code != http.StatusOK {
				t.Fatalf("status %d", w.Code)
			}
		}
		if len(l.used) != 1 {
			t.Errorf("counted under %v", l.used)
		}
		for key := range l.used {
			for i := range len(key) {
				if key[i] <= ' ' || key[i] > '~' || len(key) > 300 {
					t.Fatalf("key %q", key)
				}
			}
		}
	})
}
