package fetch

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
)

// What a failure says, and what it keeps to itself.
func TestFailures(t *testing.T) {
	t.Parallel()
	base, refused := host(t), os.Getenv("FETCH_TEST_NOBODY")
	for _, c := range []struct {
		name, url, want string
		dial, ended     bool
	}{
		{name: "refused", url: refused + "/hushpath", want: "ECONNREFUSED", dial: true},
		{name: "no such host", url: "http://hushhost.invalid/", want: "fetch failed", dial: true},
		{name: "dropped", url: base + "/drop/", want: "other side closed", ended: true},
		{name: "a scheme nobody knows", url: "hush://host/", want: "unknown scheme"},
		{name: "a port that is refused", url: "http://127.0.0.1:22/hushpath", want: "bad port"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRequest(t.Context(), t, http.MethodPost, c.url, "hushbody")
			r.Header.Set("Authorization", "Bearer hushtoken")
			resp, err := Transport{}.RoundTrip(r)
			if err == nil {
				_ = resp.Body.Close()
				t.Fatal("there was an answer")
			}
			op, isOp := errors.AsType[*net.OpError](err)
			if isOp != c.dial || isOp && op.Op != "dial" || errors.Is(err, io.ErrUnexpectedEOF) != c.ended || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%#v: %v", err, err)
			}
			for _, text := range []string{err.Error(), fmt.Sprintf("%+v %#v", err, err)} {
				if strings.Contains(text, "hush") || strings.Contains(text, "127.0.0.1") {
					t.Errorf("it shows a part of the request: %s", text)
				}
			}
		})
	}
}

func TestBodyThatBreaksOff(t *testing.T) {
	t.Parallel()
	resp, err := Transport{}.RoundTrip(newRequest(t.Context(), t, http.MethodGet, host(t)+"/cut", ""))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if string(body) != "abc" || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%q, %v", body, err)
	}
	if _, again := resp.Body.Read(make([]byte, 1)); !errors.Is(again, err) {
		t.Errorf("the next Read: %v", again)
	}
}

// A header that no host takes is refused before anything is sent, without its value.
func TestRefusedHeader(t *testing.T) {
	t.Parallel()
	r := newRequest(t.Context(), t, http.MethodPost, host(t)+"/echo/", "x")
	r.Header["Authorization"] = []string{"Bearer hush\ntoken"}
	_, err := Transport{}.RoundTrip(r) //nolint:bodyclose // there is none
	if err == nil || strings.Contains(err.Error(), "hush") || !strings.Contains(err.Error(), "invalid header value") {
		t.Errorf("the error is %v", err)
	}
}

type brokenBody struct{ closed bool }

func (*brokenBody) Read([]byte) (int, error) { return 0, io.ErrNoProgress }
func (b *brokenBody) Close() error           { b.closed = true; return nil }

func TestRequestBodyThatFails(t *testing.T) {
	t.Parallel()
	r := newRequest(t.Context(), t, http.MethodPost, host(t)+"/echo/", "")
	body := &brokenBody{}
	r.Body = body
	if _, err := (Transport{}).RoundTrip(r); !errors.Is(err, io.ErrNoProgress) || !body.closed { //nolint:bodyclose // there is none
		t.Errorf("%v, closed %v", err, body.closed)
	}
}
