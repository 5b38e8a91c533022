package session_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// login is the payload of the seed.
type login struct {
	Email    string            `json:"email"`
	Role     string            `json:"role"`
	Visits   int               `json:"visits"`
	Metadata map[string]string `json:"metadata,omitempty"`
}

var (
	start  = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	secret = session.Key(bytes.Repeat([]byte("s"), 32))
	keyA   = session.Key(bytes.Repeat([]byte("a"), 32))
	keyB   = session.Key(bytes.Repeat([]byte("b"), 32))
	phone  = session.Device{Name: "phone", UserAgent: "Firefox", IP: "192.0.2.1"}
	jo     = login{Email: "jo@example.com", Role: "admin", Metadata: map[string]string{"plan": "pro"}}
)

// newServer returns a server without a socket, whose time stands still unless
// a test moves it.
func newServer(t *testing.T) *upstashtest.Server {
	t.Helper()
	return upstashtest.New(t, upstashtest.Options{InProcess: true, Clock: func() time.Time { return start }})
}

// newManager returns a manager in namespace "shop" that shares its server's time.
func newManager(t *testing.T, o session.Options) (*upstashtest.Server, *session.Manager[login]) {
	t.Helper()
	srv := newServer(t)
	return srv, managerOver[login](t, srv, srv.Client(), o)
}

func managerOver[T any](t *testing.T, srv *upstashtest.Server, d upstash.Doer, o session.Options) *session.Manager[T] {
	t.Helper()
	if o.Namespace == "" {
		o.Namespace = "shop"
	}
	if o.Clock == nil {
		o.Clock = srv.Now
	}
	m, err := session.New[T](d, o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// ok takes the two results of a call and returns the first:
// ok(m.Get(ctx, token))(t).
func ok[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		noErr(t, err)
		return v
	}
}

func noErr(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func errOf[T any](_ T, err error) error { return err }

// fails wants exactly this error of the package, and nothing else it could be
// taken for.
func fails(t *testing.T, what string, want, got error) {
	t.Helper()
	if !isOnly(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func check(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func ids(list []session.Info) []string {
	names := []string{}
	for _, info := range list {
		names = append(names, info.ID)
	}
	return names
}

// stored returns every key with its fields.
func stored(t *testing.T, srv *upstashtest.Server) map[string]map[string]string {
	t.Helper()
	ctx, rdb := t.Context(), srv.Client()
	all := map[string]map[string]string{}
	for _, key := range ok(rdb.Keys(ctx, "*"))(t) {
		all[key] = ok(rdb.HGetAll(ctx, key))(t)
	}
	return all
}

// keepTTL replaces a field in place, as somebody would who can write to the
// database.
var keepTTL = command.HSetExOptions{KeepTTL: true}
