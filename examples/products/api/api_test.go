package api_test

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/examples/products/api"
	"github.com/seed-9937a0e6/upstash-go/examples/products/catalog"
	"github.com/seed-9937a0e6/upstash-go/examples/products/shop"
	"github.com/seed-9937a0e6/upstash-go/session/sessiontest"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

const (
	editor   = "ann@example.com"
	visitor  = "bob@example.com"
	password = "correct horse"
)

// visit is a browser in front of a shop of its own.
type visit struct {
	t       *testing.T
	srv     *upstashtest.Server
	browser *sessiontest.Browser
}

func newVisit(t *testing.T) *visit {
	t.Helper()
	srv := upstashtest.New(t)
	store, err := shop.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	store.Rounds = 1
	data, err := catalog.New(store, srv.Client(), cache.Options{Namespace: "shop"})
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(
		store.Fill(t.Context(), 12), data.Settle(t.Context()),
		store.AddUser(t.Context(), editor, shop.Editor, password),
		store.AddUser(t.Context(), visitor, "visitor", password),
	)
	if err != nil {
		t.Fatal(err)
	}
	h, err := api.New(api.Options{Data: data, Users: store, Redis: srv.Client(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return &visit{t, srv, sessiontest.NewBrowser(h)}
}

// reply is an answer without its body.
type reply struct {
	StatusCode int
	Header     http.Header
}

func (v *visit) send(method, path, body string) (reply, string) {
	v.t.Helper()
	r := httptest.NewRequestWithContext(v.t.Context(), method, sessiontest.Origin+path, strings.NewReader(body))
	return v.do(r)
}

func (v *visit) do(r *http.Request) (reply, string) {
	v.t.Helper()
	res := v.browser.Do(r)
	return reply{res.Status, res.Header}, strings.TrimSpace(res.Body)
}

func (v *visit) signIn(email string) {
	v.t.Helper()
	if res, text := v.send(http.MethodPost, "/api/login", `{"email":"`+email+`","password":"`+password+`"}`); res.StatusCode != http.StatusOK {
		v.t.Fatalf("signing in: %d %s", res.StatusCode, text)
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name               string
		as                 string // nobody when empty
		method, path, body string
		status             int
		says               string // within the answer
	}{
		{"one", "", "GET", "/api/products/p001", "", 200, `"name":"Small Headphones"`},
		{"none", "", "GET", "/api/products/nothing", "", 404, "there is no such thing"},
		{"of a category", "", "GET", "/api/products?category=desk", "", 200, `"categoryId":"desk"`},
		{"of no category", "", "GET", "/api/products?category=nothing", "", 404, "there is no such thing"},
		{"newest", "", "GET", "/api/products", "", 200, `[{"id":"p012"`},
		{"categories", "", "GET", "/api/categories", "", 200, `{"id":"desk","name":"Desk","products":2}`},
		{"most viewed, of none", "", "GET", "/api/most-viewed", "", 200, "[]"},
		{"no such path", "", "GET", "/api/orders", "", 404, "404 page not found"},
		{"no such method", "", "PUT", "/api/products/p001", "", 405, ""},
		{"create as nobody", "", "POST", "/api/products", `{}`, 401, "please sign in first"},
		{"create as a visitor", visitor, "POST", "/api/products", `{}`, 403, "only editors"},
		{"create", editor, "POST", "/api/products", `{"name":"Pen","price":5,"categoryId":"desk"}`, 201, `"name":"Pen"`},
		{"create without a name", editor, "POST", "/api/products", `{"categoryId":"desk"}`, 422, "name: expected"},
		{"create in no category", editor, "POST", "/api/products", `{"name":"Pen"}`, 422, "categoryId: there is no such category"},
		{"create from no JSON", editor, "POST", "/api/products", `name=Pen`, 422, "the body is not what was expected"},
		{"create with too much", editor, "POST", "/api/products", `{"name":"` + strings.Repeat("x", 64<<10) + `"}`, 422, "too large"},
		{"create with an unknown field", editor, "POST", "/api/products", `{"id":"p001"}`, 422, `unknown field`},
		{"update", editor, "PATCH", "/api/products/p001", `{"price":5}`, 200, `"price":5,`},
		{"update as nobody", "", "PATCH", "/api/products/p001", `{"price":5}`, 401, "please sign in first"},
		{"update none", editor, "PATCH", "/api/products/nothing", `{"price":5}`, 404, "there is no such thing"},
		{"update to less than nothing", editor, "PATCH", "/api/products/p001", `{"price":-5}`, 422, "price: expected cents"},
		{"remove", editor, "DELETE", "/api/products/p001", "", 204, ""},
		{"remove none", editor, "DELETE", "/api/products/nothing", "", 404, "there is no such thing"},
		{"remove as a visitor", visitor, "DELETE", "/api/products/p001", "", 403, "only editors"},
		{"who am I", editor, "GET", "/api/me", "", 200, `{"email":"ann@example.com","role":"editor"}`},
		{"who is nobody", "", "GET", "/api/me", "", 401, "please sign in first"},
		{"a wrong password", "", "POST", "/api/login", `{"email":"ann@example.com","password":"x"}`, 401, "no such email and password"},
		{"sign out nobody", "", "POST", "/api/logout", "", 204, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v := newVisit(t)
			if tt.as != "" {
				v.signIn(tt.as)
			}
			res, text := v.send(tt.method, tt.path, tt.body)
			if res.StatusCode != tt.status || !strings.Contains(text, tt.says) {
				t.Errorf("%d %s, want %d ... %s ...", res.StatusCode, text, tt.status, tt.says)
			}
		})
	}
}

func TestSignOut(t *testing.T) {
	t.Parallel()
	v := newVisit(t)
	v.signIn(editor)
	res, _ := v.send(http.MethodPost, "/api/logout", "")
	if res.StatusCode != http.StatusNoContent || res.Header.Get("Clear-Site-Data") == "" {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
	if res, text := v.send(http.MethodPatch, "/api/products/p001", `{"price":5}`); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("after signing out: %d %s", res.StatusCode, text)
	}
}

func TestAnotherSiteChangesNothing(t *testing.T) {
	t.Parallel()
	v := newVisit(t)
	v.signIn(editor)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPatch, sessiontest.Origin+"/api/products/p001", strings.NewReader(`{"price":5}`))
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if res, _ := v.do(r); res.StatusCode != http.StatusForbidden {
		t.Errorf("status %d", res.StatusCode)
	}
	if _, text := v.send(http.MethodGet, "/api/products/p001", ""); strings.Contains(text, `"price":5,`) {
		t.Errorf("it was changed: %s", text)
	}
}

// Views are counted where there is something to see.
func TestMostViewed(t *testing.T) {
	t.Parallel()
	v := newVisit(t)
	for _, id := range []string{"p002", "nothing", "p001", "p002", "nothing", "nothing"} {
		v.send(http.MethodGet, "/api/products/"+id, "")
	}
	type line struct {
		Rank, Views int
		Product     struct{ ID string }
	}
	top := func() (lines []line) {
		t.Helper()
		_, text := v.send(http.MethodGet, "/api/most-viewed", "")
		if err := json.Unmarshal([]byte(text), &lines); err != nil {
			t.Fatal(err)
		}
		return lines
	}
	if diff := cmp.Diff([]line{{1, 2, struct{ ID string }{"p002"}}, {2, 1, struct{ ID string }{"p001"}}}, top()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	v.signIn(editor)
	v.send(http.MethodDelete, "/api/products/p002", "")
	if diff := cmp.Diff([]line{{1, 1, struct{ ID string }{"p001"}}}, top()); diff != "" {
		t.Errorf("after one is removed (-want +got):\n%s", diff)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	v := newVisit(t)
	statuses := map[int]int{}
	for range 105 {
		res, _ := v.send(http.MethodGet, "/api/categories", "")
		statuses[res.StatusCode]++
	}
	if res, _ := v.send(http.MethodGet, "/api/products", ""); res.StatusCode != http.StatusOK {
		t.Errorf("another path: %d", res.StatusCode)
	}
	if diff := cmp.Diff(map[int]int{200: 100, 429: 5}, statuses); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
}

// Passwords are not to be tried out: ten a minute.
func TestLimitOfSignIns(t *testing.T) {
	t.Parallel()
	v := newVisit(t)
	limited := false
	for range 30 { // hashing takes its time, during which a few more become free
		res, _ := v.send(http.MethodPost, "/api/login", `no JSON`)
		limited = limited || res.StatusCode == http.StatusTooManyRequests
	}
	if !limited {
		t.Error("30 attempts were let through")
	}
}

// What each request costs at the most, of everything that is around it.
func TestCost(t *testing.T) {
	t.Parallel()
	v := newVisit(t)
	v.signIn(editor)
	requests := []struct {
		method, path, body string
		cost               upstashtest.Cost
	}{
		{"GET", "/api/products/p001", "", upstashtest.Cost{RoundTrips: 3, Commands: 3 + 1 + 1}}, // limit; cache beside view
		{"GET", "/api/categories", "", upstashtest.Cost{RoundTrips: 2, Commands: 3 + 1}},        // limit, cache
		{"GET", "/api/most-viewed", "", upstashtest.Cost{RoundTrips: 3, Commands: 3 + 1 + 1}},   // limit, board, cache
		{"GET", "/api/me", "", upstashtest.Cost{RoundTrips: 2, Commands: 3 + 1}},                // limit, session
		{"PATCH", "/api/products/p001", `{"price":7}`, upstashtest.Cost{RoundTrips: 3, Commands: 3 + 1 + 1}},
	}
	for _, r := range requests { // fills the cache, has the scripts known
		v.send(r.method, r.path, r.body)
	}
	v.send(http.MethodGet, "/api/products/p001", "")
	for _, r := range requests {
		upstashtest.AssertCost(t, v.srv, r.cost, func() {
			if res, text := v.send(r.method, r.path, r.body); res.StatusCode != http.StatusOK {
				t.Errorf("%s %s: %d %s", r.method, r.path, res.StatusCode, text)
			}
		})
	}
}

// While Redis is down, products are shown, and nobody is taken for a stranger.
func TestWithoutRedis(t *testing.T) {
	t.Parallel()
	v := newVisit(t)
	v.signIn(editor)
	v.srv.InterceptAll(upstashtest.Status(500))
	if res, text := v.send(http.MethodGet, "/api/products/p001", ""); res.StatusCode != http.StatusOK {
		t.Errorf("a product: %d %s", res.StatusCode, text)
	}
	if res, text := v.send(http.MethodGet, "/api/me", ""); res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("who am I: %d %s", res.StatusCode, text)
	}
}

// A change that the cache could not be told of is made, and says 202.
func TestChangeThatIsNotSettled(t *testing.T) {
	t.Parallel()
	v := newVisit(t)
	v.signIn(editor)
	down := v.srv.InterceptAll(upstashtest.On("DEL", upstashtest.Status(500)))
	if res, text := v.send(http.MethodPatch, "/api/products/p001", `{"price":5}`); res.StatusCode != http.StatusAccepted || !strings.Contains(text, `"price":5,`) {
		t.Errorf("%d %s", res.StatusCode, text)
	}
	down()
	if res, _ := v.send(http.MethodPatch, "/api/products/p002", `{"price":6}`); res.StatusCode != http.StatusOK {
		t.Errorf("the next change: %d", res.StatusCode)
	}
	if _, text := v.send(http.MethodGet, "/api/products/p001", ""); !strings.Contains(text, `"price":5,`) {
		t.Errorf("after it: %s", text)
	}
}

func TestOptionsAreRequired(t *testing.T) {
	t.Parallel()
	if _, err := api.New(api.Options{}); err == nil {
		t.Error("an API of nothing was made")
	}
}
