package database_test

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/examples/internal/database"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// use has the database keep something, and returns what it keeps.
func use(t *testing.T, db database.Database) string {
	t.Helper()
	rdb, err := upstash.New(db.Options)
	if err != nil {
		t.Fatal(err)
	}
	if err := rdb.Set(t.Context(), "k", "v"); err != nil {
		t.Fatal(err)
	}
	value, err := rdb.Get(t.Context(), "k")
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func TestOpenWithoutEnvironment(t *testing.T) {
	t.Setenv(upstash.EnvURL, "")
	t.Setenv(upstash.EnvToken, "")
	db, err := database.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if value := use(t, db); value != "v" || db.Where != "the embedded local server" {
		t.Errorf("value %q on %s", value, db.Where)
	}
}

func TestOpenWithEnvironment(t *testing.T) {
	srv := upstashtest.New(t)
	t.Setenv(upstash.EnvURL, srv.URL)
	t.Setenv(upstash.EnvToken, srv.Token)
	db, err := database.Open()
	if err != nil {
		t.Fatal(err)
	}
	db.Close() // does nothing to a database that is not the program's own
	if value := use(t, db); value != "v" || db.Where != "the database of UPSTASH_REDIS_REST_URL" {
		t.Errorf("value %q on %s", value, db.Where)
	}
	if n := len(srv.Requests()); n != 2 {
		t.Errorf("%d requests reached the database of the environment, want 2", n)
	}
}

func TestOpenWithHalfAnEnvironment(t *testing.T) {
	t.Setenv(upstash.EnvURL, "https://example.com")
	t.Setenv(upstash.EnvToken, "")
	if _, err := database.Open(); err == nil || !strings.Contains(err.Error(), "UPSTASH_REDIS_REST_TOKEN is missing") {
		t.Errorf("error %v", err)
	}
}

func TestSweep(t *testing.T) {
	srv := upstashtest.New(t)
	t.Setenv(upstash.EnvURL, srv.URL)
	t.Setenv(upstash.EnvToken, srv.Token)
	ctx, interrupt := context.WithCancel(t.Context())
	db, err := database.Open()
	if err != nil {
		t.Fatal(err)
	}
	clean := db.Sweep("example:")
	rdb, err := upstash.New(db.Options)
	if err != nil {
		t.Fatal(err)
	}
	if err := rdb.Set(ctx, "mine", "precious"); err != nil {
		t.Fatal(err)
	}
	srv.Intercept(upstashtest.On("SET", upstashtest.ExecuteThenDrop))
	if err := rdb.Set(ctx, "example:lost", "v"); err == nil {
		t.Error("the answer was not lost")
	}
	for i := range 600 {
		if _, err := rdb.HSet(ctx, "example:"+strconv.Itoa(i), map[string]any{"f": "v"}); err != nil {
			t.Fatal(err)
		}
	}
	interrupt()
	srv.Intercept(upstashtest.On("DEL", upstashtest.ExecuteThenDrop))
	if err := clean(ctx); err != nil {
		t.Error(err)
	}
	reply, err := srv.Client().Raw(t.Context(), "KEYS", "*")
	if err != nil {
		t.Fatal(err)
	}
	left, err := reply.Texts()
	if diff := cmp.Diff([]string{"mine"}, left); err != nil || diff != "" {
		t.Errorf("keys (%v) (-want +got):\n%s", err, diff)
	}
}
