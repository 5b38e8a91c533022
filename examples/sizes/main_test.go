package main

import (
	"strings"
	"testing"
)

// The bounds hold for what users deploy.
func TestBounds(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := run(t.Context(), &out, "amd64"); err != nil {
		t.Error(err)
	}
	t.Log("\n" + out.String())
	for _, h := range handlers {
		if !strings.Contains(out.String(), h.what+"\n") {
			t.Errorf("%q is not in the table", h.what)
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name                         string
		resty, client, full, goredis int64
		want                         string
	}{
		{"as it should be", 1000, 1000, 1200, 1300, ""},
		{"exactly 1.1 times", 1000, 1100, 1200, 1300, ""},
		{"a byte more", 1000, 1101, 1200, 1300, "more than 1.1 times"},
		{"as large as go-redis", 1000, 1100, 1300, 1300, "not fewer than"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := check(map[string]size{"resty": {bytes: c.resty}, "client": {bytes: c.client}, "full": {bytes: c.full}, "goredis": {bytes: c.goredis}})
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

func TestBuildThatFails(t *testing.T) {
	t.Parallel()
	if _, err := build(t.Context(), "nothing", t.TempDir(), "amd64"); err == nil || !strings.Contains(err.Error(), "go build of nothing") {
		t.Errorf("the error is %v", err)
	}
}
