package upstash_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// A last argument that is not text travels as the body; the words before it
// are the path.
func TestBinaryUnderEveryKey(t *testing.T) {
	t.Parallel()
	const value = "\xff\x00 value?/%#"
	srv := upstashtest.New(t)
	rdb := srv.Client()
	for _, key := range []string{
		"k", "a/b", "/", "//", "a//b", "/a/", "?", "a?b=c", "%", "%2F", "%zz", "#", "a#b", " ", "a b", "+", "a+b", ";", "&", "=", ":", "@", "user:1", "*", "~", "!", "'", `"`, `\`,
		"{tag}", "{}", "[x]", "é", "日本語", "👩‍🚀", "\x00", "\n", "\x7f", ".a", "...", "a/../b", "pipeline", "multi-exec", "\u2028", "_token", strings.Repeat("k", 2000),
	} {
		srv.Reset()
		if err := rdb.Set(t.Context(), key, value); err != nil {
			t.Errorf("%q: %v", key, err)
			continue
		}
		if diff := cmp.Diff([][]string{{"SET", key, value}}, sent(srv)); diff != "" {
			t.Errorf("%q (-want +got)\n%s", key, diff)
		}
		if got, err := rdb.Get(t.Context(), key); got != value || err != nil {
			t.Errorf("%q: %q, %v", key, got, err)
		}
	}
}

// The form on the wire, as protocol documentation has it.
func TestBinaryOnTheWire(t *testing.T) {
	t.Parallel()
	var got []string
	m := mock(func(req *http.Request) (*http.Response, error) {
		body := make([]byte, req.ContentLength)
		if _, err := req.Body.Read(body); err != nil {
			t.Error(err)
		}
		got = append(got, req.Method+" "+req.URL.RequestURI(), string(body), req.Header.Get("Content-Type"))
		return answer(200, inJSON, `{"result":"OK"}`)(req)
	})
	rdb := newClient(t, m)
	if err := rdb.SetEx(t.Context(), "a/b?c", "\xff", time.Minute); err != nil {
		t.Fatal(err)
	}
	if err := rdb.Set(t.Context(), "a/b?c", "text"); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"POST /SETEX/a%2Fb%3Fc/60", "\xff", "application/octet-stream",
		"POST /", `["SET","a/b?c","text"]`, "application/json",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Elsewhere such bytes are refused before sending, and the error says where they are.
func TestBinaryElsewhereIsRefused(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t)
	rdb := srv.Client()
	get := command.Get("k").Args()
	batch := func(atomic bool, c ...command.Args) func() error {
		return func() error { _, err := rdb.Do(t.Context(), upstash.Batch{Commands: c, Atomic: atomic}); return err }
	}
	exec := func(c command.Cmd[bool]) func() error {
		return func() error { _, err := upstash.Exec(t.Context(), rdb, c); return err }
	}
	set := command.Set("k", marker+"\xff").Args()
	for name, test := range map[string]struct {
		run  func() error
		want verdict
		says string
	}{
		"key and value":      {func() error { return rdb.Set(t.Context(), "\xff", "v\xff") }, verdict{Op: "SET"}, "argument 1 of SET (command 1 of the request)"},
		"before options":     {exec(command.SetWith("k", marker+"\xff", command.SetOptions{TTL: time.Minute})), verdict{Op: "SET"}, "argument 2 of SET (command 1 of the request)"},
		"name":               {func() error { _, err := rdb.Raw(t.Context(), "\xff"); return err }, verdict{Op: "\uFFFD"}, "argument 0"},
		"pipeline":           {batch(false, get, set), verdict{Op: "SET", Index: 1}, "argument 2 of SET (command 2 of the request)"},
		"transaction":        {batch(true, get, get, set), verdict{Op: "SET", Index: 2}, "argument 2 of SET (command 3 of the request)"},
		"transaction of one": {batch(true, set), verdict{Op: "SET"}, "argument 2 of SET (command 1 of the request)"},
		"empty key":          {func() error { return rdb.Set(t.Context(), "", marker+"\xff") }, verdict{Op: "SET"}, "argument 1 is empty or made of dots"},
		"dot":                {func() error { return rdb.Set(t.Context(), ".", marker+"\xff") }, verdict{Op: "SET"}, "argument 1 is empty or made of dots"},
		"two dots":           {func() error { return rdb.Set(t.Context(), "..", marker+"\xff") }, verdict{Op: "SET"}, "argument 1 is empty or made of dots"},
	} {
		err := test.run()
		test.want.Safe = true
		if diff := cmp.Diff(test.want, verdictOf(t, err)); diff != "" {
			t.Errorf("%s: %v (-want +got)\n%s", name, err, diff)
		}
		if !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), marker) {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(upstashtest.Meter{}, srv.Meter()); diff != "" {
			t.Errorf("%s: it was sent (-want +got)\n%s", name, diff)
		}
	}
}

// A key on its own is a last argument too.
func TestBinaryKey(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t)
	if _, err := srv.Client().Get(t.Context(), "\xff/"); !errors.Is(err, upstash.ErrNil) {
		t.Error(err)
	}
	if diff := cmp.Diff([][]string{{"GET", "\xff/"}}, sent(srv)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A pipeline of one command is one command.
func TestBinaryInAPipelineOfOne(t *testing.T) {
	t.Parallel()
	rdb := upstashtest.New(t).Client()
	p := pipeline.New(rdb)
	p.Set("k", "\xff")
	if err := p.Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, err := rdb.Get(t.Context(), "k"); got != "\xff" || err != nil {
		t.Error(got, err)
	}
}
